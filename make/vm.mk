# SPDX-License-Identifier: GPL-2.0-only
# make static          build/static: procwatch and the demos, statically linked
# make check-vm        tests in guests, on every kernel of tests/vm/kernels; KERNEL=6.1 for one of them
# make check-vm-short  the same with fewer forks, on four kernels; `make check` runs it
# make deps-vm         install what the guests need (root, Debian)

VM_PACKAGES := cpio python3 python3-jsonschema
VM_PACKAGES_x86_64 := qemu-system-x86 busybox-static
VM_PACKAGES_aarch64 := qemu-system-arm

VM_PROGRAMS := $(wildcard tests/vm/programs/*.c)
static_demos_x := $(DEMOS:src/course/%/demo.c=$(BUILD)/static/demos/demo_%)
static_programs_x := $(HELPERS:tests/system/programs/%.c=$(BUILD)/static/programs/%) \
	$(VM_PROGRAMS:tests/vm/programs/%.c=$(BUILD)/static/programs/%)

# Only one architecture's busybox can be installed, so another one's file is unpacked from its package.
busybox := $(if $(CROSS),$(BUILD)/busybox/bin/busybox)

.PHONY: static static-programs check-vm check-vm-all check-vm-short deps-vm deps-arm64 deps-aarch64
static: $(BUILD)/static/procwatch $(static_demos_x)
static-programs: static $(static_programs_x) $(BUILD)/static/init $(busybox)
	@:

PKG_CONFIG_DIR := /usr/lib/$(ARCH)-linux-gnu/pkgconfig:/usr/share/pkgconfig
# The libraries that libelf needs differ between releases: newer ones need zstd too.
STATIC_LIBS = $(LDLIBS) $(shell PKG_CONFIG_LIBDIR=$(PKG_CONFIG_DIR) pkg-config --static --libs libbpf 2>/dev/null)
# The linker warns that a static glibc may load libraries to look up a user; it does not for /etc/passwd (2.34).
STATIC_LDFLAGS := -static $(shell $(CC) -Wl,--no-warnings -Wl,--version >/dev/null 2>&1 && echo -Wl,--no-warnings)

$(BUILD)/static/procwatch: $(program_o) $(core_a)
	$(call say,STATIC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) $(STATIC_LDFLAGS) $^ -o $@ $(STATIC_LIBS)
	$(Q)$(STRIP) $@

$(BUILD)/static/demos/demo_%: src/course/%/demo.c src/course/lib/demo.h include/procwatch_mark.h | $(deps_ok)
	$(call say,STATIC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -Iinclude -Isrc/course/lib $(STATIC_LDFLAGS) -s $< -o $@ -lpthread
$(BUILD)/static/programs/%: tests/system/programs/%.c tests/system/programs/tell.h | $(deps_ok)
	$(call say,STATIC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -Iinclude $(STATIC_LDFLAGS) -s $< -o $@ -lpthread
$(BUILD)/static/programs/%: tests/vm/programs/%.c tests/system/programs/tell.h | $(deps_ok)
	$(call say,STATIC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -Itests/system/programs $(STATIC_LDFLAGS) -s $< -o $@ -lpthread
$(BUILD)/static/init: tests/vm/init.c | $(deps_ok)
	$(call say,STATIC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(STATIC_LDFLAGS) -s $< -o $@

deps-vm: deps $(if $(CROSS),deps-$(ARCH))
	$(call install_missing,$(VM_PACKAGES) $(VM_PACKAGES_$(ARCH)))

# The cross compiler, and the libraries as packages of the other architecture.
deps-arm64: deps-aarch64
deps-aarch64:
	$(Q)dpkg --print-foreign-architectures | grep -qx arm64 || dpkg --add-architecture arm64
	$(call install_missing,gcc-aarch64-linux-gnu libc6-dev-arm64-cross $(addsuffix :arm64,libbpf-dev libelf-dev \
		zlib1g-dev libzstd-dev))

$(BUILD)/busybox/bin/busybox:
	$(call say,BUSYBOX,$@)
	$(Q)mkdir -p $(BUILD)/busybox
	$(Q)cd $(BUILD)/busybox && apt-get -qq -o APT::Sandbox::User=root download busybox-static:arm64 && dpkg-deb -x busybox-static_*.deb .

# KERNEL="5.10 6.1": only these. ARCH=arm64: the same in an emulated arm64.
vm_arch := $(if $(filter aarch64,$(ARCH)),arm64,amd64)
matrix = tests/vm/matrix --arch $(vm_arch) --build $(BUILD)
check-vm check-vm-all: deps-vm
	$(Q)$(MAKE) --no-print-directory ARCH=$(ARCH) static-programs
	$(Q)$(matrix) $(KERNEL)

check-vm-short: deps-vm
	$(Q)$(MAKE) --no-print-directory ARCH=$(ARCH) static-programs
	$(Q)$(matrix) --short --timeout 300 $(or $(KERNEL),5.10 6.1 6.12 7.3)
