/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who a row is for: its number and its name.
 */
#ifndef PW_PLOT_LABEL_H
#define PW_PLOT_LABEL_H

#include "report/plot/plot.h"

/* Appends the pid, the tid of a thread, or the sign for "more". */
void pw_row_number(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row);
/* Appends the name, "297 more sh", "12 more threads". */
void pw_row_name(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row);
/* Whether a row shows a number of another PID namespace. */
bool pw_inner_pids(const struct pw_plot *p);
/* Appends " pid 7, 4 threads" where that says something, or nothing. */
void pw_row_note(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row);

#endif
