# SPDX-License-Identifier: GPL-2.0-only
# make            build as an ordinary user into build/
# make deps       install what a build needs (root, Debian)
# make demo       deps, build, run the first demo (root)
# make check      what the tests need, build, every test (root)
# make po         texts that were added or changed into po/ (docs/translating.md)
# make install    PREFIX=/usr/local DESTDIR=; SETCAP=1: also for users without sudo

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# ARCH=arm64 (or aarch64) builds for it on another machine, into build/aarch64; make deps-arm64 says with what.
HOST_ARCH := $(shell uname -m)
override ARCH := $(patsubst arm64,aarch64,$(patsubst amd64,x86_64,$(or $(ARCH),$(HOST_ARCH))))
CROSS := $(if $(filter-out $(HOST_ARCH),$(ARCH)),$(ARCH)-linux-gnu-)
PREFIX ?= /usr/local
BUILD ?= build$(if $(CROSS),/$(ARCH))

CC := $(if $(filter default,$(origin CC)),$(CROSS)gcc,$(CC))
STRIP := $(CROSS)strip
CLANG ?= clang
BPFTOOL ?= $(or $(shell command -v bpftool 2>/dev/null),/usr/sbin/bpftool)

VERSION := 0.1.0
OPTFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Werror -Wshadow -Wmissing-prototypes -Wstrict-prototypes
CFLAGS_ALL = -std=c11 -D_GNU_SOURCE $(OPTFLAGS) $(WARNINGS) -Isrc -I$(BUILD)/gen \
	-DPW_VERSION='"$(VERSION)"' -DPW_LIBEXEC='"$(PREFIX)/libexec/procwatch"' \
	-DPW_SOURCES='"$(PREFIX)/share/procwatch/demos"' $(SANITIZE) $(CFLAGS)
LDLIBS := -lbpf -lelf -lz -lzstd
BPF_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(ARCH)))

V ?= 0
ifeq ($(V),0)
Q := @
say = @printf '  %-8s %s\n' '$(1)' '$(patsubst $(BUILD)/%,%,$(2))'
endif

# ---- sources: every folder's .c files belong to the program; demos are programs of their own
PURE_DIRS := util recording model analysis usdt report report/plot report/text report/svg report/html \
	report/perfetto report/words course course/lib
CORE := $(foreach d,$(PURE_DIRS),$(wildcard src/$(d)/*.c)) $(wildcard src/course/*/lesson.c)
PROGRAM := src/main.c $(wildcard src/cmd/*.c src/capture/*.c src/run/*.c src/output/*.c)
DEMOS := $(wildcard src/course/*/demo.c)
UNITS := $(wildcard tests/unit/test_*.c)
GOLDEN := $(wildcard tests/golden/*.c)
HELPERS := $(wildcard tests/system/programs/*.c)

core_o := $(CORE:src/%.c=$(BUILD)/obj/%.o)
program_o := $(PROGRAM:src/%.c=$(BUILD)/obj/%.o)
demos_x := $(DEMOS:src/course/%/demo.c=$(BUILD)/demos/demo_%)
units_x := $(UNITS:tests/unit/%.c=$(BUILD)/tests/unit/%)
golden_x := $(GOLDEN:tests/golden/%.c=$(BUILD)/tests/golden/%)
helpers_x := $(HELPERS:tests/system/programs/%.c=$(BUILD)/tests/programs/%)

.PHONY: all demo check bench deps deps-check install uninstall clean test-programs
all: $(BUILD)/procwatch $(demos_x)

include make/deps.mk
include make/vm.mk
include make/html.mk
include make/lang.mk
include make/pictures.mk
include make/fuzz.mk
include make/lint.mk

# ---- the kernel side: an object per subject, linked into one
# Definitions first: libbpf's linker (1.1) leaves a map at offset 0 if its extern declaration came before.
bpf_o := $(patsubst bpf/%.bpf.c,$(BUILD)/bpf/%.bpf.o,bpf/maps.bpf.c $(filter-out bpf/maps.bpf.c,$(sort $(wildcard bpf/*.bpf.c))))
BPF_CFLAGS := -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-declarations \
	-D__TARGET_ARCH_$(BPF_ARCH) -Ivmlinux/$(ARCH) -Isrc -Ibpf

$(BUILD)/bpf/%.bpf.o: bpf/%.bpf.c | $(deps_ok)
	$(call say,BPF,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c $< -o $@

# Linking also drops what the programs do not need: the sections of DWARF.
$(BUILD)/procwatch.bpf.o: $(bpf_o)
	$(call say,BPFLINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $^

$(BUILD)/gen/procwatch.skel.h: $(BUILD)/procwatch.bpf.o
	$(call say,SKEL,$@)
	$(Q)mkdir -p $(@D)
	$(Q){ echo '// NOLINTBEGIN: generated'; $(BPFTOOL) gen skeleton $< name procwatch_bpf && echo '// NOLINTEND'; } > $@

# The names of the system calls, from the compiler's own headers.
$(BUILD)/gen/syscall_names.h: | $(deps_ok)
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)printf '#include <sys/syscall.h>\n' | $(CC) -E -dM - | \
		sed -nE 's/^#define __NR_([a-z0-9_]+) .*/[__NR_\1] = "\1",/p' | sort > $@

# ---- the user side
$(BUILD)/obj/%.o: src/%.c | $(BUILD)/gen/syscall_names.h $(deps_ok)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -MMD -MP -c $< -o $@
$(filter $(BUILD)/obj/capture/%,$(program_o)): | $(BUILD)/gen/procwatch.skel.h
# The skeleton holds the BPF object as one long string.
$(BUILD)/obj/capture/%.o: CFLAGS_ALL += -Wno-overlength-strings

$(BUILD)/procwatch: $(program_o) $(core_o)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) $^ -o $@ $(LDLIBS)

# A demo stands alone, so that it can be read, built and run alone.
$(BUILD)/demos/demo_%: src/course/%/demo.c src/course/lib/demo.h include/procwatch_mark.h | $(deps_ok)
	$(call say,DEMO,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -Iinclude -Isrc/course/lib $< -o $@ -lpthread

# ---- tests
$(BUILD)/tests/unit/%: tests/unit/%.c $(core_o)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -Itests -MMD -MP $< $(filter %.o,$^) -o $@ -lcmocka -lelf -lz -lzstd
# Of what captures, the readers alone need no kernel.
$(BUILD)/tests/unit/test_merge: $(patsubst %,$(BUILD)/obj/capture/%.o,ring switch_rings merge)
$(BUILD)/tests/golden/%: tests/golden/%.c $(core_o)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -Itests -MMD -MP $< $(core_o) -o $@ -lcmocka -lelf -lz -lzstd
$(BUILD)/tests/programs/%: tests/system/programs/%.c tests/system/programs/tell.h include/procwatch_mark.h | $(deps_ok)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -Iinclude $< -o $@ -lpthread
test-programs: $(units_x) $(golden_x) $(helpers_x)

-include $(shell find $(BUILD) -name '*.d' -type f 2>/dev/null)

demo: deps
	$(Q)$(MAKE) --no-print-directory all
	$(BUILD)/procwatch run demo_zombie

# The guests' and the browser's packages may be out of reach where the others are not; then these are skipped, with
# the reason.
check: deps-check
	-$(Q)$(MAKE) --no-print-directory deps-vm
	-$(Q)$(MAKE) --no-print-directory deps-web && $(MAKE) --no-print-directory web-modules
	$(Q)$(MAKE) --no-print-directory all test-programs fuzz-programs static-programs web-programs
	$(Q)tests/run

bench: all test-programs
	$(Q)tests/bench/overhead
	$(Q)tests/bench/unwatched
	$(Q)tests/bench/system
	$(Q)tests/bench/recording 2000000

# What src/capture/caps.h says it takes.
CAPS := cap_bpf,cap_perfmon,cap_dac_read_search=ep
install: all
	install -D -m 755 $(BUILD)/procwatch $(DESTDIR)$(PREFIX)/bin/procwatch
	install -D -m 644 include/procwatch_mark.h $(DESTDIR)$(PREFIX)/include/procwatch_mark.h
	install -d $(DESTDIR)$(PREFIX)/libexec/procwatch $(DESTDIR)$(PREFIX)/share/procwatch/demos
	install -m 755 $(demos_x) $(DESTDIR)$(PREFIX)/libexec/procwatch
	install -m 644 src/course/lib/demo.h $(DESTDIR)$(PREFIX)/share/procwatch/demos
	for demo in $(DEMOS:src/course/%/demo.c=%); do install -m 644 src/course/$$demo/demo.c \
		$(DESTDIR)$(PREFIX)/share/procwatch/demos/demo_$$demo.c; done
	$(if $(SETCAP),setcap $(CAPS) $(DESTDIR)$(PREFIX)/bin/procwatch)
	@$(if $(SETCAP),:,printf '%s\n' 'procwatch runs with sudo now. For users without it: make install SETCAP=1, or' \
		'  setcap $(CAPS) $(DESTDIR)$(PREFIX)/bin/procwatch' \
		'Whoever may run it can then watch every process; what it launches has no capability of it.')

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/procwatch $(DESTDIR)$(PREFIX)/include/procwatch_mark.h $(DESTDIR)$(PREFIX)/libexec/procwatch \
		$(DESTDIR)$(PREFIX)/share/procwatch

clean:
	rm -rf $(BUILD)
