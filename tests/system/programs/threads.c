/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads.
 *
 *	threads many COUNT	COUNT threads at once, each sleeps and ends
 *	threads leader		the leader ends first, another thread when that has been seen
 *	threads exec		a thread other than the leader calls exec
 *	threads fork		a thread forks and ends; its child outlives it
 *	threads killed		exit_group takes sleeping and busy threads along
 */
#include <pthread.h>
#include <sys/syscall.h>

#include "tell.h"

static char *self;
static long argument;
static pid_t forked;

static void *nap(void *unused)
{
	(void)unused;
	tell("thread tid=%d", gettid());
	pause_ms(20);
	return NULL;
}

static void many(void)
{
	pthread_t *threads = calloc((size_t)argument, sizeof(*threads));

	for (long i = 0; i < argument; i++)
		if (pthread_create(&threads[i], NULL, nap, NULL))
			die("pthread_create");
	for (long i = 0; i < argument; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}

static void *outlive(void *release)
{
	char nothing;

	if (read(*(int *)release, &nothing, 1) != 1)
		die("read");
	tell("last tid=%d", gettid());
	syscall(SYS_exit, 5);
	return NULL;
}

/* In a child, so that its parent can print the wait status and its time. */
static void leader(void)
{
	uint64_t before, after;
	siginfo_t info = {0};
	pthread_t thread;
	int status, release[2];
	pid_t pid;

	if (pipe(release))
		die("pipe");
	pid = fork();
	if (!pid) {
		pthread_create(&thread, NULL, outlive, &release[0]);
		syscall(SYS_exit, 6);
	}
	while (state_of(pid) != 'Z')
		pause_ms(1);
	/* It looks like a zombie, and yet it cannot be waited for. */
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | WNOHANG) || info.si_pid)
		die("a process with a living thread was waited for");
	pause_ms(30);
	before = now();
	if (write(release[1], "", 1) != 1)
		die("write");
	status = reap(pid);
	after = now();
	tell("child pid=%d before=%" PRIu64 " after=%" PRIu64 " status=%d", pid, before, after, status);
}

static void *exec_again(void *unused)
{
	(void)unused;
	tell("before pid=%d tid=%d", getpid(), gettid());
	execl(self, self, "after", NULL);
	die("exec");
}

static void exec(void)
{
	pthread_t thread, idle;

	pthread_create(&idle, NULL, nap, NULL);
	pthread_create(&thread, NULL, exec_again, NULL);
	pthread_join(thread, NULL);
}

static void *fork_and_end(void *unused)
{
	(void)unused;
	forked = fork();
	if (!forked) {
		pause_ms(50);
		tell("child pid=%d parent=%d", getpid(), getppid());
		_exit(7);
	}
	return NULL;
}

static void fork_in_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, fork_and_end, NULL);
	pthread_join(thread, NULL);
	tell("reaped pid=%d status=%d", forked, reap(forked));
}

static void *spin(void *unused)
{
	(void)unused;
	for (;;)
		;
	return NULL;
}

static void *sleep_on(void *unused)
{
	(void)unused;
	pause();
	return NULL;
}

static void killed(void)
{
	pthread_t thread;

	for (int i = 0; i < 4; i++)
		pthread_create(&thread, NULL, i % 2 ? spin : sleep_on, NULL);
	pause_ms(30);
	exit(8);
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";

	self = argv[0];
	argument = argc > 2 ? atol(argv[2]) : 0;
	if (!strcmp(how, "many")) {
		many();
	} else if (!strcmp(how, "leader")) {
		leader();
	} else if (!strcmp(how, "exec")) {
		exec();
	} else if (!strcmp(how, "after")) {
		tell("after pid=%d tid=%d", getpid(), gettid());
		return 9;
	} else if (!strcmp(how, "fork")) {
		fork_in_thread();
	} else if (!strcmp(how, "killed")) {
		killed();
	} else {
		return 2;
	}
	return 0;
}
