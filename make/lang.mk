# SPDX-License-Identifier: GPL-2.0-only
# make po          the texts to translate into po/procwatch.pot, what is new of them into each po/*.po
# make po-check    fails unless po/ is up to date and every text is translated, with no gap that the text lacks
# docs/translating.md shows how to translate.

PO := $(wildcard po/*.po)
catalogues := $(PO:po/%.po=$(BUILD)/po/%.mo)

# A translation must take what its printf format is given, in any order.
$(BUILD)/po/%.mo: po/%.po | $(deps_ok)
	$(call say,MSGFMT,$@)
	$(Q)mkdir -p $(@D)
	$(Q)msgfmt --check-format --check-domain -o $@ $<

$(BUILD)/obj/util/catalogue.o $(BUILD)/fuzz/obj/util/catalogue.o: $(catalogues)
$(BUILD)/obj/util/catalogue.o: CFLAGS_ALL += -DPW_PO='"$(BUILD)/po"'
$(BUILD)/fuzz/obj/util/catalogue.o: FUZZ_FLAGS += -DPW_PO='"$(BUILD)/po"'

# pw_plot_count translates its formats itself.
XGETTEXT := xgettext --from-code=UTF-8 --language=C --add-comments=po: --no-wrap \
	--keyword --keyword=N_ --keyword=N2_:1,2 --keyword=tr:2 --keyword=pw_lang_count:2,3 --keyword=pw_plot_count:4,5 \
	--flag=pw_text_format:2:c-format --flag=N_:1:pass-c-format \
	--flag=tr:2:pass-c-format --flag=pw_plot_count:4:c-format --flag=pw_plot_count:5:c-format --flag=pw_lang_count:2:pass-c-format --flag=pw_lang_count:3:pass-c-format --add-location=file
$(BUILD)/po/procwatch.pot: $(CORE) $(PROGRAM) $(wildcard src/*/*.h src/*/*/*.h) $(HTML_JS) \
		$(BUILD)/gen/html/page_words.js make/lang.mk
	$(Q)mkdir -p $(@D)
	$(Q)$(XGETTEXT) -o $@.tmp $(sort $(filter %.c %.h,$^))
	$(Q)$(html_texts) --join-existing -o $@.tmp $(filter %.js,$^)
	$(Q)sed -i 's,^#: .*page_words.js,#: $(HTML)/page.html,' $@.tmp
	$(Q){ printf 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'; sed '1,/^$$/d' $@.tmp | sed '1s/^/\n/'; } > $@
	$(Q)rm -f $@.tmp

.PHONY: po po-check
po: $(BUILD)/po/procwatch.pot
	$(Q)cp $< po/procwatch.pot
	$(Q)for po in $(PO); do \
		msgmerge --quiet --update --backup=none --no-wrap $$po $< && \
		msgattrib --no-wrap --no-obsolete -o $$po $$po; done
po-check: $(BUILD)/po/procwatch.pot $(catalogues)
	$(Q)cmp -s $< po/procwatch.pot || { echo "procwatch: the texts have changed since make po was run" >&2; exit 1; }
	$(Q)for po in $(PO); do msgcmp $$po po/procwatch.pot && msgfmt --check-format --check-domain -o /dev/null $$po || { \
		echo "procwatch: $$po lacks a translation, or has a wrong one" >&2; exit 1; }; done
	$(Q)make/check_gaps.py $(catalogues)
