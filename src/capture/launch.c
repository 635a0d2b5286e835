/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct passwd *look_up(const char *name)
{
	char *end;
	unsigned long uid;
	struct passwd *pw = getpwnam(name);

	if (pw)
		return pw;
	uid = strtoul(name, &end, 10);
	return *name && !*end ? getpwuid((uid_t)uid) : NULL;
}

int pw_user_find(struct pw_user *user, const char *name, struct pw_error *error)
{
	const char *sudo_uid = getenv("SUDO_UID");
	struct passwd *pw;

	memset(user, 0, sizeof(*user));
	if (!name && (geteuid() || !sudo_uid || !strcmp(sudo_uid, "0")))
		return 0;
	pw = look_up(name ? name : sudo_uid);
	if (!pw)
		return pw_fail(error, ENOENT, "there is no user '%s'", name ? name : sudo_uid);
	if (pw->pw_uid == geteuid())
		return 0;
	if (geteuid())
		return pw_fail(error, EPERM, "only root can run a command as another user ('%s')", name);
	user->change = true;
	user->uid = pw->pw_uid;
	user->gid = pw->pw_gid;
	snprintf(user->name, sizeof(user->name), "%s", pw->pw_name);
	snprintf(user->home, sizeof(user->home), "%s", pw->pw_dir);
	snprintf(user->shell, sizeof(user->shell), "%s", pw->pw_shell);
	return 0;
}

static int become(const struct pw_user *user)
{
	if (!user->change)
		return 0;
	if (initgroups(user->name, user->gid) || setgid(user->gid) || setuid(user->uid))
		return -errno;
	if (setenv("HOME", user->home, 1) || setenv("USER", user->name, 1) ||
	    setenv("LOGNAME", user->name, 1) || setenv("SHELL", user->shell, 1))
		return -errno;
	return 0;
}

/* In the child; returns only on failure. */
static int exec_command(const struct pw_launch *launch)
{
	int err = become(launch->user);

	if (err)
		return err;
	if (launch->stdout_to_stderr && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return -errno;
	sigprocmask(SIG_SETMASK, launch->signal_mask, NULL);
	if (launch->path)
		execv(launch->path, launch->argv);
	else
		execvp(launch->argv[0], launch->argv);
	return -errno;
}

static int explain(int err, const char *command, struct pw_error *error)
{
	if (err == -ENOENT)
		return pw_fail(error, ENOENT, "cannot run '%s': no such command", command);
	return pw_fail(error, -err, "cannot run '%s': %s", command, strerror(-err));
}

int pw_launch(const struct pw_launch *launch, pid_t *pid, struct pw_error *error)
{
	int report[2], err = 0;
	ssize_t n;

	/* exec closes this pipe; only a failed one writes to it. */
	if (pipe2(report, O_CLOEXEC))
		return pw_fail(error, errno, "cannot make a pipe: %s", strerror(errno));
	*pid = fork();
	if (*pid == 0) {
		err = exec_command(launch);
		n = write(report[1], &err, sizeof(err));
		_exit(n == sizeof(err) ? 127 : 125);
	}
	close(report[1]);
	if (*pid < 0) {
		err = errno;
		close(report[0]);
		return pw_fail(error, err, "cannot fork: %s", strerror(err));
	}
	do
		n = read(report[0], &err, sizeof(err));
	while (n < 0 && errno == EINTR);
	close(report[0]);
	if (n <= 0)
		return 0;
	waitpid(*pid, NULL, 0);
	return explain(err, launch->argv[0], error);
}
