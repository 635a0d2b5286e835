/* SPDX-License-Identifier: GPL-2.0-only */
/* Evidence as text, until all lessons make facts. */
#include "course/lib/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void pw_say(struct pw_evidence *why, const char *format, ...)
{
	const size_t used = strlen(why->text);
	va_list args;

	va_start(args, format);
	vsnprintf(why->text + used, sizeof(why->text) - used, _(format), args);
	va_end(args);
}

struct pw_words pw_dur(uint64_t ns)
{
	struct pw_words words;

	/* In a sentence, a number without a unit is none. */
	if (ns == 0)
		strcpy(words.s, "0 ns");
	else
		pw_format_duration(words.s, ns);
	return words;
}

struct pw_words pw_from_to(uint64_t from, uint64_t to)
{
	return pw_dur(to > from ? to - from : 0);
}

struct pw_words pw_waker(uint32_t by)
{
	struct pw_words words;

	if (by == PW_NO_WAKER)
		snprintf(words.s, sizeof(words.s), "%s", _("somebody unseen"));
	else if (by == PW_IRQ_WAKER)
		snprintf(words.s, sizeof(words.s), "%s", _("an interrupt"));
	else
		snprintf(words.s, sizeof(words.s), "%u", by);
	return words;
}

struct pw_words pw_printable(const char *comm)
{
	struct pw_words words;
	size_t i;

	for (i = 0; i < PW_COMM_LEN && comm[i]; i++)
		words.s[i] = comm[i] >= ' ' && comm[i] <= '~' ? comm[i] : '?';
	words.s[i] = '\0';
	return words;
}

double pw_percent(uint64_t part, uint64_t whole)
{
	return whole > 0 ? 100.0 * (double)part / (double)whole : 0;
}
