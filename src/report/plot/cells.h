/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cells of a row's bar: the sign that each stretch of the time axis shows. The view
 * chooses how wide a cell is: a column of a terminal, two pixels.
 */
#ifndef PW_PLOT_CELLS_H
#define PW_PLOT_CELLS_H

#include "report/plot/plot.h"

struct pw_cells {
	/* enum pw_sign each; there is room for one more than a bar has cells */
	unsigned char *sign;
	/* eighths of each cell on a CPU, rounded up, for a view that can show more than a sign */
	unsigned char *ran;
	/* cells in use */
	size_t end;
};

/* The cell of a moment. */
size_t pw_cell_of(const struct pw_plot *p, uint64_t at);
/* The cell that it would be if bars had so many cells. */
size_t pw_cell_among(const struct pw_plot *p, uint64_t at, size_t cells);
/* Returns 0 or -ENOMEM; free with pw_cells_free either way. */
int pw_cells_make(const struct pw_plot *p, struct pw_cells *cells, const struct pw_row *row);
void pw_cells_free(struct pw_cells *cells);

#endif
