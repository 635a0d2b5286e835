/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors: a function that can fail returns a negative errno and, where the
 * reason is worth words, writes one line into the caller's pw_error. Only the
 * top (src/cmd) prints it.
 */
#ifndef PW_ERROR_H
#define PW_ERROR_H

struct pw_error {
	char text[512]; /* one line, no newline; empty: strerror() says it all */
};

/* Writes the line and returns -err. */
int pw_fail(struct pw_error *error, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
