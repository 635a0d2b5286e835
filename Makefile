# SPDX-License-Identifier: GPL-2.0-only
# make            build into build/, as any user
# make deps       install what a build needs (root, Debian)
# make demo       deps, build, run the first demo (root)
# make test       unit and golden tests, as any user
# make check      install what the tests need (root, Debian), build, run every test (root)
# make ci         lint, sanitized, test, check and the arm64 build, with -Werror (root)
# make po         texts that were added or changed into po/ (docs/translating.md)
# make install    PREFIX=/usr/local DESTDIR=; SETCAP=1: also for users without sudo
# make dist       build/procwatch-VERSION.tar.gz; make distcheck also builds and tests it
# Each file of make/ begins with its own targets.

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
AR := $(if $(filter default,$(origin AR)),$(CROSS)ar,$(AR))
STRIP := $(CROSS)strip
CLANG ?= clang
BPFTOOL ?= $(or $(shell command -v bpftool 2>/dev/null),/usr/sbin/bpftool)

VERSION := $(shell cat VERSION)
OPTFLAGS ?= -O2 -g
# WERROR=1 makes warnings errors, as `make ci` does; another compiler's new warning is no reason not to build.
WERROR_FLAG := $(if $(WERROR),-Werror)
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes -Wstrict-prototypes $(WERROR_FLAG)
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
JUDGED := $(wildcard tests/reports/test_*.c)
TESTLIB := $(wildcard tests/lib/*.c)
HELPERS := $(wildcard tests/system/programs/*.c)

core_o := $(CORE:src/%.c=$(BUILD)/obj/%.o)
core_a := $(BUILD)/libprocwatch.a
program_o := $(PROGRAM:src/%.c=$(BUILD)/obj/%.o)
testlib_o := $(TESTLIB:tests/lib/%.c=$(BUILD)/tests/lib/%.o)
testlib_a := $(BUILD)/libtest.a
demos_x := $(DEMOS:src/course/%/demo.c=$(BUILD)/demos/demo_%)
units_x := $(UNITS:tests/unit/%.c=$(BUILD)/tests/unit/%)
golden_x := $(GOLDEN:tests/golden/%.c=$(BUILD)/tests/golden/%)
judged_x := $(JUDGED:tests/reports/%.c=$(BUILD)/tests/reports/%)
helpers_x := $(HELPERS:tests/system/programs/%.c=$(BUILD)/tests/programs/%)

.PHONY: all demo test check ci ci-arm64 bench deps deps-check install uninstall clean test-programs dist distcheck
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
BPF_CFLAGS := -target bpf -mcpu=v3 -O2 -g -Wall -Wextra $(WERROR_FLAG) -Wno-unused-parameter -Wno-missing-declarations \
	-D__TARGET_ARCH_$(BPF_ARCH) -Ivmlinux/$(ARCH) -Isrc -Ibpf

$(BUILD)/bpf/%.bpf.o: bpf/%.bpf.c | $(deps_ok)
	$(call say,BPF,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c $< -o $@

# Linking also drops the DWARF sections, which the kernel does not need.
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
# These have the version in them.
$(patsubst %,$(BUILD)/obj/%.o,main cmd/command_line recording/session report/json report/html/document report/perfetto/perfetto \
	report/svg/svg): VERSION
# The skeleton holds the BPF object as one long string.
$(BUILD)/obj/capture/%.o: CFLAGS_ALL += -Wno-overlength-strings

# Everything that is pure: the program and the tests take from it what they call.
$(core_a): $(core_o)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/procwatch: $(program_o) $(core_a)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) $^ -o $@ $(LDLIBS)

# A demo stands alone, so that it can be read, built and run alone.
$(BUILD)/demos/demo_%: src/course/%/demo.c src/course/lib/demo.h include/procwatch_mark.h | $(deps_ok)
	$(call say,DEMO,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -Iinclude -Isrc/course/lib $< -o $@ -lpthread

# ---- tests
TEST_CFLAGS = $(CFLAGS_ALL) -Itests
$(BUILD)/tests/lib/%.o: tests/lib/%.c | $(BUILD)/gen/syscall_names.h $(deps_ok) $(unit_ok)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(TEST_CFLAGS) -MMD -MP -c $< -o $@
$(testlib_a): $(testlib_o)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

define test_program
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(TEST_CFLAGS) -MMD -MP $< $(filter %.o,$^) $(filter %.a,$^) -o $@ -lcmocka -lelf -lz -lzstd
endef
# Nothing calls the filter: it acts before main, so it is named here.
test_needs := $(BUILD)/tests/lib/filter.o $(testlib_a) $(core_a)
$(BUILD)/tests/unit/%: tests/unit/%.c $(test_needs) | $(unit_ok)
	$(test_program)
$(BUILD)/tests/reports/%: tests/reports/%.c $(test_needs) | $(unit_ok)
	$(test_program)
$(BUILD)/tests/golden/%: tests/golden/%.c $(test_needs) | $(unit_ok)
	$(test_program)
# Runs procwatch itself.
$(BUILD)/tests/golden/messages_test: | $(BUILD)/procwatch
# Of src/capture, the readers of the rings alone need no kernel.
$(BUILD)/tests/unit/test_merge: $(patsubst %,$(BUILD)/obj/capture/%.o,ring switch_rings merge)
$(BUILD)/tests/programs/%: tests/system/programs/%.c tests/system/programs/tell.h include/procwatch_mark.h | $(deps_ok)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -Iinclude $< -o $@ -lpthread
test-programs: $(units_x) $(golden_x) $(judged_x) $(helpers_x)

-include $(shell find $(BUILD) -name '*.d' -type f 2>/dev/null)

demo: deps
	$(Q)$(MAKE) --no-print-directory all
	$(BUILD)/procwatch run demo_zombie

# Needs no package manager, no network and no root.
.PHONY: tested
tested: $(units_x) $(golden_x) $(judged_x)
test: $(unit_ok)
	$(Q)$(MAKE) --no-print-directory all tested
	$(Q)tests/run unit golden reports

# The guests' and the browser's packages may be unavailable where the others are not; then those tests are skipped,
# with the reason.
check: deps-check
	-$(Q)$(MAKE) --no-print-directory deps-vm
	-$(Q)$(MAKE) --no-print-directory deps-web && $(MAKE) --no-print-directory web-modules
	$(Q)$(MAKE) --no-print-directory all test-programs fuzz-programs static-programs web-programs
	$(Q)tests/run

# One after another: each wants the machine for itself.
ci:
	$(Q)$(MAKE) --no-print-directory WERROR=1 lint
	$(Q)$(MAKE) --no-print-directory WERROR=1 sanitized
	$(Q)$(MAKE) --no-print-directory WERROR=1 test
	$(Q)$(MAKE) --no-print-directory WERROR=1 check
	$(Q)$(MAKE) --no-print-directory WERROR=1 ci-arm64
ci-arm64: deps-arm64
	$(Q)$(MAKE) --no-print-directory ARCH=arm64 WERROR=$(WERROR) all

bench: all test-programs
	$(Q)tests/bench/overhead
	$(Q)tests/bench/unwatched
	$(Q)tests/bench/system
	$(Q)tests/bench/recording 2000000

# The capabilities that src/capture/caps.h lists.
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
		'Everyone who may run it can then watch every process; the commands that it launches get no capability.')

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/procwatch $(DESTDIR)$(PREFIX)/include/procwatch_mark.h $(DESTDIR)$(PREFIX)/libexec/procwatch \
		$(DESTDIR)$(PREFIX)/share/procwatch

# What is committed, and nothing else.
dist_name := procwatch-$(VERSION)
dist:
	$(call say,DIST,$(BUILD)/$(dist_name).tar.gz)
	$(Q)mkdir -p $(BUILD)
	$(Q)git archive --prefix=$(dist_name)/ -o $(BUILD)/$(dist_name).tar.gz HEAD
distcheck: dist
	$(Q)rm -rf $(BUILD)/distcheck && mkdir -p $(BUILD)/distcheck
	$(Q)tar -xzf $(BUILD)/$(dist_name).tar.gz -C $(BUILD)/distcheck
	$(Q)$(MAKE) --no-print-directory -C $(BUILD)/distcheck/$(dist_name) BUILD=build test

clean:
	rm -rf $(BUILD)
