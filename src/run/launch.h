/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Starts a command as if procwatch were not there: with the process group, terminal, standard
 * streams, environment, signal dispositions and directory of procwatch's caller.
 */
#ifndef PW_LAUNCH_H
#define PW_LAUNCH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "run/user.h"
#include "util/error.h"

/* Whether name is a path, or a file of that name is in PATH. */
bool pw_command_exists(const char *name);
/* Writes the file that name stands for: name itself if it has a slash, else a file in PATH. False: none. */
bool pw_command_find(const char *name, char *file, size_t size);

struct pw_launch {
	/* NULL: argv[0], looked up in PATH */
	const char *path;
	char *const *argv;
	char **environment;
	const struct pw_user *user;
	/* a report takes standard output */
	bool stdout_to_stderr;
	/* the command's signal mask */
	const sigset_t *signal_mask;
	/* the command starts with SIGCHLD ignored, because procwatch did */
	bool ignore_sigchld;
};

enum pw_launch_result {
	PW_LAUNCH_DONE,
	/* before exec: fork failed, or the user cannot be changed */
	PW_LAUNCH_FAILED,
	/* exec failed */
	PW_LAUNCH_CANNOT_RUN,
	PW_LAUNCH_NOT_FOUND,
};

/* Forks and execs; *pid becomes the child's pid. On failure the child is reaped and error filled. */
enum pw_launch_result pw_launch(const struct pw_launch *launch, pid_t *pid, struct pw_error *error);

/*
 * Closes every inherited descriptor except the standard streams: whoever waits for the end of
 * such a pipe waits for the command, not for procwatch.
 */
void pw_close_inherited(void);

#endif
