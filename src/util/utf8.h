/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UTF-8 and the columns its characters take on a terminal.
 *
 * The tables are the project's own, so that a report looks the same whatever
 * the locale and the C library are: a recording made in a container without any
 * locale is often read outside of it.
 */
#ifndef PW_UTF8_H
#define PW_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the character at s, of which n > 0 bytes are left. Returns its length,
 * or 0 when no valid character begins here (overlong forms, surrogates and
 * numbers beyond U+10FFFF are not valid).
 */
size_t pw_utf8_decode(const char *s, size_t n, uint32_t *character);

/*
 * Columns: 2 for East Asian wide characters, 0 for marks that combine with the
 * one before, -1 for what must not reach a terminal as it is: controls, and
 * format characters, which reorder or hide their neighbours.
 */
int pw_utf8_width(uint32_t character);

/* Columns of a NUL-terminated text that is already fit for a terminal. */
size_t pw_utf8_columns(const char *text);

#endif
