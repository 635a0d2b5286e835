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
	/* of the timeline: pids, and the lines of the tree with the names */
	size_t pid_columns, label_columns;
};

static inline const char *tv_sgr(const struct tv *v, enum tv_colour colour)
{
	return tv_sequence(colour, v->color);
}

/* Writes the text and empties it, or sets v->plot.failed. */
void tv_put(struct tv *v, struct pw_text *t);
/* Writes the heading of a section, with an empty line before it. */
void tv_heading(struct tv *v, const char *text);
/*
 * Writes an escaped text, broken into lines of the report's width. It starts at `column`; lines after
 * the first begin with `indent` spaces.
 */
void tv_wrap(struct tv *v, const char *text, size_t column, size_t indent);

/* The sections, each in a file of its own. */
void tv_timeline(struct tv *v);
void tv_legend(struct tv *v);
void tv_totals(struct tv *v);
void tv_marks_table(struct tv *v);
void tv_earlier(struct tv *v);
void tv_findings(struct tv *v);
void tv_lesson(struct tv *v);

#endif
