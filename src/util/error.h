/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors: a function that can fail returns a negative errno and, if the errno alone does not
 * explain it, writes one line into the caller's pw_error. The caller at the top prints it.
 */
#ifndef PW_ERROR_H
#define PW_ERROR_H

struct pw_error {
	/* one line without a newline; empty: strerror() is enough */
	char text[512];
};

/* Writes the line and returns -err, which makes `return pw_fail(...)` short. */
int pw_fail(struct pw_error *error, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
