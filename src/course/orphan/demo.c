/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_orphan: a parent ends while its child still works.
 *
 * The child does not end with its parent. The kernel gives it another one at
 * that very moment: the nearest ancestor that has declared itself a subreaper,
 * or else init, process 1. The adopter's duty is to wait for it in the end.
 * That is why an orphan, unlike a zombie, does no harm.
 */
#include "demo.h"

static const char help[] = "usage: demo_orphan [--parent TIME] [--child TIME] [--spoil KIND]\n"
			   "A parent ends while its child still works.\n"
			   "  --parent TIME  how long the parent works (300ms)\n"
			   "  --child TIME   how long the child works (1s)\n"
			   "  --spoil KIND   break it on purpose: wait\n";

static const char *const kinds[] = {"wait", NULL};
enum { WAIT = 1 };

enum { STEPS = 10 };

/* Works in small steps, at least until its parent has ended, and checks after each step who its parent is. */
static void work(long ms, bool is_waited_for)
{
	const pid_t first = getppid();
	pid_t parent = first;

	printf("child %d: working for %ld ms, my parent is %d\n", getpid(), ms, parent);
	for (int step = 1; step <= STEPS || (parent == first && !is_waited_for); step++) {
		pause_ms(ms / STEPS);
		if (getppid() == parent)
			continue;
		printf("child %d: my parent %d is gone, now it is %d; I go on\n", getpid(), parent,
		       getppid());
		parent = getppid();
	}
	printf("child %d: done, exit 0\n", getpid());
}

int main(int argc, char **argv)
{
	long parent_ms = 300, child_ms = 1000;
	int spoil = 0;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--parent", &parent_ms) &&
		    !time_option(argv, &i, "--child", &child_ms) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}

	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (child == 0) {
		call_me("child");
		work(child_ms, spoil == WAIT);
		return 0;
	}

	printf("parent %d: started child %d, working for %ld ms\n", getpid(), child, parent_ms);
	pause_ms(parent_ms);

	if (spoil == WAIT) /* then the child is no orphan */
		wait_for(child);

	/* No wait() here: whoever has become the child's parent by then will do it. */
	printf("parent %d: done, exit 0; child %d is on its own\n", getpid(), child);
	return 0;
}
