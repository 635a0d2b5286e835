# SPDX-License-Identifier: GPL-2.0-only
# make lint       clang-format over everything, clang-tidy over src, and what tests/lint/ looks for
# make graph      which folder includes which
# make format     changes the files to what clang-format asks for
# make sanitized  the unit and golden tests with the address and undefined-behaviour sanitizers

FORMATTED := $(sort $(shell find bpf include src tests -name '*.[ch]'))
# The kernel side is checked by its own compiler and by the kernel's verifier.
TIDIED := $(filter src/%.c,$(FORMATTED))

.PHONY: lint graph format sanitized
lint:
	$(Q)$(need) --install build unit lint
	$(Q)$(MAKE) --no-print-directory all
	$(Q)for check in tests/lint/*.py; do $$check || failed=1; done; exit $${failed:-0}
	$(Q)clang-format --dry-run -Werror $(FORMATTED)
	$(Q)printf '%s\n' $(TIDIED) | xargs -P $$(nproc) -n 8 sh -c 'clang-tidy --quiet "$$@" -- -std=c11 -D_GNU_SOURCE \
		-Isrc -Itests -Iinclude -Isrc/course/lib -Itests/system/programs -isystem $(BUILD)/gen -DPW_VERSION=\"\" -DPW_LIBEXEC=\"\" \
		-DPW_SOURCES=\"\" -DPW_PO=\"$(BUILD)/po\" 2>/dev/null' tidy
	@echo 'lint: $(words $(FORMATTED)) files, nothing found'

graph:
	@tests/lint/includes.py --graph

format:
	clang-format -i $(FORMATTED)

# A build of its own: objects with and without them do not mix.
sanitized:
	$(Q)$(need) --install build unit check
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/sanitized OPTFLAGS='-O1 -g' \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all' tested
	$(Q)PW_BUILD=$(BUILD)/sanitized tests/run unit golden reports
