/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signs and colours of the text report.
 */
#ifndef PW_TEXT_STYLE_H
#define PW_TEXT_STYLE_H

#include <stdbool.h>

#include "report/plot/plot.h"

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

/* All signs are one column wide, so that the two styles have the same layout. */
struct tv_style {
	bool ascii;
	const char *glyph[PW_SIGN_COUNT];
	/* at the end of a name that was cut */
	const char *cut;
	/* the lines of the tree, two columns each */
	const char *branch, *last, *pass, *none;
	const char *axis, *tick, *axis_first, *axis_last;
};

const struct tv_style *tv_style_get(bool ascii);
enum tv_colour tv_colour_of(enum pw_sign glyph);
/* The escape sequence; "" if color is false. COLOUR_PLAIN ends all others. */
const char *tv_sequence(enum tv_colour colour, bool color);

#endif
