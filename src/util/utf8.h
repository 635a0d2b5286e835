/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UTF-8, and the width of its characters on a terminal.
 *
 * The tables are part of procwatch, so that a report is the same with every locale and C library:
 * a recording from a container without locales is often read elsewhere.
 */
#ifndef PW_UTF8_H
#define PW_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the character at s, where n > 0 bytes are left. Returns its length in bytes, or 0 if it is
 * not valid (as are overlong forms, surrogates and numbers above U+10FFFF).
 */
size_t pw_utf8_decode(const char *s, size_t n, uint32_t *character);

/*
 * The width in columns: 2 for East Asian wide characters, 0 for combining characters, -1 for those
 * that must be escaped: controls, and format characters, which reorder or hide their neighbours.
 */
int pw_utf8_width(uint32_t character);

/* The width of a NUL-terminated text that is already safe for a terminal. */
size_t pw_utf8_columns(const char *text);

#endif
