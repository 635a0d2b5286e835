# SPDX-License-Identifier: GPL-2.0-only
# make deps-web         install what the page's tests need (root, Debian; npm's packages into build/)
# make check-web        the HTML report in a real browser
# make check-web-short  the same without the large report, as `make check` runs it

HTML := src/report/html
# The modules in the order in which they become one script: each comes after those it imports.
HTML_JS := $(addprefix $(HTML)/js/,lang.js format.js data.js words.js tracks.js marks.js processes.js theme.js paint.js rows.js \
	arrows.js timeline.js minimap.js details.js summary.js table.js search.js link.js input.js app.js main.js)

# The script is one function, so that it defines no global name.
$(BUILD)/gen/html/page.js: $(HTML_JS)
	$(Q)mkdir -p $(@D)
	$(Q){ echo '"use strict";'; echo '(() => {'; sed -E '/^import .*;$$/d; s/^export //' $^; echo '})();'; } > $@

# page.html with the style, the script, and a policy that allows these two by their hashes and nothing else.
html_hash = sha256-$$({ echo; cat $(1); } | sha256sum | cut -c1-64 | tr a-f A-F | basenc -d --base16 | basenc --base64)
$(BUILD)/gen/html/page.html: $(HTML)/page.html $(HTML)/page.css $(BUILD)/gen/html/page.js
	$(call say,PAGE,$@)
	$(Q)script="$(call html_hash,$(BUILD)/gen/html/page.js)"; style="$(call html_hash,$(HTML)/page.css)"; \
	sed -e "s|@script-hash@|$$script|; s|@style-hash@|$$style|" \
		-e '/@style@/{' -e 'r $(HTML)/page.css' -e 'd' -e '}' \
		-e '/@script@/{' -e 'r $(BUILD)/gen/html/page.js' -e 'd' -e '}' $< > $@

# The page's two halves as arrays of bytes; the recording goes between them.
$(BUILD)/gen/html_page.h: $(BUILD)/gen/html/page.html
	$(Q){ echo '/* SPDX-License-Identifier: GPL-2.0-only */'; \
	echo 'static const unsigned char html_page_head[] = {'; \
	sed '/@data@/,$$d' $< | od -An -v -tu1 | sed 's/[0-9][0-9]*/&,/g'; echo '};'; \
	echo 'static const unsigned char html_page_tail[] = {'; \
	sed '1,/@data@/d' $< | od -An -v -tu1 | sed 's/[0-9][0-9]*/&,/g'; echo '};'; } > $@

$(BUILD)/obj/report/html/html.o: | $(BUILD)/gen/html_page.h

# The texts of the page, which its document carries in the report's language: those that the script marks, and those in
# page.html itself.
$(BUILD)/gen/html/page_words.js: $(HTML)/page.html make/html.mk
	$(Q)mkdir -p $(@D)
	$(Q){ sed -n '/<body>/,$$p' $< | grep -v '<noscript>' | grep -oP '(?<=>)[^<>@]*[A-Za-z][^<>@]*(?=<)'; \
		grep -oP '(aria-label|placeholder|title)="\K[^"]*[A-Za-z][^"]*' $<; } | \
		sed 's/^ *//; s/ *$$//; s/.*/T("&");/' > $@
html_texts := xgettext --from-code=UTF-8 --language=JavaScript --no-wrap --add-location=file \
	--keyword --keyword=T --keyword=msg --keyword=Tn:2,3 --keyword=plural:2,3
$(BUILD)/gen/html_words.h: $(HTML_JS) $(BUILD)/gen/html/page_words.js
	$(Q)$(html_texts) -o - $^ | sed -n 's/^msgid \("..*"\)$$/\1,/p' > $@
$(BUILD)/obj/report/html/document.o: $(BUILD)/gen/html_words.h

# ---- tests
# A Node.js that is not Debian's has an npm of its own, and Debian's npm conflicts with it.
WEB_PACKAGES := chromium $(if $(shell command -v node && command -v npm),,nodejs npm)
WEB_MODULES := $(BUILD)/tests/web/node_modules
.PHONY: deps-web web-programs web-modules check-web check-web-short

deps-web: deps-check
	$(call install_missing,$(WEB_PACKAGES))

# npm installs beside package.json, so that file is copied to the build and the checkout stays clean.
$(WEB_MODULES)/.done: tests/web/package.json tests/web/package-lock.json
	$(call say,NPM,$@)
	$(Q)mkdir -p $(BUILD)/tests/web
	$(Q)cp $^ $(BUILD)/tests/web
	$(Q)cd $(BUILD)/tests/web && npm ci --silent --ignore-scripts --no-audit --no-fund
	$(Q)touch $@

$(BUILD)/tests/web/%_report: tests/web/%_report.c $(testlib_a) $(core_a)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(TEST_CFLAGS) -MMD -MP $< $(testlib_a) $(core_a) -o $@ $(LDLIBS)

web_programs_x := $(BUILD)/tests/web/large_report $(BUILD)/tests/web/stream_report
web-programs: $(web_programs_x)
web-modules: $(WEB_MODULES)/.done
check-web: web-programs web-modules
	$(Q)tests/web/run $(BUILD)
check-web-short: web-programs web-modules
	$(Q)tests/web/run --short $(BUILD)
