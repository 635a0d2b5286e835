/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of one SVG share. Everything is in pixels; a part is drawn at y
 * and moves it down.
 */
#ifndef PW_SVG_VIEW_H
#define PW_SVG_VIEW_H

#include <stdio.h>

#include "report/plot/plot.h"

#define SV_COLUMN 8 /* pixels for each column of --width */
#define SV_PAD	  20
#define SV_CELL	  2 /* pixels: what is shorter shares a cell */

/*
 * Whoever shows the picture chooses the fonts, so widths are estimates: a
 * monospaced character is 0.6 em wide nearly everywhere, prose is set with room
 * to spare. In tenths of a pixel, per column.
 */
#define SV_MONO	 72 /* 12 px */
#define SV_SMALL 66 /* 11 px */
#define SV_SANS	 74 /* 13 px */

struct sv {
	struct pw_plot plot;
	FILE *out; /* the body, in memory until its height is known */
	int width, y;
	/* The timeline's columns: pids end, trees and bars begin; how long a bar may be. */
	int pid_x, tree_x, bar_x, bar_w;
	int row_h;
	bool marks[PW_SIGN_COUNT]; /* drawn somewhere: for the legend */
	bool ends[2]; /* exits with 0, other ends */
};

static inline int sv_columns(size_t columns, int tenths)
{
	return (int)(columns < 100000 ? columns : 100000) * tenths / 10;
}

/* Writes a text that pw_text_escaped made printable, as XML. */
void sv_escape(struct sv *v, const char *text);
/* One line of text; class is one of style.c. */
void sv_text(struct sv *v, int x, int y, const char *class, const char *text);
/* Cut to the room, by the width of its class's characters. */
void sv_text_cut(struct sv *v, int x, int y, const char *class, const char *text, int room, int tenths);
/* Lines of prose from y on, broken to the room at the right. */
void sv_wrap(struct sv *v, int x, const char *class, const char *text, int line_h, int tenths);
/* The heading of a section. */
void sv_heading(struct sv *v, const char *text);
/* Remembers that memory ran out, and frees. */
void sv_done(struct sv *v, struct pw_text *t);

/* The style and the patterns. */
extern const char sv_style[];

/* The sections, each in a file of its own. */
void sv_timeline(struct sv *v);
void sv_legend(struct sv *v);
void sv_totals(struct sv *v);
void sv_said(struct sv *v);
void sv_findings(struct sv *v);
void sv_lesson(struct sv *v);

#endif
