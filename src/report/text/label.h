/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The left side of a row: pid, lines of the tree, name, number of threads.
 */
#ifndef PW_TEXT_LABEL_H
#define PW_TEXT_LABEL_H

#include "report/plot/tree.h"
#include "report/text/view.h"

/* Appends at most room columns of lines, name and threads; the name is cut first. Returns the columns used. */
size_t tv_label(const struct tv *v, struct pw_text *t, const struct pw_row *row, size_t room, bool lines);
/* Columns of the widest pid, and of the widest label. */
size_t tv_pid_columns(struct tv *v);
size_t tv_label_columns(struct tv *v, bool lines);

#endif
