/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_join: 10 children are joined one after the other.
 *
 * join means: do not go on before that child has ended. Ten joins of 100 ms each
 * look like a second. But the children work at the same time: while main waits
 * for the first, the others come to their end, too, and joining a child that has
 * ended takes no time at all.
 */
#include "demo.h"

static const char help[] = "usage: demo_join [--work TIME] [--spoil KIND]\n"
			   "10 children work for 100 ms each, and are joined in turn.\n"
			   "  --work TIME   how long each of them works (100ms)\n"
			   "  --spoil KIND  do it wrong: one-by-one, poll or no-join\n";

static const char *const kinds[] = {"one-by-one", "poll", "no-join", NULL};
enum { ONE_BY_ONE = 1, POLL, NO_JOIN };

enum { CHILDREN = 10 };

static int work(void *ms)
{
	pause_ms(*(long *)ms);
	return 0;
}

/* Sleeps until the child has ended; or, spoilt, looks every millisecond whether it has. */
static void join(pid_t child, int spoil)
{
	if (spoil != POLL) {
		wait_for(child);
		return;
	}
	while (waitpid(child, NULL, WNOHANG) == 0)
		pause_ms(1);
}

int main(int argc, char **argv)
{
	long ms = 100;
	int spoil = 0;
	pid_t children[CHILDREN];
	char name[16];

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--work", &ms) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}

	for (int i = 0; i < CHILDREN; i++) {
		snprintf(name, sizeof(name), "child-%d", i + 1);
		children[i] = start_child(name, work, &ms);
		if (spoil == ONE_BY_ONE) /* then they cannot work at the same time */
			join(children[i], spoil);
	}
	printf("main %d: started %d children of %ld ms each, now joining them in turn\n", getpid(), CHILDREN,
	       ms);
	for (int i = 0; i < CHILDREN && spoil != ONE_BY_ONE && spoil != NO_JOIN; i++) {
		join(children[i], spoil);
		printf("main %d: joined child-%d\n", getpid(), i + 1);
	}
	return 0;
}
