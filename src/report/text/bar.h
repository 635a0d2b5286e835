/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bar of a row: which sign each cell of the time axis shows.
 */
#ifndef PW_TEXT_BAR_H
#define PW_TEXT_BAR_H

#include "report/plot/cells.h"
#include "report/text/view.h"

struct bar {
	struct pw_cells cells; /* the sign of the reap included */
	size_t label_at; /* a text that lies on blocked cells, after the sign of an adoption */
	struct pw_text label; /* empty: none */
};

/* Where the bar of a row ends, in cells, when bars have that many columns. */
size_t tv_bar_end(const struct tv *v, const struct pw_row *row, size_t columns);
/* Returns 0 or -ENOMEM; free with tv_bar_free either way. */
int tv_bar_make(struct tv *v, struct bar *bar, const struct pw_row *row);
void tv_bar_free(struct bar *bar);
/* Appends it, with colours; exactly bar->cells.end columns. */
void tv_bar_draw(const struct tv *v, struct pw_text *t, const struct bar *bar);

#endif
