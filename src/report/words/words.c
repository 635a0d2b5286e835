/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/words/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/format.h"
#include "util/signals.h"
#include "util/syscalls.h"

/* What a sentence is filled from. */
struct gaps {
	enum pw_language language;
	const struct pw_fact *fact;
};

static const struct pw_value *find(const struct gaps *g, const char *name)
{
	const struct pw_value *value = pw_fact_value(g->fact, name);

	return value && value->kind != PW_VALUE_UNKNOWN ? value : NULL;
}

static bool known(const void *context, const char *name)
{
	return find(context, name) != NULL;
}

static bool number_reads(int64_t number, const char *word, size_t length)
{
	char digits[PW_FORMAT_MAX];

	return snprintf(digits, sizeof(digits), "%" PRId64, number) == (int)length &&
	       !memcmp(digits, word, length);
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
	case PW_VALUE_SIGNAL:
	case PW_VALUE_SYSCALL:
		return number_reads(value->integer, word, length);
	case PW_VALUE_PROCESS:
		return number_reads(value->process.pid, word, length);
	case PW_VALUE_WORD:
		return strlen(value->word) == length && !memcmp(value->word, word, length);
	case PW_VALUE_TEXT:
		return strlen(value->text) == length && !memcmp(value->text, word, length);
	case PW_VALUE_PERCENT:
	case PW_VALUE_RATIO:
	case PW_VALUE_UNKNOWN:
		break;
	}
	return false;
}

static bool reads(const void *context, const char *name, const char *word, size_t length)
{
	const struct pw_value *value = find(context, name);

	return value && value_reads(value, word, length);
}

static void write_name(const char *comm, struct pw_text *out)
{
	pw_text_format(out, strchr(comm, ' ') ? "\"%s\"" : "%s", comm);
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

static void write_duration(enum pw_language language, const struct pw_value *value, struct pw_text *out)
{
	char duration[PW_FORMAT_MAX];

	/* In a sentence a number needs a unit, also 0. */
	if (value->number)
		pw_format_duration(duration, value->number);
	else
		strcpy(duration, "0 ns");
	if (value->bound == PW_AT_MOST)
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
		write_duration(language, value, out);
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

/* The rows of that code in a table; NULL: it has none. */
static const struct pw_sentence *find_rows(const struct pw_sentence *row, const char *code)
{
	for (; row->text; row++)
		if (row->code && !strcmp(row->code, code))
			return row;
	return NULL;
}

/* Of each sentence's alternatives the first whose condition holds. */
static void write_sentences(enum pw_language language, const struct pw_sentence *row,
			    const struct pw_sentence_values *values, struct pw_text *out)
{
	const struct pw_sentence *const begin = row;
	bool said = false, any = false;

	for (; row->text && (row == begin || !row->code); row++) {
		said = said && !row->then;
		if (said || !pw_sentence_holds(row->when, values))
			continue;
		if (any && language != PW_CHINESE)
			pw_text_add(out, " ");
		pw_sentence_write(pw_lang_text_in(language, row->text), values, out);
		said = any = true;
	}
}

bool pw_words_fact(enum pw_language language, const struct pw_sentence *const *tables,
		   const struct pw_fact *fact, struct pw_text *out)
{
	const struct gaps gaps = {.language = language, .fact = fact};
	const struct pw_sentence_values values = {known, reads, write_gap, &gaps};

	for (; tables && *tables; tables++) {
		const struct pw_sentence *rows = find_rows(*tables, fact->code);

		if (rows) {
			write_sentences(language, rows, &values, out);
			return true;
		}
	}
	return false;
}

void pw_words_finding(enum pw_language language, const struct pw_finding *finding, struct pw_text *out)
{
	(void)language;
	pw_text_add(out, finding->text);
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
