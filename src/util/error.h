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

/*
 * The top prints errors and remarks with these: one line each on standard error. What a message
 * quotes is escaped, so that no name or argument acts on the terminal, and a very long line is cut.
 */
/* Prints "procwatch: " and the message. */
void pw_log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints "procwatch COMMAND: " and the message: the command line of that subcommand is wrong. */
void pw_log_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
