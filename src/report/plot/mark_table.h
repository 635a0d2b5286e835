/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of marks, of what the programs said in the stretch shown: a few one by
 * one, many by process and name.
 */
#ifndef PW_PLOT_MARK_TABLE_H
#define PW_PLOT_MARK_TABLE_H

#include "report/plot/plot.h"

#define PW_MARK_TABLE_ROWS 24

/* A mark, or all of one name in one process. */
struct pw_mark_table_row {
	const struct pw_process *process;
	const char *name;
	uint64_t times, first, last;
	int64_t least, most;
	bool valued;
};

struct pw_mark_table {
	struct pw_mark_table_row at[PW_MARK_TABLE_ROWS];
	size_t n;
	bool one_by_one;
	uint64_t marks, left_out; /* in all; those of which there is no row */
};

enum pw_mark_table_column {
	PW_MARK_TABLE_PID,
	PW_MARK_TABLE_NAME,
	PW_MARK_TABLE_MARK,
	PW_MARK_TABLE_AT,
	PW_MARK_TABLE_TIMES,
	PW_MARK_TABLE_FIRST,
	PW_MARK_TABLE_LAST,
	PW_MARK_TABLE_VALUE,
	PW_MARK_TABLE_COUNT
};

void pw_mark_table_collect(const struct pw_plot *p, struct pw_mark_table *marks);
const char *pw_mark_table_head(enum pw_language language, enum pw_mark_table_column column);
/* Whether its cells are aligned to the right. */
bool pw_mark_table_right(enum pw_mark_table_column column);
/* The columns of this table; returns how many. */
size_t pw_mark_table_columns(const struct pw_mark_table *marks,
			     enum pw_mark_table_column chosen[static PW_MARK_TABLE_COUNT]);
/* Appends a cell; "-" where there is nothing. */
void pw_mark_table_cell(const struct pw_plot *p, struct pw_text *t, const struct pw_mark_table_row *row,
			enum pw_mark_table_column column);

#endif
