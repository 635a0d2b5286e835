/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_isolation: a child counts a number down that its parent has, too.
 *
 * fork() copies the whole memory of a process (a page at a time, when one of the
 * two first writes to it). From then on a variable has the same name and the same
 * address in both, and is two variables. Only memory that was asked to be shared
 * before the fork is one for both.
 *
 * Each of the two ends with the number it sees as its exit code.
 */
#include "demo.h"

static const char help[] = "usage: demo_isolation [--shared] [--spoil KIND]\n"
			   "A parent has 100; its child counts down to 99. What does the parent have then?\n"
			   "  --shared      the number lies in shared memory\n"
			   "  --spoil KIND  do it wrong: other-memory, look-early or no-count\n";

static const char *const kinds[] = {"other-memory", "look-early", "no-count", NULL};
enum { OTHER_MEMORY = 1, LOOK_EARLY, NO_COUNT };

static int number = 100; /* an ordinary variable: each process has its own */

struct scene {
	int *count; /* &number, or a number in shared memory */
	int spoil;
};

static int count_down(void *arg)
{
	const struct scene *scene = arg;
	int *count = scene->count;

	if (scene->spoil != NO_COUNT)
		(*count)--;
	printf("child %d: the number at %p is now %d\n", getpid(), (void *)count, *count);
	return *count;
}

/* Starts the child, waits for it, and looks at the number again. */
static int look_after(void *arg)
{
	const struct scene *scene = arg;
	const int before = *scene->count;
	pid_t child = start_child("child", count_down, arg);

	if (scene->spoil == LOOK_EARLY)
		return before;
	wait_for(child);
	printf("parent %d: the child is done, the number at %p is %d\n", getpid(), (void *)scene->count,
	       *scene->count);
	return *scene->count;
}

int main(int argc, char **argv)
{
	struct scene scene = {.count = &number};
	bool shared = false;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (flag_option(argv[i], "--shared"))
			shared = true;
		else if (!spoil_option(argv, &i, kinds, &scene.spoil))
			other_option(argv[i], help);
	}
	if (shared != (scene.spoil == OTHER_MEMORY)) {
		scene.count = shared_memory(sizeof(*scene.count));
		*scene.count = 100;
	}

	/* The parent is itself a child of main, so that its exit code, too, is seen by somebody. */
	int status = wait_for(start_child("parent", look_after, &scene));

	printf("main %d: the parent ended with %d\n", getpid(), WEXITSTATUS(status));
	return 0;
}
