/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/words/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/format.h"
#include "util/signals.h"
#include "util/syscalls.h"

/* What fills the gaps of a sentence. */
struct gaps {
	enum pw_language language;
	const struct pw_fact *fact;
};

/* NULL: the fact does not have it, or it is unknown. */
static const struct pw_value *find(const struct gaps *g, const char *name)
{
	const struct pw_value *value = pw_fact_value(g->fact, name);

	return value && value->kind != PW_VALUE_UNKNOWN ? value : NULL;
}

/* Splits "name.part", and finds the value. part: "" without one. */
static const struct pw_value *find_part(const struct gaps *g, const char *name, const char **part)
{
	const size_t length = strcspn(name, ".");
	char whole[PW_VALUE_TEXT_MAX];

	if (length >= sizeof(whole))
		return NULL;
	memcpy(whole, name, length);
	whole[length] = '\0';
	*part = name[length] ? name + length + 1 : "";
	return find(g, whole);
}

static bool known(const void *context, const char *name)
{
	const char *part;
	const struct pw_value *value = find_part(context, name, &part);

	if (value && !strcmp(part, "comm"))
		return value->kind == PW_VALUE_PROCESS && value->process.comm[0];
	return value != NULL;
}

static bool word_reads(const char *text, const char *word, size_t length)
{
	return text && strlen(text) == length && !memcmp(text, word, length);
}

static bool number_reads(int64_t number, const char *word, size_t length)
{
	char digits[PW_FORMAT_MAX];

	snprintf(digits, sizeof(digits), "%" PRId64, number);
	return word_reads(digits, word, length);
}

static const char *bound_name(enum pw_bound bound)
{
	switch (bound) {
	case PW_AT_MOST:
		return "at_most";
	case PW_AT_LEAST:
		return "at_least";
	case PW_EXACT:
		break;
	}
	return "exact";
}

static bool value_reads(const struct pw_value *value, const char *word, size_t length)
{
	switch (value->kind) {
	case PW_VALUE_COUNT:
	case PW_VALUE_NS:
	case PW_VALUE_MOMENT:
	case PW_VALUE_TID:
		return number_reads((int64_t)value->number, word, length);
	case PW_VALUE_INTEGER:
		return number_reads(value->integer, word, length);
	case PW_VALUE_SIGNAL:
		return word_reads(pw_signal_name((int)value->integer), word, length) ||
		       number_reads(value->integer, word, length);
	case PW_VALUE_SYSCALL:
		return word_reads(pw_syscall_name((int)value->integer), word, length) ||
		       number_reads(value->integer, word, length);
	case PW_VALUE_PROCESS:
		return number_reads(value->process.pid, word, length);
	case PW_VALUE_WORD:
		return word_reads(value->word, word, length);
	case PW_VALUE_TEXT:
		return word_reads(value->text, word, length);
	case PW_VALUE_PERCENT:
	case PW_VALUE_RATIO:
	case PW_VALUE_UNKNOWN:
		break;
	}
	return false;
}

static bool reads(const void *context, const char *name, const char *word, size_t length)
{
	const char *part;
	const struct pw_value *value = find_part(context, name, &part);

	if (!value)
		return false;
	if (!strcmp(part, "bound"))
		return word_reads(bound_name(value->bound), word, length);
	return value_reads(value, word, length);
}

/* A name with a space in it is quoted: where it ends would not be seen. */
static void write_name(const char *name, struct pw_text *out)
{
	pw_text_format(out, strchr(name, ' ') ? "\"%s\"" : "%s", name);
}

/* "4711 demo_zombie", or the part that is asked for: "pid", "comm". */
static void write_process(const struct pw_value *value, const char *part, struct pw_text *out)
{
	const bool named = value->process.comm[0] && (!part || !strcmp(part, "comm"));

	if (!part || !strcmp(part, "pid"))
		pw_text_format(out, "%" PRIu32, value->process.pid);
	if (!part && named)
		pw_text_add(out, " ");
	if (named)
		write_name(value->process.comm, out);
}

/* "at most 1.20 ms"; the part "bare": "1.20 ms". */
static void write_duration(enum pw_language language, const struct pw_value *value, const char *part,
			   struct pw_text *out)
{
	const bool bare = part && !strcmp(part, "bare");
	char duration[PW_FORMAT_MAX];

	/* In a sentence a number needs a unit, also 0. */
	if (value->number)
		pw_format_duration(duration, value->number);
	else
		snprintf(duration, sizeof(duration), "0 ns");
	if (bare)
		pw_text_add(out, duration);
	else if (value->bound == PW_AT_MOST)
		pw_text_format(out, pw_lang_text_in(language, N_("at most %s")), duration);
	else if (value->bound == PW_AT_LEAST)
		pw_text_format(out, pw_lang_text_in(language, N_("at least %s")), duration);
	else
		pw_text_add(out, duration);
}

static void write_signal(enum pw_language language, int signal, struct pw_text *out)
{
	const char *name = pw_signal_name(signal);

	if (name)
		pw_text_add(out, name);
	else
		pw_text_format(out, pw_lang_text_in(language, N_("signal %d")), signal);
}

static void write_syscall(enum pw_language language, int syscall, struct pw_text *out)
{
	const char *name = pw_syscall_name(syscall);

	if (name)
		pw_text_add(out, name);
	else
		pw_text_format(out, pw_lang_text_in(language, N_("system call %d")), syscall);
}

static void write_value(enum pw_language language, const struct pw_value *value, const char *part,
			struct pw_text *out)
{
	char digits[PW_FORMAT_MAX];

	switch (value->kind) {
	case PW_VALUE_COUNT:
		pw_text_add(out, pw_format_count(digits, value->number));
		break;
	case PW_VALUE_INTEGER:
		pw_text_format(out, "%" PRId64, value->integer);
		break;
	case PW_VALUE_NS:
	case PW_VALUE_MOMENT:
		write_duration(language, value, part, out);
		break;
	case PW_VALUE_PERCENT:
		pw_text_format(out, language == PW_CHINESE ? "%.*f%%" : "%.*f %%",
			       value->percent < 9.95 ? 1 : 0, value->percent);
		break;
	case PW_VALUE_RATIO:
		pw_text_format(out, "%.2f", value->ratio);
		break;
	case PW_VALUE_PROCESS:
		write_process(value, part, out);
		break;
	case PW_VALUE_TID:
		pw_text_format(out, "%" PRIu64, value->number);
		break;
	case PW_VALUE_SIGNAL:
		write_signal(language, (int)value->integer, out);
		break;
	case PW_VALUE_SYSCALL:
		write_syscall(language, (int)value->integer, out);
		break;
	case PW_VALUE_WORD:
		pw_text_add(out, pw_lang_text_in(language, value->word));
		break;
	case PW_VALUE_TEXT:
		if (part && !strcmp(part, "quoted"))
			write_name(value->text, out);
		else
			pw_text_add(out, value->text);
		break;
	case PW_VALUE_UNKNOWN:
		break;
	}
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
		write_value(g->language, value, part, out);
		first = false;
	}
}

/* "1.20–48.0 ms", of durations only. Their bounds are not written: the sentence has its own words for them. */
static void write_range(const void *context, const char *least, const char *most, struct pw_text *out)
{
	const struct pw_value *from = find(context, least), *to = find(context, most);
	char range[PW_RANGE_MAX];

	if (from && to && from->kind == PW_VALUE_NS && to->kind == PW_VALUE_NS)
		pw_text_add(out, pw_format_range(range, from->number, to->number));
}

/* True if the code is one of those in the list. */
static bool lists(const char *codes, const char *code)
{
	const size_t length = strlen(code);

	for (const char *at = codes; (at = strstr(at, code)); at += length)
		if ((at == codes || at[-1] == ' ') && (!at[length] || at[length] == ' '))
			return true;
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
		pw_sentence_write(pw_lang_text_in(gaps->language, row->text), &values, out);
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
	pw_text_add(out, pw_lang_text_in(language, claim->text));
}

void pw_words_evidence(enum pw_language language, const struct pw_lesson *lesson,
		       const struct pw_claim *claim, struct pw_text *out)
{
	const bool text = claim->evidence && claim->evidence[0];

	if (text)
		pw_text_add(out, claim->evidence);
	for (size_t i = 0; i < claim->facts.count; i++) {
		if (text || i)
			pw_text_add(out, language == PW_CHINESE ? "；" : "; ");
		pw_words_fact(language, lesson->words, &claim->facts.at[i], out);
	}
}
