/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_isolation: a child counts down a number that its parent has, too.
 *
 * fork() copies the whole memory of a process (a page at a time, when one of the
 * two first writes to it). From then on a variable has the same name and the same
 * address in both processes, but there are two of it. Only memory that the process
 * asked to share before the fork is the same for both.
 *
 * Each of the two ends with the number it sees as its exit code.
 */
#include "demo.h"

static const char help[] = "usage: demo_isolation [--shared] [--spoil KIND]\n"
			   "A parent has 100; its child counts down to 99. What does the parent have then?\n"
			   "  --shared      the number lies in shared memory\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                other-memory, look-early or no-count\n";

static const char *const kinds[] = {"other-memory", "look-early", "no-count", NULL};
enum { OTHER_MEMORY = 1, LOOK_EARLY, NO_COUNT };

static int number = 100; /* an ordinary variable: each process has its own */

struct setup {
	int *count; /* &number, or a number in shared memory */
	int spoil;
};

static int count_down(void *arg)
{
	const struct setup *setup = arg;
	int *count = setup->count;

	if (setup->spoil != NO_COUNT)
		(*count)--;
	printf("child %d: the number at %p is now %d\n", getpid(), (void *)count, *count);
	return *count;
}

/* Starts the child, waits for it, and looks at the number again. */
static int look_after(void *arg)
{
	const struct setup *setup = arg;
	const int before = *setup->count;
	pid_t child = start_child("child", count_down, arg);

	if (setup->spoil == LOOK_EARLY)
		return before;
	wait_for(child);
	printf("parent %d: the child is done, the number at %p is %d\n", getpid(), (void *)setup->count,
	       *setup->count);
	return *setup->count;
}

int main(int argc, char **argv)
{
	struct setup setup = {.count = &number};
	bool shared = false;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (flag_option(argv[i], "--shared"))
			shared = true;
		else if (!spoil_option(argv, &i, kinds, &setup.spoil))
			other_option(argv[i], help);
	}
	if (shared != (setup.spoil == OTHER_MEMORY)) {
		setup.count = shared_memory(sizeof(*setup.count));
		*setup.count = 100;
	}

	/* The parent is itself a child of main, which reads its exit code. */
	int status = wait_for(start_child("parent", look_after, &setup));

	printf("main %d: the parent ended with %d\n", getpid(), WEXITSTATUS(status));
	return 0;
}
