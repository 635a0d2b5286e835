/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PW_PLOT_LINE_BREAK_H
#define PW_PLOT_LINE_BREAK_H

#include <stddef.h>

/*
 * The number of bytes of the text that fit on a line of `room` columns. It breaks at a space if there
 * is one, but not between a number and its unit; Chinese breaks at nearly every character. Colours
 * take no room.
 */
size_t pw_line_length(const char *text, size_t room);

#endif
