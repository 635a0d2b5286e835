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
/* What happened to a process, on its bar of these cells. */
void sv_happened(struct sv *v, const struct pw_row *row, const struct pw_cells *cells, int middle, int height,
		 bool *named);
/* The marks that a row's threads passed, on its bar. */
void sv_marks(struct sv *v, const struct pw_row *row, const struct pw_cells *cells, int middle);
/* The sign of a mark. */
void sv_diamond(struct sv *v, int x, int middle);
/* Whether the process was only blocked, as far as the eye can see, along these pixels. */
bool sv_is_quiet(const struct sv *v, const struct pw_cells *cells, int from, int to);

#endif
