/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Starting a command as if procwatch were not there: same process group,
 * terminal, standard streams, environment, signal dispositions and directory.
 */
#ifndef PW_LAUNCH_H
#define PW_LAUNCH_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "util/error.h"

/* Who the command runs as. */
struct pw_user {
	bool change; /* false: as the caller */
	uid_t uid;
	gid_t gid;
	char name[64]; /* empty: not in the user database */
	char home[256], shell[128];
};

/*
 * name NULL: whoever called sudo, or nobody else; else a login name or a uid.
 * -ENOENT or -EPERM with error filled.
 */
int pw_user_find(struct pw_user *user, const char *name, struct pw_error *error);

/* Whether name is a path, or there is such a file in PATH. */
bool pw_command_exists(const char *name);
/* The file a command's name stands for, in PATH when there is no slash in it. False: there is none. */
bool pw_command_find(const char *name, char *file, size_t size);

struct pw_launch {
	const char *path; /* NULL: argv[0], looked up in PATH */
	char *const *argv;
	char **environment;
	const struct pw_user *user;
	bool stdout_to_stderr; /* standard output is taken by a report */
	const sigset_t *signal_mask; /* what the command's mask shall be */
	bool ignore_sigchld; /* what its SIGCHLD shall be: some are started that way */
};

enum pw_launch_result {
	PW_LAUNCH_DONE,
	PW_LAUNCH_FAILED, /* before exec: no process to be had, the user cannot be changed */
	PW_LAUNCH_CANNOT_RUN, /* exec refused it */
	PW_LAUNCH_NOT_FOUND,
};

/*
 * Forks and execs. The child's pid goes to *pid. When that fails the child is
 * reaped, and error filled.
 */
enum pw_launch_result pw_launch(const struct pw_launch *launch, pid_t *pid, struct pw_error *error);

#endif
