/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of one text report share.
 */
#ifndef PW_TEXT_VIEW_H
#define PW_TEXT_VIEW_H

#include <stdint.h>
#include <stdio.h>

#include "report/report.h"
#include "report/text/style.h"
#include "util/format.h"
#include "util/text.h"

#define TV_MIN_WIDTH 40
#define TV_MAX_ROWS  200 /* beyond them, lives that are alike are summarised */

struct tv_tree;

struct tv {
	const struct pw_report *report;
	const struct tv_style *style;
	FILE *out;
	bool color;
	size_t width;
	uint64_t from, to; /* what the timeline shows; to is after from */
	uint64_t begin, end; /* of the recording; end is after begin */
	struct tv_tree *tree; /* the rows of the timeline and of the totals */
	size_t pid_columns; /* of the timeline */
	size_t label_columns; /* tree lines and name */
	size_t bar_columns; /* cells */
	bool used[GLYPH_COUNT]; /* for the legend */
	bool failed; /* memory ran out somewhere below */
};

/* How names and arguments are escaped; and how sentences are. */
static inline enum pw_escaping tv_escaping(const struct tv *v)
{
	return v->style->ascii ? PW_AS_ASCII : PW_AS_UTF8;
}

static inline enum pw_escaping tv_prose(const struct tv *v)
{
	return v->style->ascii ? PW_PROSE_AS_ASCII : PW_AS_UTF8;
}

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

/* Appends a duration, with us for µs in ASCII. */
void tv_duration(const struct tv *v, struct pw_text *t, uint64_t ns);
/* Appends "a–b", or "a" when both read alike. */
void tv_range(const struct tv *v, struct pw_text *t, uint64_t least, uint64_t most);
/* Appends the escaped name. */
void tv_name(const struct tv *v, struct pw_text *t, const char *comm);
/* Appends "1 life", "2 lives". */
void tv_count(struct pw_text *t, uint64_t n, const char *one, const char *many);

/* The sections, each in a file of its own. */
void tv_timeline(struct tv *v);
void tv_legend(struct tv *v);
void tv_totals(struct tv *v);
void tv_marks(struct tv *v);
void tv_earlier(struct tv *v);
void tv_findings(struct tv *v);
void tv_lesson(struct tv *v);

#endif
