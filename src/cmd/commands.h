/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subcommands: one row each. To add one, write pw_cmd_NAME in src/cmd/NAME.c and add its row
 * here; the help of procwatch and its guesses at misspelt commands follow (docs/howto).
 */
#ifndef PW_COMMANDS_H
#define PW_COMMANDS_H

// clang-format off
/* X(name, alias or NULL, arguments, what --help says of it) */
#define PW_COMMANDS(X) \
	X(run,    NULL,    "DEMO|COMMAND [ARG...]", "launch a demo or a command, and record it and all its descendants") \
	X(attach, "trace", "-p PID|-n NAME|-a",     "record running processes and their descendants") \
	X(report, NULL,    "FILE|-",                "render a recording that -o saved; needs no root") \
	X(demos,  NULL,    "[NAME]",                "list the demos, or show what one of them does and claims") \
	X(check,  NULL,    "",                      "check kernel support: which hooks will be used, what is missing, " \
						    "how to fix it")
// clang-format on

/* Each gets its own argv, argv[0] being its name, and returns the exit status. */
#define PW_DECLARE_COMMAND(name, alias, arguments, help) int pw_cmd_##name(int argc, char **argv);
PW_COMMANDS(PW_DECLARE_COMMAND)

#endif
