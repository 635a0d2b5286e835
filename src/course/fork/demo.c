/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_fork: one process becomes two.
 *
 * fork() is called once and returns twice: in the parent with the child's pid, in
 * the child with 0. From there on two processes run the same program, side by
 * side. The child works for long and fails; the parent works less, and then waits
 * until the child has ended.
 */
#include "demo.h"

static const char help[] = "usage: demo_fork [--child TIME] [--parent TIME] [--spoil KIND]\n"
			   "A process forks; both work, the child for longer, and the child fails.\n"
			   "  --child TIME   how long the child computes (400ms)\n"
			   "  --parent TIME  how long the parent computes (50ms)\n"
			   "  --spoil KIND   break it on purpose: no-fork, wait-first, poll or succeed\n";

static const char *const kinds[] = {"no-fork", "wait-first", "poll", "succeed", NULL};
enum { NO_FORK = 1, WAIT_FIRST, POLL, SUCCEED };

static void work(const char *who, long ms)
{
	printf("%s %d: computing for %ld ms\n", who, getpid(), ms);
	compute_ms(ms);
}

/* Asks again and again whether the child has ended, instead of sleeping until it has. */
static int poll_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, WNOHANG) == 0)
		;
	return status;
}

int main(int argc, char **argv)
{
	long child_ms = 400, parent_ms = 50;
	int spoil = 0, status;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--child", &child_ms) &&
		    !time_option(argv, &i, "--parent", &parent_ms) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}
	if (spoil == NO_FORK) { /* one process does both, one after the other */
		work("parent", child_ms);
		work("parent", parent_ms);
		return 0;
	}

	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (child == 0) { /* fork() returned 0: this is the child */
		call_me("child");
		work("child", child_ms);
		printf("child %d: failed, exit %d\n", getpid(), spoil != SUCCEED);
		return spoil != SUCCEED;
	}

	/* fork() returned the child's pid: this is the parent, and the child is at work meanwhile. */
	if (spoil != WAIT_FIRST)
		work("parent", parent_ms);
	printf("parent %d: done, now waiting for child %d\n", getpid(), child);
	status = spoil == POLL ? poll_for(child) : wait_for(child);
	if (spoil == WAIT_FIRST)
		work("parent", parent_ms);

	/* The exit code is one byte of the status: 256 is exit code 1. */
	printf("parent %d: child %d ended with status %d, that is exit code %d\n", getpid(), child, status,
	       WEXITSTATUS(status));
	return 0;
}
