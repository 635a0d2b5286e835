/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bar of a row, and the marks on it.
 */
#ifndef PW_SVG_BAR_H
#define PW_SVG_BAR_H

#include "report/plot/cells.h"
#include "report/svg/view.h"

/* Where a moment lies on the time axis. */
int sv_x(const struct sv *v, uint64_t at);
/* The class that draws a sign's state. */
const char *sv_class(enum pw_sign sign);
/* The letter of a rare state; NULL: it has none. */
const char *sv_letter(enum pw_sign sign);
/* Draws one stretch in a state's own shape, around the middle line. */
void sv_shape(struct sv *v, enum pw_sign sign, int x, int middle, int width, int height);
/*
 * Draws a row's bar around the middle line, height pixels high at most, and the
 * marks. *named: whether the adopter's name found room beside its mark. Returns
 * where the bar ends.
 */
int sv_bar(struct sv *v, const struct pw_row *row, int middle, int height, bool *named);
/* The marks alone; cells are those of the bar. */
void sv_marks(struct sv *v, const struct pw_row *row, const struct pw_cells *cells, int middle, int height,
	      bool *named);

#endif
