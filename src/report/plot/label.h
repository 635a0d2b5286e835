/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The left side of a row: number, name and note.
 */
#ifndef PW_PLOT_LABEL_H
#define PW_PLOT_LABEL_H

#include "report/plot/plot.h"

/* Appends the pid, the tid of a thread, or the sign of a row for many. */
void pw_row_number(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row);
/* Appends the name, "297 more sh", "12 more threads". */
void pw_row_name(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row);
/* True if the note of a row has a pid of another PID namespace. */
bool pw_inner_pids(const struct pw_plot *p);
/* Appends " pid 7, 4 threads": the pid in its own namespace if it differs, threads if several. */
void pw_row_note(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row);

#endif
