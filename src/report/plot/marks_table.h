/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of the programs' marks in the window: a few are listed one by one, many are
 * summed up by process and name.
 */
#ifndef PW_PLOT_MARKS_TABLE_H
#define PW_PLOT_MARKS_TABLE_H

#include "report/plot/plot.h"

#define PW_MARKS_TABLE_ROWS 24

/* A mark, or all of one name in one process. */
struct pw_marks_table_row {
	const struct pw_process *process;
	const char *name;
	uint64_t times, first, last;
	int64_t least, most;
	bool valued;
};

struct pw_marks_table {
	struct pw_marks_table_row at[PW_MARKS_TABLE_ROWS];
	size_t n;
	bool one_by_one;
	/* all marks of the window, and those that no row has */
	uint64_t marks, left_out;
};

enum pw_marks_table_column {
	PW_MARKS_TABLE_PID,
	PW_MARKS_TABLE_NAME,
	PW_MARKS_TABLE_MARK,
	PW_MARKS_TABLE_AT,
	PW_MARKS_TABLE_TIMES,
	PW_MARKS_TABLE_FIRST,
	PW_MARKS_TABLE_LAST,
	PW_MARKS_TABLE_VALUE,
	PW_MARKS_TABLE_COUNT
};

void pw_marks_table_collect(const struct pw_plot *p, struct pw_marks_table *marks);
const char *pw_marks_table_head(enum pw_language language, enum pw_marks_table_column column);
/* True if its cells are aligned to the right. */
bool pw_marks_table_right(enum pw_marks_table_column column);
/* Stores the columns that this table has; returns their number. */
size_t pw_marks_table_columns(const struct pw_marks_table *marks,
			      enum pw_marks_table_column chosen[static PW_MARKS_TABLE_COUNT]);
/* Appends a cell, or "-". */
void pw_marks_table_cell(const struct pw_plot *p, struct pw_text *t, const struct pw_marks_table_row *row,
			 enum pw_marks_table_column column);

#endif
