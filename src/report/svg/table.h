/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table with columns as wide as their cells; some are left out if the picture is too narrow.
 */
#ifndef PW_SVG_TABLE_H
#define PW_SVG_TABLE_H

#include "report/svg/view.h"

#define SV_TABLE_COLUMNS 16

struct sv_table {
	/* what the functions below read the cells from */
	const void *of;
	const char *(*head)(enum pw_language language, unsigned int column);
	/* aligned to the right */
	bool (*right)(unsigned int column);
	/* appends a cell */
	void (*cell)(struct sv *v, struct pw_text *t, const void *of, size_t row, unsigned int column);
	size_t rows, n;
	/* n of them, with the numbers that the functions know */
	unsigned int column[SV_TABLE_COLUMNS];
	/* computed */
	int width[SV_TABLE_COLUMNS];
	/* no column is wider than so many tenths of the picture */
	int widest;
};

/* Computes the widths. */
void sv_table_measure(struct sv *v, struct sv_table *t);
bool sv_table_fits(const struct sv *v, const struct sv_table *t);
void sv_table_leave_out(struct sv_table *t, unsigned int column);
void sv_table_put(struct sv *v, const struct sv_table *t);

#endif
