/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/parse.h"

#define MAX_ID 4294967294L /* (uid_t)-1 is nobody's */

static void copy_entry(struct pw_user *user, const struct passwd *pw)
{
	user->uid = pw->pw_uid;
	user->gid = pw->pw_gid;
	snprintf(user->name, sizeof(user->name), "%s", pw->pw_name);
	snprintf(user->home, sizeof(user->home), "%s", pw->pw_dir);
	snprintf(user->shell, sizeof(user->shell), "%s", pw->pw_shell);
}

static int find_named(struct pw_user *user, const char *name, struct pw_error *error)
{
	const struct passwd *pw = getpwnam(name);
	long uid;

	if (!pw && !pw_parse_number(name, 0, MAX_ID, &uid))
		pw = getpwuid((uid_t)uid);
	if (!pw)
		return pw_fail(error, ENOENT, "there is no user '%s'", name);
	copy_entry(user, pw);
	return 0;
}

/*
 * Who called sudo may be unknown here, in a container say: then its numbers are
 * all there is. Numbers that make no sense never mean root.
 */
static int find_sudo_caller(struct pw_user *user, const char *sudo_uid, struct pw_error *error)
{
	const char *sudo_gid = getenv("SUDO_GID");
	const struct passwd *pw;
	long uid, gid;

	if (pw_parse_number(sudo_uid, 0, MAX_ID, &uid))
		return pw_fail(error, ENOENT,
			       "SUDO_UID is '%s', not the uid of a user: unset it, or name one with --user",
			       sudo_uid);
	pw = getpwuid((uid_t)uid);
	if (pw)
		copy_entry(user, pw);
	if (sudo_gid && !pw_parse_number(sudo_gid, 0, MAX_ID, &gid))
		user->gid = (gid_t)gid;
	else if (!pw)
		return pw_fail(error, ENOENT, "there is no user with the uid %ld of SUDO_UID", uid);
	if (!pw) {
		user->uid = (uid_t)uid;
		strcpy(user->home, "/");
	}
	return 0;
}

int pw_user_find(struct pw_user *user, const char *name, struct pw_error *error)
{
	const char *sudo_uid = getenv("SUDO_UID");
	int err;

	memset(user, 0, sizeof(*user));
	if (!name && (geteuid() || !sudo_uid))
		return 0;
	err = name ? find_named(user, name, error) : find_sudo_caller(user, sudo_uid, error);
	if (err || user->uid == geteuid())
		return err;
	if (geteuid())
		return pw_fail(error, EPERM, "only root can run a command as another user ('%s')", name);
	user->change = true;
	return 0;
}

bool pw_command_find(const char *name, char *file, size_t size)
{
	const char *path = getenv("PATH"), *end;
	int length;

	if (strchr(name, '/')) {
		length = snprintf(file, size, "%s", name);
		return length > 0 && (size_t)length < size;
	}
	for (path = path ? path : "/bin:/usr/bin"; path; path = *end ? end + 1 : NULL) {
		end = strchrnul(path, ':');
		length = snprintf(file, size, "%.*s%s%s", (int)(end - path), path, end > path ? "/" : "",
				  name);
		if (length > 0 && (size_t)length < size && !access(file, F_OK))
			return true;
	}
	return false;
}

bool pw_command_exists(const char *name)
{
	char file[4096];

	return strchr(name, '/') || pw_command_find(name, file, sizeof(file));
}

static int become(const struct pw_user *user)
{
	if (!user->change)
		return 0;
	if (user->name[0] ? initgroups(user->name, user->gid) : setgroups(1, &user->gid))
		return -errno;
	if (setgid(user->gid) || setuid(user->uid) || setenv("HOME", user->home, 1))
		return -errno;
	if (!user->name[0])
		return 0;
	return setenv("USER", user->name, 1) || setenv("LOGNAME", user->name, 1) ||
			       setenv("SHELL", user->shell, 1)
		       ? -errno
		       : 0;
}

/* What a child that could not exec says to its parent. */
struct failure {
	int err;
	bool prepared; /* it was exec that failed */
};

/* In the child; returns only on failure. */
static struct failure exec_command(const struct pw_launch *launch)
{
	int err;

	environ = launch->environment;
	err = become(launch->user);
	if (!err && launch->stdout_to_stderr && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		err = -errno;
	if (err)
		return (struct failure){.err = -err};
	if (launch->ignore_sigchld)
		signal(SIGCHLD, SIG_IGN);
	sigprocmask(SIG_SETMASK, launch->signal_mask, NULL);
	if (launch->path)
		execv(launch->path, launch->argv);
	else
		execvp(launch->argv[0], launch->argv);
	return (struct failure){.err = errno, .prepared = true};
}

static enum pw_launch_result explain(const struct failure *failure, const struct pw_launch *launch,
				     struct pw_error *error)
{
	const char *command = launch->argv[0];

	if (!failure->prepared) {
		pw_fail(error, failure->err, "cannot prepare '%.200s' to run as '%s': %s%s", command,
			launch->user->change ? launch->user->name : "the caller", strerror(failure->err),
			failure->err == EPERM ? " (it takes CAP_SETUID and CAP_SETGID)" : "");
		return PW_LAUNCH_FAILED;
	}
	if (failure->err != ENOENT) {
		pw_fail(error, failure->err, "cannot run '%.200s': %s", command, strerror(failure->err));
		return PW_LAUNCH_CANNOT_RUN;
	}
	/* execve() says ENOENT for the interpreter of a script, too. */
	if (*command && pw_command_exists(command) && (!strchr(command, '/') || !access(command, F_OK))) {
		pw_fail(error, ENOENT, "cannot run '%.200s': its interpreter is not there", command);
		return PW_LAUNCH_CANNOT_RUN;
	}
	pw_fail(error, ENOENT, "cannot run '%.200s': no such command", command);
	return PW_LAUNCH_NOT_FOUND;
}

static enum pw_launch_result no_process(struct pw_error *error)
{
	pw_fail(error, errno, "cannot start another process: %s", strerror(errno));
	return PW_LAUNCH_FAILED;
}

enum pw_launch_result pw_launch(const struct pw_launch *launch, pid_t *pid, struct pw_error *error)
{
	struct failure failure;
	int report[2];
	ssize_t n;

	/* exec closes this pipe; only a failed one writes to it. */
	if (pipe2(report, O_CLOEXEC))
		return no_process(error);
	*pid = fork();
	if (*pid == 0) {
		failure = exec_command(launch);
		n = write(report[1], &failure, sizeof(failure));
		_exit(n == sizeof(failure) ? 127 : 125);
	}
	close(report[1]);
	if (*pid < 0) {
		close(report[0]);
		return no_process(error);
	}
	do
		n = read(report[0], &failure, sizeof(failure));
	while (n < 0 && errno == EINTR);
	close(report[0]);
	if (n != sizeof(failure))
		return PW_LAUNCH_DONE;
	waitpid(*pid, NULL, 0);
	return explain(&failure, launch, error);
}
