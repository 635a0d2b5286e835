/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/words/words.h"

#include <string.h>

#include "report/words/values.h"
#include "util/format.h"

/* What fills the gaps of a sentence. */
struct gaps {
	enum pw_language language;
	const struct pw_fact *fact;
};

/* Splits "name.part" and finds the value; NULL: the fact has none of that name. *part: NULL without one. */
static const struct pw_value *find(const struct gaps *g, const char *name, const char **part)
{
	const size_t length = strcspn(name, ".");
	char whole[PW_VALUE_TEXT_MAX];

	if (length >= sizeof(whole))
		return NULL;
	memcpy(whole, name, length);
	whole[length] = '\0';
	*part = name[length] ? name + length + 1 : NULL;
	return pw_fact_value(g->fact, whole);
}

static bool known(const void *context, const char *name)
{
	const char *part;
	const struct pw_value *value = find(context, name, &part);

	return value && pw_value_known(value, part);
}

static bool reads(const void *context, const char *name, const char *word, size_t length)
{
	const char *part;
	const struct pw_value *value = find(context, name, &part);

	return value && pw_value_reads(value, part, word, length);
}

/* All values of that name: a list reads "1, 2, 3". */
static void write_gap(const void *context, const char *name, const char *part, struct pw_text *out)
{
	const struct gaps *g = context;
	bool first = true;

	for (size_t i = 0; i < g->fact->count; i++) {
		const struct pw_value *value = &g->fact->values[i];

		if (strcmp(value->name, name) != 0 || value->kind == PW_VALUE_UNKNOWN)
			continue;
		if (!first)
			pw_text_add(out, g->language == PW_CHINESE ? "、" : ", ");
		pw_value_write(g->language, value, part, out);
		first = false;
	}
}

/* "1.20–48.0 ms", of times only. Bounds are left out: a sentence that has some says so in its own words. */
static void write_range(const void *context, const char *least, const char *most, struct pw_text *out)
{
	const struct gaps *g = context;
	const struct pw_value *from = pw_fact_value(g->fact, least), *to = pw_fact_value(g->fact, most);
	char range[PW_RANGE_MAX];

	if (from && to && from->kind == PW_VALUE_NS && to->kind == PW_VALUE_NS)
		pw_text_add(out, pw_format_range(range, from->number, to->number));
}

/* True if the code is one of the list, which spaces separate. */
static bool lists(const char *codes, const char *code)
{
	const size_t length = strlen(code);
	const char *at = strstr(codes, code);

	while (at) {
		if ((at == codes || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
			return true;
		at = strstr(at + length, code);
	}
	return false;
}

/* False: the table has no row with the fact's code. */
static bool write_sentences(const struct gaps *gaps, const struct pw_sentence *row, struct pw_text *out)
{
	const struct pw_sentence_values values = {known, reads, write_gap, write_range, gaps};
	bool of_code = false, found = false, chosen = false, first = true;

	for (; row->text; row++) {
		if (row->code)
			of_code = lists(row->code, gaps->fact->code);
		if (row->code || row->then)
			chosen = false;
		found |= of_code;
		if (!of_code || chosen || !pw_sentence_holds(row->when, &values))
			continue;
		if (!first && gaps->language != PW_CHINESE)
			pw_text_add(out, " ");
		pw_sentence_write(pw_lang_text(gaps->language, row->text), &values, out);
		chosen = true;
		first = false;
	}
	return found;
}

bool pw_words_fact(enum pw_language language, const struct pw_sentence *const *tables,
		   const struct pw_fact *fact, struct pw_text *out)
{
	const struct gaps gaps = {.language = language, .fact = fact};

	for (; tables && *tables; tables++)
		if (write_sentences(&gaps, *tables, out))
			return true;
	return false;
}

void pw_words_claim(enum pw_language language, const struct pw_claim *claim, struct pw_text *out)
{
	pw_text_add(out, pw_lang_text(language, claim->text));
}

void pw_words_evidence(enum pw_language language, const struct pw_lesson *lesson,
		       const struct pw_claim *claim, struct pw_text *out)
{
	for (size_t i = 0; i < claim->facts.count; i++) {
		if (i)
			pw_text_add(out, language == PW_CHINESE ? "；" : "; ");
		pw_words_fact(language, lesson->words, &claim->facts.at[i], out);
	}
}
