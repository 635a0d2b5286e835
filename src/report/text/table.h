/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table that fits the width: by narrower gaps, by leaving out what the
 * timeline says already, and at last by going on in a second table below.
 */
#ifndef PW_TEXT_TABLE_H
#define PW_TEXT_TABLE_H

#include "report/text/view.h"

#define TABLE_COLUMNS 16
#define TABLE_FIXED   2 /* the first columns, repeated in every part */

struct table_column {
	const char *head;
	bool right; /* aligned to the right */
	bool spare; /* may be left out */
	size_t width; /* of its widest cell; computed */
};

struct table_cell {
	struct pw_text text;
	enum tv_colour colour; /* unless it is "-" */
};

struct table {
	struct table_column column[TABLE_COLUMNS];
	size_t columns, rows;
	struct table_cell *cells; /* rows times columns, row by row */
};

/* Returns 0 or -ENOMEM; free with table_free either way. */
int tv_table_make(struct table *t, const struct table_column *column, size_t columns, size_t rows);
void tv_table_free(struct table *t);
struct table_cell *tv_table_cell(struct table *t, size_t row, size_t column);
void tv_table_put(struct tv *v, struct table *t);

#endif
