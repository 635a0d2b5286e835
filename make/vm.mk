# SPDX-License-Identifier: GPL-2.0-only
# make static          build/static: procwatch, demos and test programs that need no library at all
# make check-vm        the tests on every kernel of tests/vm/kernels, in guests; KERNEL=6.1 for one
# make check-vm-short  fewer forks and four kernels, for continuous integration
# make deps-vm         install what the guests need (root, Debian)

VM_PACKAGES := qemu-system-x86 busybox-static cpio python3 python3-jsonschema

VM_PROGRAMS := $(wildcard tests/vm/programs/*.c)
static_demos_x := $(DEMOS:src/demos/%.c=$(BUILD)/static/demos/%)
static_programs_x := $(HELPERS:tests/system/programs/%.c=$(BUILD)/static/programs/%) \
	$(VM_PROGRAMS:tests/vm/programs/%.c=$(BUILD)/static/programs/%)

.PHONY: static static-programs check-vm check-vm-short deps-vm
static: $(BUILD)/static/procwatch $(static_demos_x)
static-programs: static $(static_programs_x) $(BUILD)/static/init
	@:

# What libelf itself needs differs between releases: newer ones want zstd, too.
STATIC_LIBS = $(LDLIBS) $(shell pkg-config --static --libs libbpf 2>/dev/null)
# A static glibc warns that looking up a user may load a library; for files it does not (2.34).
STATIC_LDFLAGS := -static $(shell $(CC) -Wl,--no-warnings -Wl,--version >/dev/null 2>&1 && echo -Wl,--no-warnings)

$(BUILD)/static/procwatch: $(program_o) $(core_o)
	$(call say,STATIC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) $(STATIC_LDFLAGS) $^ -o $@ $(STATIC_LIBS)
	$(Q)strip $@

$(BUILD)/static/demos/%: src/demos/%.c src/demos/demo.h include/procwatch_mark.h | $(deps_ok)
	$(call say,STATIC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -Iinclude $(STATIC_LDFLAGS) -s $< -o $@ -lpthread
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

deps-vm: deps
	$(call install_missing,$(VM_PACKAGES))

# KERNEL="5.10 6.1": these; all of the list without it.
check-vm: deps-vm
	$(Q)$(MAKE) --no-print-directory static-programs
	$(Q)tests/vm/matrix --build $(BUILD) $(KERNEL)

check-vm-short: deps-vm
	$(Q)$(MAKE) --no-print-directory static-programs
	$(Q)tests/vm/matrix --build $(BUILD) --short --timeout 300 $(or $(KERNEL),5.10 6.1 6.12 7.3)
