/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of totals: the time of each row in each state, its exit and its reap. Totals
 * cover whole processes, whatever part of them is shown.
 */
#ifndef PW_PLOT_TOTALS_H
#define PW_PLOT_TOTALS_H

#include "report/plot/plot.h"

enum pw_totals {
	PW_TOTALS_PID,
	PW_TOTALS_NAME,
	PW_TOTALS_RUNNING,
	PW_TOTALS_READY,
	PW_TOTALS_BLOCKED,
	PW_TOTALS_STOPPED,
	PW_TOTALS_ZOMBIE,
	PW_TOTALS_UNKNOWN,
	PW_TOTALS_SWITCHES,
	PW_TOTALS_ENDED,
	PW_TOTALS_REAPED_BY,
	PW_TOTALS_AFTER,
	PW_TOTALS_COUNT
};

const char *pw_totals_head(enum pw_language language, enum pw_totals column);
/* True if its cells are aligned to the right. */
bool pw_totals_right(enum pw_totals column);
/* Stores the columns that are not empty; returns their number. */
size_t pw_totals_columns(const struct pw_plot *p, enum pw_totals chosen[static PW_TOTALS_COUNT]);
/* Appends a cell, or "-". */
void pw_totals_cell(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row,
		    enum pw_totals column);

#endif
