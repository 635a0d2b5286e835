/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of marks, of what the programs said in the stretch shown: a few one by
 * one, many by process and name.
 */
#ifndef PW_PLOT_MARKS_H
#define PW_PLOT_MARKS_H

#include "report/plot/plot.h"

#define PW_MARKS_ROWS 24

/* A mark, or all of one name in one process. */
struct pw_marks_row {
	const struct pw_process *process;
	const char *name;
	uint64_t times, first, last;
	int64_t least, most;
	bool valued;
};

struct pw_marks {
	struct pw_marks_row at[PW_MARKS_ROWS];
	size_t n;
	bool one_by_one;
	uint64_t marks, left_out; /* in all; those of which there is no row */
};

enum pw_marks_column {
	PW_MARKS_PID,
	PW_MARKS_NAME,
	PW_MARKS_MARK,
	PW_MARKS_AT,
	PW_MARKS_TIMES,
	PW_MARKS_FIRST,
	PW_MARKS_LAST,
	PW_MARKS_VALUE,
	PW_MARKS_COUNT
};

void pw_marks_collect(const struct pw_plot *p, struct pw_marks *marks);
const char *pw_marks_head(enum pw_marks_column column);
/* Whether its cells are aligned to the right. */
bool pw_marks_right(enum pw_marks_column column);
/* The columns of this table; returns how many. */
size_t pw_marks_columns(const struct pw_marks *marks, enum pw_marks_column chosen[static PW_MARKS_COUNT]);
/* Appends a cell; "-" where there is nothing. */
void pw_marks_cell(const struct pw_plot *p, struct pw_text *t, const struct pw_marks_row *row,
		   enum pw_marks_column column);

#endif
