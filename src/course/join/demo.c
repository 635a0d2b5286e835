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
			   "  --spoil KIND  break it on purpose: one-by-one, poll or no-join\n";

static const char *const kinds[] = {"one-by-one", "poll", "no-join", NULL};
enum { ONE_BY_ONE = 1, POLL, NO_JOIN };

enum { CHILDREN = 10 };

struct work {
	long ms;
	int gate[2]; /* all begin when the last is there; then main joins them */
	int spoil;
};

static int do_work(void *arg)
{
	const struct work *work = arg;

	if (work->spoil != ONE_BY_ONE)
		wait_at_gate(work->gate);
	pause_ms(work->ms);
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
	struct work work = {.ms = 100};
	pid_t children[CHILDREN];
	char name[16];

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--work", &work.ms) && !spoil_option(argv, &i, kinds, &work.spoil))
			other_option(argv[i], help);
	}

	make_gate(work.gate);
	for (int i = 0; i < CHILDREN; i++) {
		snprintf(name, sizeof(name), "child-%d", i + 1);
		children[i] = start_child(name, do_work, &work);
		if (work.spoil == ONE_BY_ONE) /* then they cannot work at the same time */
			join(children[i], work.spoil);
	}
	printf("main %d: started %d children of %ld ms each, now joining them in turn\n", getpid(), CHILDREN,
	       work.ms);
	open_gate(work.gate);
	for (int i = 0; i < CHILDREN && work.spoil != ONE_BY_ONE && work.spoil != NO_JOIN; i++) {
		join(children[i], work.spoil);
		printf("main %d: joined child-%d\n", getpid(), i + 1);
	}
	return 0;
}
