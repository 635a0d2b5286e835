/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One pid, COUNT processes: clone3 can ask for a number, and a reaped child's is free
 * at once, long before the kernel has freed the rest of it. The number was a
 * thread's before.
 *
 *	pid_reuse COUNT
 */
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

#include "tell.h"

static pid_t number;

static void *lend_number(void *unused)
{
	(void)unused;
	number = gettid();
	return NULL;
}

static pid_t clone_as(pid_t pid)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD, .set_tid = (uint64_t)(uintptr_t)&pid, .set_tid_size = 1};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

int main(int argc, char **argv)
{
	long count = argc == 2 ? atol(argv[1]) : 0;
	pthread_t thread;

	pthread_create(&thread, NULL, lend_number, NULL);
	pthread_join(thread, NULL);
	for (long i = 0; i < count; i++) {
		uint64_t before = now(), after;
		pid_t pid = clone_as(number);
		int status;

		if (pid < 0 && errno == EEXIST) { /* still the thread's, or another's by now */
			i--;
			continue;
		}
		if (pid < 0)
			die("clone3");
		if (!pid)
			_exit((int)i);
		status = reap(pid);
		after = now();
		tell("process pid=%d code=%d before=%" PRIu64 " after=%" PRIu64, pid, WEXITSTATUS(status),
		     before, after);
	}
	return 0;
}
