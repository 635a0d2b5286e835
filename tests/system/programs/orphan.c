/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A grandchild outlives its parent, and prints the process that adopted it.
 */
#include "tell.h"

/* Its end is seen at the other end of the pipe. */
_Noreturn static void orphan(pid_t parent, int hold)
{
	uint64_t since = 0, at = now();

	while (getppid() == parent) {
		since = at; /* so late it still had its parent */
		pause_ms(1);
		at = now();
	}
	tell("orphan pid=%d parent=%d adopter=%d since=%" PRIu64 " until=%" PRIu64, getpid(), parent,
	     getppid(), since, now());
	pause_ms(30);
	close(hold);
	_exit(3);
}

int main(void)
{
	char nothing;
	int ends[2];
	pid_t middle;

	if (pipe(ends))
		die("pipe");
	middle = fork();
	if (!middle) {
		pid_t self = getpid();

		if (!fork())
			orphan(self, ends[1]);
		pause_ms(20);
		_exit(2);
	}
	close(ends[1]);
	tell("middle pid=%d status=%d", middle, reap(middle));
	while (read(ends[0], &nothing, 1) > 0)
		;
	pause_ms(50);
	return 0;
}
