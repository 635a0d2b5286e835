/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/words/values.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/format.h"
#include "util/kernel_names.h"

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

static bool is_part(const char *part, const char *name)
{
	return part && !strcmp(part, name);
}

bool pw_value_known(const struct pw_value *value, const char *part)
{
	if (value->kind == PW_VALUE_PROCESS && is_part(part, "comm"))
		return value->process.comm[0];
	return value->kind != PW_VALUE_UNKNOWN;
}

bool pw_value_reads(const struct pw_value *value, const char *part, const char *word, size_t length)
{
	if (value->kind == PW_VALUE_UNKNOWN)
		return false;
	if (is_part(part, "bound"))
		return word_reads(bound_name(value->bound), word, length);
	if (value->kind == PW_VALUE_PROCESS && is_part(part, "comm"))
		return word_reads(value->process.comm, word, length);
	return value_reads(value, word, length);
}

/* In quotes if it has a space: a reader could not see where it ends. */
static void write_name(const char *name, struct pw_text *out)
{
	pw_text_format(out, strchr(name, ' ') ? "\"%s\"" : "%s", name);
}

/* "4711 demo_zombie", or the part that is asked for: "pid", "comm". */
static void write_process(const struct pw_value *value, const char *part, struct pw_text *out)
{
	const bool named = value->process.comm[0] && (!part || is_part(part, "comm"));

	if (!part || is_part(part, "pid"))
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
	char duration[PW_FORMAT_MAX];

	/* In a sentence every number needs a unit, 0 too. */
	if (value->number)
		pw_format_duration(duration, value->number);
	else
		snprintf(duration, sizeof(duration), "0 ns");
	if (is_part(part, "bare") || value->bound == PW_EXACT)
		pw_text_add(out, duration);
	else if (value->bound == PW_AT_MOST)
		pw_text_format(out, pw_lang_text(language, N_("at most %s")), duration);
	else
		pw_text_format(out, pw_lang_text(language, N_("at least %s")), duration);
}

static void write_signal(enum pw_language language, int signal, struct pw_text *out)
{
	const char *name = pw_signal_name(signal);

	if (name)
		pw_text_add(out, name);
	else
		pw_text_format(out, pw_lang_text(language, N_("signal %d")), signal);
}

static void write_syscall(enum pw_language language, int syscall, struct pw_text *out)
{
	const char *name = pw_syscall_name(syscall);

	if (name)
		pw_text_add(out, name);
	else
		pw_text_format(out, pw_lang_text(language, N_("system call %d")), syscall);
}

void pw_value_write(enum pw_language language, const struct pw_value *value, const char *part,
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
		pw_text_add(out, pw_lang_text(language, value->word));
		break;
	case PW_VALUE_TEXT:
		if (is_part(part, "quoted"))
			write_name(value->text, out);
		else
			pw_text_add(out, value->text);
		break;
	case PW_VALUE_UNKNOWN:
		break;
	}
}
