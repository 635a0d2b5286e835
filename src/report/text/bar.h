/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bar of a row: the sign that each column of the time axis shows.
 */
#ifndef PW_TEXT_BAR_H
#define PW_TEXT_BAR_H

#include "report/plot/cells.h"
#include "report/text/view.h"

struct bar {
	/* with the sign of the reap */
	struct pw_cells cells;
	/* "adopted by 1 init" and its first cell; empty: none */
	struct pw_text label;
	size_t label_at;
};

/* The number of cells that the bar of a row takes if bars have that many columns. */
size_t tv_bar_end(const struct tv *v, const struct pw_row *row, size_t columns);
/* Returns 0 or -ENOMEM; free with tv_bar_free either way. */
int tv_bar_make(struct tv *v, struct bar *bar, const struct pw_row *row);
void tv_bar_free(struct bar *bar);
/* Appends the bar with its colours: exactly bar->cells.end columns. */
void tv_bar_draw(const struct tv *v, struct pw_text *t, const struct bar *bar);

#endif
