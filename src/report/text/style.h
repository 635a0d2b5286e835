/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signs and colours of the text report, all in one place.
 */
#ifndef PW_TEXT_STYLE_H
#define PW_TEXT_STYLE_H

#include <stdbool.h>

/* What one cell of a bar can show; in the order of the legend. */
enum tv_glyph {
	GLYPH_NONE, /* before the birth, after the end */
	GLYPH_RUN, /* running for the larger part of the cell */
	GLYPH_PART, /* running for an eighth of it or more */
	GLYPH_SLIVER, /* running for less, in a cell that is blocked otherwise */
	GLYPH_READY,
	GLYPH_BLOCKED,
	GLYPH_DISK,
	GLYPH_STOPPED,
	GLYPH_ZOMBIE,
	GLYPH_ZOMBIE_BOUND, /* a zombie or gone already: the reap is only known to have come by its end */
	GLYPH_UNKNOWN,
	GLYPH_REAPED,
	GLYPH_ADOPTED,
	GLYPH_EXEC,
	GLYPH_MARK,
	GLYPH_COUNT,
};

enum tv_colour {
	COLOUR_PLAIN,
	COLOUR_DIM,
	COLOUR_HEAD, /* headings */
	COLOUR_RUN,
	COLOUR_READY,
	COLOUR_DISK,
	COLOUR_STOPPED,
	COLOUR_ZOMBIE,
	COLOUR_UNKNOWN,
	COLOUR_EVENT,
	COLOUR_GOOD,
	COLOUR_BAD,
	COLOUR_COUNT,
};

/* Signs that are one column wide, so that swapping the set never moves anything. */
struct tv_style {
	bool ascii;
	const char *glyph[GLYPH_COUNT];
	const char *cut; /* where a name was cut */
	const char *branch, *last, *pass, *none; /* the lines of the tree, two columns each */
	const char *axis, *tick, *axis_first, *axis_last;
	const char *at_most, *at_least; /* before a bound */
	const char *more; /* before what was summarised */
};

const struct tv_style *tv_style_get(bool ascii);
enum tv_colour tv_colour_of(enum tv_glyph glyph);
/* In words, for the legend. */
const char *tv_meaning(enum tv_glyph glyph);
/* The escape sequence; "" when color is false. COLOUR_PLAIN ends every other. */
const char *tv_sequence(enum tv_colour colour, bool color);

#endif
