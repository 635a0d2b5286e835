/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PW_PLOT_LINES_H
#define PW_PLOT_LINES_H

#include <stddef.h>

/*
 * The bytes of a text's first line that fit room columns, broken at a space when
 * there is one, but not between a number and its unit. Colours take no room.
 */
size_t pw_line_length(const char *text, size_t room);

#endif
