/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cells of a row's bar: which sign each stretch of the time axis shows. A cell
 * is as wide as whoever draws it likes: a column of a terminal, two pixels.
 */
#ifndef PW_PLOT_CELLS_H
#define PW_PLOT_CELLS_H

#include "report/plot/plot.h"

struct pw_cells {
	unsigned char *sign; /* enum pw_sign; one more than a bar has cells */
	unsigned char *ran; /* eighths of each cell on a CPU, rounded up: for who can show more than a sign */
	size_t end; /* cells in use */
};

/* The cell in which a moment lies; and if bars had so many cells. */
size_t pw_cell_of(const struct pw_plot *p, uint64_t at);
size_t pw_cell_among(const struct pw_plot *p, uint64_t at, size_t cells);
/* Returns 0 or -ENOMEM; free with pw_cells_free either way. */
int pw_cells_make(const struct pw_plot *p, struct pw_cells *cells, const struct pw_row *row);
void pw_cells_free(struct pw_cells *cells);

#endif
