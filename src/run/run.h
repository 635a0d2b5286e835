/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `procwatch run` is two processes. The launcher keeps procwatch's pid and its
 * place in the process group, starts the command, waits for it and is a parent
 * as thin as a shell. The recorder, a child in a process group of its own,
 * captures and reports: no signal meant for the group, not even SIGKILL, takes
 * the report away, and its work never delays the launcher's wait.
 */
#ifndef PW_RUN_H
#define PW_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cmd/options.h"
#include "run/launch.h"

enum pw_wait { PW_WAIT_TREE, PW_WAIT_LEADER };

struct pw_run_options {
	struct pw_common_options common;
	enum pw_wait wait;
	bool no_children;
	const char *user;
	char **command; /* NULL-terminated */
	const char *demo; /* its name when the command is a demo */
	char demo_path[4096]; /* of the demo's program */
};

/* Fills options from the command line; prints --help itself. Returns -1 to go on, else an exit status. */
int pw_run_options_parse(struct pw_run_options *options, int argc, char **argv);

/* The launcher's process, from starting the recorder to its end. Returns the exit status. */
int pw_launcher_run(struct pw_run_options *options, const struct pw_user *user);

/* The recorder's process, from loading the hooks to the last report. Returns the exit status. */
int pw_recorder_run(struct pw_run_options *options, int socket, pid_t launcher);

/* Closes every descriptor procwatch was started with but the standard streams: whoever waits for its end must not wait for us. */
void pw_close_inherited(void);

#endif
