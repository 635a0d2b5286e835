# SPDX-License-Identifier: GPL-2.0-only
# make deps         what a build needs; make deps-check: what the tests need too (root; make/packages lists it)
# Only Debian and its descendants install by themselves; elsewhere these name the packages.

need := CC='$(CC)' CLANG='$(CLANG)' BPFTOOL='$(BPFTOOL)' make/need

deps:
	$(Q)$(need) --install build
deps-check:
	$(Q)$(need) --install build unit check

# Some packages exist only where apt-get does. Nothing is asked of the network once all is there.
define install_missing
	$(Q)command -v apt-get >/dev/null || { echo "procwatch: $@ installs packages of Debian only" >&2; exit 1; }
	$(Q)missing=$$(for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	[ -z "$$missing" ] || { echo "  APT      $$(echo $$missing)"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; }
endef

# A build without its tools ends in one line that names their packages. A stamp is made anew only when it is missing,
# so that a second make does nothing.
deps_ok := $(BUILD)/.need-build
unit_ok := $(BUILD)/.need-unit
$(BUILD)/.need-%: make/packages
	@$(need) $*
	@mkdir -p $(@D) && touch $@
