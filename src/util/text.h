/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A text that grows as it is written, and the escaping of everything from outside (names,
 * arguments, paths) before it goes to a terminal.
 *
 * After an allocation has failed (`failed`), every call does nothing, so a writer checks only once,
 * at the end.
 */
#ifndef PW_TEXT_H
#define PW_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is an empty text. */
struct pw_text {
	/* NUL-terminated; NULL if nothing was written */
	char *at;
	size_t length, room;
	bool failed;
};

enum pw_escaping {
	/* printable characters stay, other bytes become \xNN, a backslash becomes \\ */
	PW_AS_UTF8,
	/* the same, but only ASCII stays */
	PW_AS_ASCII,
	/* the same, but the signs of procwatch's own sentences (µ … – ≤ ×) become u ... - <= x */
	PW_PROSE_AS_ASCII,
};

/* The text, never NULL; valid until the next change. */
const char *pw_text_get(const struct pw_text *t);
/* Empties the text but keeps its memory. */
void pw_text_clear(struct pw_text *t);
void pw_text_free(struct pw_text *t);

void pw_text_bytes(struct pw_text *t, const char *bytes, size_t n);
void pw_text_add(struct pw_text *t, const char *string);
void pw_text_format(struct pw_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pw_text_repeat(struct pw_text *t, const char *string, size_t times);

/* Adds bytes from outside in a form that is safe for a terminal: one line, no controls, valid UTF-8. */
void pw_text_escaped(struct pw_text *t, const char *bytes, size_t n, enum pw_escaping how);

/* Adds one word of a command line, quoted for bash if necessary: a, 'a b', $'a\x07'. */
void pw_text_shell_word(struct pw_text *t, const char *word, enum pw_escaping how);

/*
 * Adds at most `columns` columns of a text that is already safe for a terminal. If it is longer, the
 * sign `cut`, one column wide, takes the last one. Returns the number of columns used.
 */
size_t pw_text_cut(struct pw_text *t, const char *text, size_t columns, const char *cut);

#endif
