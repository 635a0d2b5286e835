/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Children that end, are seen to have ended, and are reaped a while later; every
 * step with the clock read before and after it.
 *
 *	zombies COUNT HOLD_MS
 */
#include "tell.h"

static void one(long number, long hold_ms, uint64_t *last)
{
	uint64_t seen, before, after;
	siginfo_t info;
	int status;
	pid_t pid;

	*last = 0;
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		*last = now();
		_exit((int)number);
	}
	/* It can be waited for; WNOWAIT leaves it a zombie. */
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT))
		die("waitid");
	seen = now();
	pause_ms(hold_ms);
	before = now();
	status = reap(pid);
	after = now();
	tell("zombie pid=%d last=%" PRIu64 " seen=%" PRIu64 " before=%" PRIu64 " after=%" PRIu64 " status=%d",
	     pid, *last, seen, before, after, status);
}

int main(int argc, char **argv)
{
	long count = argc == 3 ? atol(argv[1]) : 0, hold_ms = argc == 3 ? atol(argv[2]) : 0;
	uint64_t *last = shared(sizeof(*last));

	for (long i = 0; i < count; i++)
		one(i, hold_ms, last);
	return 0;
}
