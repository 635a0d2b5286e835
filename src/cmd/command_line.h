/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parses the command line of a subcommand with argp, which also prints the --help. Errors are
 * printed here, in one line that names the wrong word and the cure; argp's own messages do not.
 */
#ifndef PW_COMMAND_LINE_H
#define PW_COMMAND_LINE_H

#include <argp.h>

#include "util/error.h"

/*
 * A row of an option table. All options are in the argp group -1, because argp puts --help and
 * --version there and prints a blank line between groups.
 */
// clang-format off
#define PW_OPTION(name, key, argument, help) {name, key, argument, 0, help, -1}
// clang-format on

/* Options under one title in the --help. */
struct pw_option_group {
	/* "Output:" */
	const char *title;
	/* ends with an entry of zeros */
	const struct argp_option *options;
};

#define PW_MAX_GROUPS 8

struct pw_command_line {
	/* "run" */
	const char *command;
	/* as argp's args_doc and doc */
	const char *args_doc, *doc;
	/* in the order of the --help; the unused rest is NULL */
	const struct pw_option_group *groups[PW_MAX_GROUPS];
	/*
	 * Takes an option, or an argument (ARGP_KEY_ARG). Returns 0, a negative errno with error
	 * filled, or ARGP_ERR_UNKNOWN.
	 */
	int (*take)(void *context, int key, char *arg, struct argp_state *state, struct pw_error *error);
};

/*
 * The last group of every subcommand is one of these: -v, -q, -h and -V, without -v, or without
 * -v and -q. -h and -V never reach take.
 */
extern const struct pw_option_group pw_group_general, pw_group_general_quiet, pw_group_general_help;

/*
 * Parses argv. Prints what --help and --version ask for, and errors. Returns -1 if the
 * subcommand goes on, else its exit status.
 */
int pw_command_line_parse(const struct pw_command_line *line, void *context, int argc, char **argv);

/* Flushes standard output. Returns 0, or prints the error and returns an exit status. */
int pw_flush_stdout(void);

#endif
