/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A short line put together by hand, for what a report has by the hundred million: a
 * call of the C library's for each field would take longer than all the rest.
 *
 * Nothing checks the room. A line is for a few numbers and words of our own; what
 * comes from outside is bounded, and escaped, before it goes in.
 */
#ifndef PW_LINE_H
#define PW_LINE_H

#include <stdint.h>
#include <string.h>

#include "util/format.h"

struct pw_line {
	size_t n; /* bytes so far */
	char at[512];
};

/* The length of a literal is known when this is compiled. */
static inline void pw_line_text(struct pw_line *line, const char *text)
{
	const size_t n = strlen(text);

	memcpy(line->at + line->n, text, n);
	line->n += n;
}

static inline void pw_line_number(struct pw_line *line, uint64_t n)
{
	line->n += pw_format_digits(line->at + line->n, n);
}

/* a - b, exact even where no 64-bit integer holds it. */
static inline void pw_line_difference(struct pw_line *line, uint64_t a, uint64_t b)
{
	if (a < b)
		line->at[line->n++] = '-';
	pw_line_number(line, a < b ? b - a : a - b);
}

#endif
