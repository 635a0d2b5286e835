/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of one SVG share. All lengths are in pixels. A section draws itself at y and
 * moves y down.
 */
#ifndef PW_SVG_VIEW_H
#define PW_SVG_VIEW_H

#include <stdio.h>

#include "report/plot/plot.h"

#define SV_COLUMN 8 /* for each column of --width */
#define SV_PAD	  20
#define SV_CELL	  2

/*
 * The viewer chooses the fonts, so widths are estimates: a monospaced character is 0.6 em wide
 * nearly everywhere, and prose gets room to spare. In tenths of a pixel per column.
 */
#define SV_MONO	 72 /* 12 px */
#define SV_SMALL 66 /* 11 px */
#define SV_SANS	 74 /* 13 px */

struct sv {
	struct pw_plot plot;
	/* the body, in memory until its height is known */
	FILE *out;
	int width, y;
	/* of the timeline: where pids end, where trees and bars begin, the longest bar */
	int pid_x, tree_x, bar_x, bar_w;
	int row_h;
	/* signs that were drawn, for the legend */
	bool drawn[PW_SIGN_COUNT];
	/* circles that were drawn: exit 0, other exits */
	bool ends[2];
};

static inline int sv_columns(size_t columns, int tenths)
{
	return (int)(columns < 100000 ? columns : 100000) * tenths / 10;
}

/* Writes a printable text (see pw_text_escaped) as XML. */
void sv_escape(struct sv *v, const char *text);
/* Writes one line of text in a class of style.c. */
void sv_text(struct sv *v, int x, int y, const char *class, const char *text);
/* The same, cut to the room; tenths: the width of a column in that class. */
void sv_text_cut(struct sv *v, int x, int y, const char *class, const char *text, int room, int tenths);
/* Writes prose from y on, broken into lines that end at the right margin; moves y down. */
void sv_wrap(struct sv *v, int x, const char *class, const char *text, int line_h, int tenths);
/* Writes the heading of a section. */
void sv_heading(struct sv *v, const char *text);
/* Frees the text; sets v->plot.failed if it is incomplete. */
void sv_done(struct sv *v, struct pw_text *t);

/* The style and the patterns. */
extern const char sv_style[];

/* The sections, each in a file of its own. */
void sv_timeline(struct sv *v);
void sv_legend(struct sv *v);
void sv_totals(struct sv *v);
void sv_marks_table(struct sv *v);
void sv_findings(struct sv *v);
void sv_lesson(struct sv *v);

#endif
