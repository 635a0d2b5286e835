/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The left side of a row: pid, lines of the tree, name, note.
 */
#ifndef PW_TEXT_LABEL_H
#define PW_TEXT_LABEL_H

#include "report/plot/tree.h"
#include "report/text/view.h"

/* Appends lines, name and note, at most room columns; the name is cut first. Returns the columns used. */
size_t tv_label(const struct tv *v, struct pw_text *t, const struct pw_row *row, size_t room, bool lines);
/* The columns of the widest pid and of the widest label. */
size_t tv_pid_columns(struct tv *v);
size_t tv_label_columns(struct tv *v, bool lines);

#endif
