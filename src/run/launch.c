/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/launch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

bool pw_command_find(const char *name, char *file, size_t size)
{
	const char *path = getenv("PATH");
	int length;

	if (strchr(name, '/')) {
		length = snprintf(file, size, "%s", name);
		return length > 0 && (size_t)length < size;
	}
	if (!path)
		path = "/bin:/usr/bin"; /* as execvp() does */
	for (;;) {
		const int folder = (int)strcspn(path, ":");

		/* An empty folder is the current one. */
		length = snprintf(file, size, "%.*s%s%s", folder, path, folder ? "/" : "", name);
		if (length > 0 && (size_t)length < size && !access(file, F_OK))
			return true;
		if (!path[folder])
			return false;
		path += folder + 1;
	}
}

bool pw_command_exists(const char *name)
{
	char file[4096];

	return strchr(name, '/') || pw_command_find(name, file, sizeof(file));
}

static int set_variables(const struct pw_user *user)
{
	if (setenv("HOME", user->home, 1))
		return -errno;
	if (!user->name[0])
		return 0;
	if (setenv("USER", user->name, 1) || setenv("LOGNAME", user->name, 1) ||
	    setenv("SHELL", user->shell, 1))
		return -errno;
	return 0;
}

static int become(const struct pw_user *user)
{
	int err;

	if (!user->change)
		return 0;
	if (user->name[0])
		err = initgroups(user->name, user->gid);
	else
		err = setgroups(1, &user->gid);
	if (err || setgid(user->gid) || setuid(user->uid))
		return -errno;
	return set_variables(user);
}

/* What a child that could not exec tells its parent. */
struct failure {
	/* a positive errno */
	int err;
	/* true: exec itself failed */
	bool prepared;
};

/* Runs in the child; returns only on failure. */
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

/* The command was not tried, because the child could not become its user. */
static void explain_user(int err, const struct pw_launch *launch, struct pw_error *error)
{
	const struct pw_user *user = launch->user;
	const char *hint = err == EPERM ? "; this needs CAP_SETUID and CAP_SETGID" : "";

	if (user->change)
		pw_fail(error, err, "cannot run '%.200s' as uid %u: %s%s", launch->argv[0], user->uid,
			strerror(err), hint);
	else
		pw_fail(error, err, "cannot prepare to run '%.200s': %s%s", launch->argv[0], strerror(err),
			hint);
}

static enum pw_launch_result explain(const struct failure *failure, const struct pw_launch *launch,
				     struct pw_error *error)
{
	const char *command = launch->argv[0];

	if (!failure->prepared) {
		explain_user(failure->err, launch, error);
		return PW_LAUNCH_FAILED;
	}
	if (failure->err != ENOENT) {
		pw_fail(error, failure->err, "cannot run '%.200s': %s", command, strerror(failure->err));
		return PW_LAUNCH_CANNOT_RUN;
	}
	/* execve() also fails with ENOENT when the interpreter of a script is missing. */
	if (*command && pw_command_exists(command) && (!strchr(command, '/') || !access(command, F_OK))) {
		pw_fail(error, ENOENT, "cannot run '%.200s': its interpreter does not exist", command);
		return PW_LAUNCH_CANNOT_RUN;
	}
	pw_fail(error, ENOENT, "cannot run '%.200s': command not found", command);
	return PW_LAUNCH_NOT_FOUND;
}

static enum pw_launch_result refuse_process(struct pw_error *error)
{
	pw_fail(error, errno, "cannot start a process: %s", strerror(errno));
	return PW_LAUNCH_FAILED;
}

enum pw_launch_result pw_launch(const struct pw_launch *launch, pid_t *pid, struct pw_error *error)
{
	struct failure failure;
	int report[2];
	ssize_t n;

	/* A successful exec closes this pipe; a failed one writes the reason into it. */
	if (pipe2(report, O_CLOEXEC))
		return refuse_process(error);
	*pid = fork();
	if (*pid == 0) {
		failure = exec_command(launch);
		n = write(report[1], &failure, sizeof(failure));
		_exit(n == sizeof(failure) ? 127 : 125);
	}
	close(report[1]);
	if (*pid < 0) {
		close(report[0]);
		return refuse_process(error);
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

void pw_close_inherited(void)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;

	if (!dir)
		return;
	/* procwatch opens everything with close-on-exec; what it inherited survived an exec. */
	for (entry = readdir(dir); entry; entry = readdir(dir)) {
		int fd = atoi(entry->d_name), flags = fcntl(fd, F_GETFD);

		if (fd > STDERR_FILENO && flags >= 0 && !(flags & FD_CLOEXEC))
			close(fd);
	}
	closedir(dir);
}
