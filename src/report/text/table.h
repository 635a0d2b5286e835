/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table that fits the width: with narrower gaps, without the optional columns, or else
 * continued in a second table below.
 */
#ifndef PW_TEXT_TABLE_H
#define PW_TEXT_TABLE_H

#include "report/text/view.h"

#define TABLE_COLUMNS 16
#define TABLE_FIXED   2 /* the first columns are repeated in every part */

struct table_column {
	const char *head;
	/* aligned to the right */
	bool right;
	/* may be left out */
	bool optional;
	/* of its widest cell; computed */
	size_t width;
};

struct table_cell {
	struct pw_text text;
	/* of the text, unless that is "-" */
	enum tv_colour colour;
};

struct table {
	struct table_column column[TABLE_COLUMNS];
	size_t columns, rows;
	/* row by row */
	struct table_cell *cells;
};

/* Returns 0 or -ENOMEM; free with tv_table_free either way. */
int tv_table_make(struct table *t, const struct table_column *column, size_t columns, size_t rows);
void tv_table_free(struct table *t);
struct table_cell *tv_table_cell(struct table *t, size_t row, size_t column);
void tv_table_put(struct tv *v, struct table *t);

#endif
