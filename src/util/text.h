/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text that grows as it is written, and the escaping that whatever came from
 * outside (names, arguments, paths) must pass before a terminal sees it.
 *
 * Memory that runs out is remembered (failed) and every later call does
 * nothing, so that a writer checks once, at the end.
 */
#ifndef PW_TEXT_H
#define PW_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is an empty text. */
struct pw_text {
	char *at; /* NUL-terminated; NULL as long as nothing was written */
	size_t length, room;
	bool failed;
};

enum pw_escaping {
	PW_AS_UTF8, /* printable characters stay, all else is \xNN per byte, a backslash is \\ */
	PW_AS_ASCII, /* likewise, and only ASCII stays */
	PW_PROSE_AS_ASCII, /* likewise, but the report's own signs (µ … – ≤ ×) become us ... - <= x */
};

/* The text, never NULL. */
const char *pw_text_get(const struct pw_text *t);
/* Empties it and keeps its room. */
void pw_text_clear(struct pw_text *t);
void pw_text_free(struct pw_text *t);

void pw_text_bytes(struct pw_text *t, const char *bytes, size_t n);
void pw_text_add(struct pw_text *t, const char *string);
void pw_text_format(struct pw_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pw_text_repeat(struct pw_text *t, const char *string, size_t times);

/* Bytes from outside, made fit for a terminal: one line, no controls, valid UTF-8. */
void pw_text_escaped(struct pw_text *t, const char *bytes, size_t n, enum pw_escaping how);

/* One word of a command line, quoted as bash reads it where it must be: a, 'a b', $'a\x07'. */
void pw_text_shell_word(struct pw_text *t, const char *word, enum pw_escaping how);

/*
 * At most columns of a text that is already fit for a terminal; when it is
 * longer, the sign for "cut" (one column wide) takes its last column. Returns
 * the columns used.
 */
size_t pw_text_cut(struct pw_text *t, const char *text, size_t columns, const char *cut);

#endif
