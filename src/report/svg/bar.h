/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bar of a row, with its overlays and marks.
 */
#ifndef PW_SVG_BAR_H
#define PW_SVG_BAR_H

#include "report/plot/cells.h"
#include "report/svg/view.h"

/* The x of a moment. */
int sv_x(const struct sv *v, uint64_t at);
/* The CSS class of a sign. */
const char *sv_class(enum pw_sign sign);
/* The letter of a rare state; NULL: it has none. */
const char *sv_letter(enum pw_sign sign);
/* Draws one stretch in a state's own shape, around the middle line. */
void sv_shape(struct sv *v, enum pw_sign sign, int x, int middle, int width, int height);
/*
 * Draws a row's bar around the middle line, at most height pixels high. *named becomes true if the
 * adopter's name found room beside its arrow. Returns the x of the bar's end.
 */
int sv_bar(struct sv *v, const struct pw_row *row, int middle, int height, bool *named);
/* Draws the single moments of a process on its bar: exec, adoption, exit, reap. */
void sv_overlays(struct sv *v, const struct pw_row *row, const struct pw_cells *cells, int middle, int height,
		 bool *named);
/* Draws the marks of a row's threads on its bar. */
void sv_bar_marks(struct sv *v, const struct pw_row *row, const struct pw_cells *cells, int middle);
/* Draws the sign of a mark. */
void sv_diamond(struct sv *v, int x, int middle);
/* True if all cells between these two x are blocked: a label there hides nothing. */
bool sv_is_quiet(const struct sv *v, const struct pw_cells *cells, int from, int to);

#endif
