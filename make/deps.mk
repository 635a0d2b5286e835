# SPDX-License-Identifier: GPL-2.0-only
# What a build and the tests need, on Debian and its descendants.

BUILD_PACKAGES := gcc libc6-dev clang llvm bpftool libbpf-dev libelf-dev zlib1g-dev libzstd-dev
TEST_PACKAGES := libclang-rt-dev libcmocka-dev python3 python3-pytest python3-jsonschema protobuf-compiler strace \
	stress-ng tini procps libcap2-bin nginx-light

# Installs only what is missing, so that it works without a network once all is there.
define install_missing
	$(Q)missing=$$(for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	[ -z "$$missing" ] || { echo "  APT      $$(echo $$missing)"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; }
endef

deps:
	$(call install_missing,$(BUILD_PACKAGES))
deps-check:
	$(call install_missing,$(BUILD_PACKAGES) $(TEST_PACKAGES))

# A build without its tools ends in one line that says what to run. The stamp
# is made anew only when it is missing, so a second make does nothing.
deps_ok := $(BUILD)/.deps-ok
$(deps_ok):
	@for tool in $(CC) $(CLANG) $(BPFTOOL); do command -v $$tool >/dev/null || { \
		echo "procwatch: $$tool is missing; install what a build needs with: sudo make deps" >&2; exit 1; }; done
	@printf '#include <bpf/libbpf.h>\n#include <libelf.h>\n#include <zlib.h>\n#include <zstd.h>\n' | $(CC) -E - >/dev/null 2>&1 || { \
		echo "procwatch: the headers of libbpf, libelf, zlib or zstd are missing; install them with: sudo make deps" >&2; exit 1; }
	@mkdir -p $(@D) && touch $@
