# SPDX-License-Identifier: GPL-2.0-only
# make fuzz           every target of tests/fuzz for FUZZ_SECONDS each (600), beginning with what it found before
# make fuzz-programs  the targets; `make check` runs each of them a fixed number of times

FUZZ_SECONDS ?= 600
FUZZERS := $(wildcard tests/fuzz/fuzz_*.c)
# Everything but libc is instrumented: an access out of bounds or undefined behaviour ends a run.
FUZZ_FLAGS := -std=c11 -D_GNU_SOURCE -O1 -g -Isrc -Itests -I$(BUILD)/gen -DPW_VERSION='"$(VERSION)"' \
	-fsanitize=address,undefined -fno-sanitize-recover=all
fuzz_o := $(CORE:src/%.c=$(BUILD)/fuzz/obj/%.o) $(TESTLIB:tests/lib/%.c=$(BUILD)/fuzz/lib/%.o)
fuzz_a := $(BUILD)/fuzz/libprocwatch.a
fuzz_x := $(FUZZERS:tests/fuzz/%.c=$(BUILD)/fuzz/%)

.SECONDARY: $(fuzz_o)
.PHONY: fuzz fuzz-programs
fuzz-programs: $(fuzz_x)
	@:

$(BUILD)/fuzz/obj/%.o: src/%.c | $(BUILD)/gen/syscall_names.h $(deps_ok)
	$(call say,FUZZ,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c $< -o $@
$(BUILD)/fuzz/obj/report/html/html.o: | $(BUILD)/gen/html_page.h
$(BUILD)/fuzz/lib/%.o: tests/lib/%.c | $(BUILD)/gen/syscall_names.h $(deps_ok) $(unit_ok)
	$(call say,FUZZ,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c $< -o $@
# The core and tests/lib in one, as a target takes something of both.
$(fuzz_a): $(fuzz_o)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^
$(BUILD)/fuzz/%: tests/fuzz/%.c $(wildcard tests/fuzz/*.h) $(fuzz_a)
	$(call say,FUZZ,$@)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer $< $(fuzz_a) -o $@ -lelf -lz -lzstd

fuzz: deps-check
	$(Q)$(MAKE) --no-print-directory fuzz-programs
	$(Q)for target in $(fuzz_x); do corpus=$(BUILD)/fuzz/corpus/$${target##*/}; mkdir -p $$corpus; \
		$$target -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 -artifact_prefix=$(BUILD)/fuzz/ $$corpus || exit 1; done
