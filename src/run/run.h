/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `procwatch run` is two processes. The launcher has procwatch's pid and its place in the
 * process group; it starts the command, waits for it, and is otherwise as thin a parent as a
 * shell. The recorder, its child in a process group of its own, captures and reports. So no
 * signal to the group, not even SIGKILL, costs the report, and the recorder's work never delays
 * the launcher's wait.
 */
#ifndef PW_RUN_H
#define PW_RUN_H

#include <stdbool.h>
#include <sys/types.h>

#include "run/settings.h"
#include "run/user.h"

enum pw_wait { PW_WAIT_TREE, PW_WAIT_LEADER };

struct pw_run_settings {
	struct pw_settings common;
	/* when the capture ends: with the last descendant or with the command */
	enum pw_wait wait;
	bool no_children;
	/* --user; NULL: not given */
	const char *user;
	/* the command and its arguments, NULL-terminated */
	char **command;
	/* the name of the demo, if the command is one; else NULL */
	const char *demo;
	/* the path of the demo's program */
	char demo_path[4096];
};

/* The launcher: starts the recorder and the command, and ends after both. Returns the exit status. */
int pw_launcher_run(struct pw_run_settings *settings, const struct pw_user *user);

/*
 * The recorder: captures and reports. socket leads to the launcher, whose pid is launcher.
 * Returns the exit status.
 */
int pw_recorder_run(struct pw_run_settings *settings, int socket, pid_t launcher);

#endif
