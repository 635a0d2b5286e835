/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of one text report share.
 */
#ifndef PW_TEXT_VIEW_H
#define PW_TEXT_VIEW_H

#include <stdint.h>
#include <stdio.h>

#include "report/plot/plot.h"
#include "report/text/style.h"

#define TV_MIN_WIDTH 40

struct tv {
	struct pw_plot plot;
	const struct tv_style *style;
	FILE *out;
	bool color;
	size_t width;
	size_t pid_columns; /* of the timeline */
	size_t label_columns; /* tree lines and name */
};

static inline const char *tv_sgr(const struct tv *v, enum tv_colour colour)
{
	return tv_sequence(colour, v->color);
}

/* Writes what t holds and empties it; remembers that memory ran out. */
void tv_put(struct tv *v, struct pw_text *t);
/* A heading of a section, with an empty line before it. */
void tv_heading(struct tv *v, const char *text);
/*
 * Writes a text that is fit for a terminal, broken at spaces to the width;
 * lines after the first begin with indent spaces. column is where it starts.
 */
void tv_wrap(struct tv *v, const char *text, size_t column, size_t indent);

/* The sections, each in a file of its own. */
void tv_timeline(struct tv *v);
void tv_legend(struct tv *v);
void tv_totals(struct tv *v);
void tv_marks(struct tv *v);
void tv_earlier(struct tv *v);
void tv_findings(struct tv *v);
void tv_lesson(struct tv *v);

#endif
