/* SPDX-License-Identifier: GPL-2.0-only */
/* The subcommands. Each takes its own argv (argv[0] is its name) and returns the exit status. */
#ifndef PW_CMD_H
#define PW_CMD_H

enum pw_exit_status {
	PW_EXIT_USAGE = 2,
	PW_EXIT_FAILED = 125, /* procwatch itself failed */
	PW_EXIT_CANNOT_RUN = 126, /* the command was found but cannot be executed */
	PW_EXIT_NOT_FOUND = 127,
	PW_EXIT_SIGNAL = 128, /* plus the signal's number */
};

int pw_cmd_run(int argc, char **argv);
int pw_cmd_attach(int argc, char **argv);
int pw_cmd_report(int argc, char **argv);
int pw_cmd_demos(int argc, char **argv);
int pw_cmd_check(int argc, char **argv);

/* "procwatch: " and the line, on standard error. */
void pw_log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
