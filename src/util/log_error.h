/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors and remarks for the user: one line each on standard error. What a message quotes is
 * escaped, so that no name or argument acts on the terminal, and a very long line is cut.
 */
#ifndef PW_LOG_ERROR_H
#define PW_LOG_ERROR_H

/* Prints "procwatch: " and the message. */
void pw_log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints "procwatch COMMAND: " and the message: the command line of that subcommand is wrong. */
void pw_log_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
