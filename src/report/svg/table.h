/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table: columns as wide as their cells, or left out where the picture is narrower.
 */
#ifndef PW_SVG_TABLE_H
#define PW_SVG_TABLE_H

#include "report/svg/view.h"

#define SV_TABLE_COLUMNS 16

struct sv_table {
	const void *of; /* whose cells they are: the functions' business */
	const char *(*head)(enum pw_language language, unsigned int column);
	bool (*right)(unsigned int column); /* aligned to the right */
	/* Appends a cell. */
	void (*cell)(struct sv *v, struct pw_text *t, const void *of, size_t row, unsigned int column);
	size_t rows, n;
	unsigned int column[SV_TABLE_COLUMNS]; /* n of them, by the numbers the functions know */
	int width[SV_TABLE_COLUMNS]; /* computed */
	int widest; /* no column is wider than this part of the picture, in tenths */
};

/* Computes the widths. */
void sv_table_measure(struct sv *v, struct sv_table *t);
bool sv_table_fits(const struct sv *v, const struct sv_table *t);
void sv_table_leave_out(struct sv_table *t, unsigned int column);
void sv_table_put(struct sv *v, const struct sv_table *t);

#endif
