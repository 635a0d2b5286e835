# SPDX-License-Identifier: GPL-2.0-only
# make pictures   the README's pictures anew: two SVG reports and the HTML report in a browser (root, deps-web)

PICTURES := docs/pictures
.PHONY: pictures
pictures: all $(WEB_MODULES)/.done
	$(Q)$(BUILD)/procwatch run -q -r svg=$(PICTURES)/zombie.svg demo_zombie
	$(Q)cd $(PICTURES) && PATH=/usr/bin:$$PATH $(abspath $(BUILD))/procwatch run -q -r svg=pool.svg -r html=$(abspath $(BUILD))/pool.html \
		-- python3 pool.py
	$(Q)cp tests/web/browser.js tests/web/screenshot.js $(BUILD)/tests/web
	$(Q)cd $(BUILD)/tests/web && node screenshot.js $(abspath $(BUILD))/pool.html $(abspath $(PICTURES))/page.png
