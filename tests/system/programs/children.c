/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every way to make a child, and every way to be rid of one.
 *
 *	children ignored | nocldwait | peek | vfork | spawn | clone3 | silent | usr1 | sibling
 */
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>

#include "tell.h"

extern char **environ;

static void no_handler(int sig)
{
	(void)sig;
}

/* Whoever does not want to know of its children's ends leaves no zombies. */
static void autoreaped(void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	uint64_t before, after;
	pid_t pid;

	if (sigaction(SIGCHLD, &action, NULL))
		die("sigaction");
	for (int i = 0; i < 3; i++) {
		before = now();
		pid = fork();
		if (!pid) {
			pause_ms(20);
			_exit(20 + i);
		}
		while (wait(NULL) >= 0 || errno == EINTR)
			;
		if (errno != ECHILD)
			die("wait");
		after = now();
		tell("child pid=%d code=%d before=%" PRIu64 " after=%" PRIu64, pid, 20 + i, before, after);
	}
}

/* Looks twice without reaping, then reaps with waitid. */
static void peek(void)
{
	uint64_t before, after;
	siginfo_t info;
	pid_t pid = fork();

	if (!pid)
		_exit(3);
	for (int i = 0; i < 2; i++) {
		if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT))
			die("waitid");
		pause_ms(30);
	}
	before = now();
	if (waitid(P_PID, (id_t)pid, &info, WEXITED))
		die("waitid");
	after = now();
	tell("child pid=%d code=%d before=%" PRIu64 " after=%" PRIu64, pid, info.si_status, before, after);
}

static void tell_reaped(pid_t pid)
{
	uint64_t before = now();
	int status = reap(pid);
	uint64_t after = now();

	tell("child pid=%d code=%d before=%" PRIu64 " after=%" PRIu64, pid, WEXITSTATUS(status), before,
	     after);
}

static void with_vfork(void)
{
	pid_t pid = vfork();

	if (!pid) {
		struct timespec pause = {.tv_nsec = 50000000};

		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		_exit(31);
	}
	tell_reaped(pid);
}

static void with_spawn(void)
{
	char *argv[] = {(char *)"sh", (char *)"-c", (char *)"exit 32", NULL};
	pid_t pid;

	if (posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ))
		die("posix_spawn");
	tell_reaped(pid);
}

static pid_t clone_with(uint64_t flags, int exit_signal)
{
	struct clone_args args = {.flags = flags, .exit_signal = (uint64_t)exit_signal};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static void with_clone(int exit_signal, int code)
{
	pid_t pid;

	signal(SIGUSR1, no_handler);
	pid = clone_with(0, exit_signal);
	if (pid < 0)
		die("clone3");
	if (!pid) {
		pause_ms(20);
		_exit(code);
	}
	tell_reaped(pid);
}

/* With CLONE_PARENT the child's parent is the caller's. */
static void sibling(void)
{
	pid_t middle = fork(), *pid = shared(sizeof(*pid));

	if (!middle) {
		*pid = clone_with(CLONE_PARENT, 0);
		if (!*pid) {
			pause_ms(40);
			_exit(37);
		}
		tell("sibling pid=%d", *pid);
		_exit(36);
	}
	tell_reaped(middle);
	while (waitpid(-1, NULL, __WALL) > 0)
		;
}

int main(int argc, char **argv)
{
	const char *how = argc == 2 ? argv[1] : "";

	if (!strcmp(how, "ignored"))
		autoreaped(SIG_IGN, 0);
	else if (!strcmp(how, "nocldwait"))
		autoreaped(no_handler, SA_NOCLDWAIT);
	else if (!strcmp(how, "peek"))
		peek();
	else if (!strcmp(how, "vfork"))
		with_vfork();
	else if (!strcmp(how, "spawn"))
		with_spawn();
	else if (!strcmp(how, "clone3"))
		with_clone(SIGCHLD, 33);
	else if (!strcmp(how, "silent"))
		with_clone(0, 34);
	else if (!strcmp(how, "usr1"))
		with_clone(SIGUSR1, 35);
	else if (!strcmp(how, "sibling"))
		sibling();
	else
		return 2;
	return 0;
}
