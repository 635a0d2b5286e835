/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_start: 10 children are started, and nobody joins them.
 *
 * Starting a child does not mean waiting for it: main has started them all before
 * the first is done, and its own code ends right after. Main itself does not. As
 * Python's multiprocessing does, it waits for its children before it ends, or else
 * they would become orphans.
 */
#include "demo.h"

static const char help[] =
	"usage: demo_start [--work TIME] [--spoil KIND]\n"
	"10 children are started; some work for longer than others.\n"
	"  --work TIME   how long the shortest works (300ms); the longest takes twice as long\n"
	"  --spoil KIND  break it on purpose: join-each, in-order, long-code or no-reap\n";

static const char *const kinds[] = {"join-each", "in-order", "long-code", "no-reap", NULL};
enum { JOIN_EACH = 1, IN_ORDER, LONG_CODE, NO_REAP };

enum { CHILDREN = 10 };

struct job {
	int number;
	long ms;
};

static int work(void *arg)
{
	const struct job *job = arg;

	pause_ms(job->ms);
	printf("child-%d %d: done after %ld ms\n", job->number, getpid(), job->ms);
	return 0;
}

/* A child of its own length: 3, 6, 9, 2, 5, ... tenths longer than the shortest. */
static pid_t start(int number, long shortest, int spoil)
{
	int tenths = spoil == IN_ORDER ? number : number * 3 % 10;
	struct job job = {number, shortest + shortest * tenths / 10};
	char name[16];

	snprintf(name, sizeof(name), "child-%d", number);
	return start_child(name, work, &job);
}

int main(int argc, char **argv)
{
	long shortest = 300;
	int spoil = 0;
	pid_t children[CHILDREN];

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--work", &shortest) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}

	for (int i = 0; i < CHILDREN; i++) {
		children[i] = start(i + 1, shortest, spoil); /* returns at once */
		if (spoil == JOIN_EACH)
			wait_for(children[i]);
	}
	if (spoil == LONG_CODE)
		pause_ms(3 * shortest);
	printf("main %d: started %d children, and that was all my code\n", getpid(), CHILDREN);

	/* Here main's code is done. What follows, multiprocessing does for its programs when they end. */
	for (int i = 0; i < CHILDREN && spoil != NO_REAP && spoil != JOIN_EACH; i++)
		wait_for(children[i]);
	printf("main %d: %s, exit 0\n", getpid(),
	       spoil == NO_REAP ? "not waiting" : "all my children are reaped");
	return 0;
}
