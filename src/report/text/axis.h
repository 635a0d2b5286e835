/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The time axis: ticks at round moments, in a unit that fits.
 */
#ifndef PW_TEXT_AXIS_H
#define PW_TEXT_AXIS_H

#include "report/text/view.h"

/* Appends the axis' numbers, room columns at most; they begin where the bars do. */
void tv_axis_numbers(const struct tv *v, struct pw_text *t, size_t room);
/* Appends the axis' line, as long as the bars. */
void tv_axis_line(const struct tv *v, struct pw_text *t);

#endif
