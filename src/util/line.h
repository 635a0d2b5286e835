/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Builds a short line without the C library, for lines that a report has by the hundred million:
 * a printf() for each field would take longer than everything else.
 *
 * There is no bounds check. A line is for a few numbers and fixed words; input from outside must
 * be bounded and escaped before it is added.
 */
#ifndef PW_LINE_H
#define PW_LINE_H

#include <stdint.h>
#include <string.h>

#include "util/format.h"

struct pw_line {
	/* bytes so far */
	size_t n;
	char at[512];
};

/* Inline: the compiler knows the length of a literal. */
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

/* a - b, exact even if it does not fit any 64-bit integer. */
static inline void pw_line_difference(struct pw_line *line, uint64_t a, uint64_t b)
{
	if (a < b)
		line->at[line->n++] = '-';
	pw_line_number(line, a < b ? b - a : a - b);
}

#endif
