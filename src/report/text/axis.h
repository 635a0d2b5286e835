/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The time axis above the bars.
 */
#ifndef PW_TEXT_AXIS_H
#define PW_TEXT_AXIS_H

#include "report/text/view.h"

/* Appends the numbers, at most room columns; they begin where the bars do. */
void tv_axis_numbers(const struct tv *v, struct pw_text *t, size_t room);
/* Appends the line below the numbers, as long as the bars. */
void tv_axis_line(const struct tv *v, struct pw_text *t);

#endif
