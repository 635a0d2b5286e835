/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * moved SLEEPS: a process works a little, sleeps 20 ms, and is moved to CPU 1 by its
 * parent, which is busy on the same CPU 0 and so runs as soon as it sleeps; so often.
 * Since 6.12 the scheduler may then still have it on its runqueue.
 */
#include "tell.h"

#include <sched.h>

enum { SLEEP_MS = 20 };

static void move(pid_t pid, int cpu)
{
	cpu_set_t only;

	CPU_ZERO(&only);
	CPU_SET(cpu, &only);
	if (sched_setaffinity(pid, sizeof(only), &only) != 0)
		die("sched_setaffinity");
}

static void work(uint64_t ns)
{
	for (uint64_t begun = now(); now() - begun < ns;)
		;
}

static int sleep_often(volatile int *asleep, long sleeps)
{
	for (long i = 0; i < sleeps; i++) {
		move(0, 0);
		work(2000000 + (uint64_t)i % 20 * 200000); /* ends anywhere in its time slice */
		*asleep = 1;
		pause_ms(SLEEP_MS);
	}
	tell("sleeper pid=%d asked=%ld", getpid(), sleeps * SLEEP_MS * 1000000);
	return 0;
}

int main(int argc, char **argv)
{
	volatile int *asleep = shared(sizeof(*asleep));
	const long sleeps = argc == 2 ? atol(argv[1]) : 0;
	pid_t sleeper, ended;
	int status;

	move(0, 0);
	sleeper = fork();
	if (!sleeper)
		return sleep_often(asleep, sleeps);
	if (sleeper < 0)
		die("fork");
	while (!(ended = waitpid(sleeper, &status, WNOHANG))) {
		if (*asleep) {
			*asleep = 0;
			move(sleeper, 1);
		}
	}
	if (ended != sleeper || status)
		die("waitpid");
	return 0;
}
