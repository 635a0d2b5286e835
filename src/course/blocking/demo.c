/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_blocking: four ways to call.
 *
 * Synchronous means: the caller goes on when the job is done. Asynchronous: it
 * goes on at once, and hears of the end later. Blocking means: the caller sleeps
 * while it waits, and uses no CPU. The two are not the same, and make four ways:
 *
 *                  blocking                      not blocking
 *   synchronous    read input that is not there  compute
 *   asynchronous   start ten, sleep until the    start one, go on
 *                  first of them is done
 */
#include "demo.h"

#include <sys/socket.h>

static const char help[] = "usage: demo_blocking [--time TIME] [--spoil KIND]\n"
			   "Four callers: two that block, two that do not.\n"
			   "  --time TIME   how long the jobs take (200ms)\n"
			   "  --spoil KIND  break it on purpose: poll, nap, wait or join-all\n";

static const char *const kinds[] = {"poll", "nap", "wait", "join-all", NULL};
enum { POLL = 1, NAP, WAIT, JOIN_ALL };

struct setup {
	long ms;
	int spoil;
	int input; /* a pipe, into which main writes after so many ms */
};

/* Synchronous, blocking: without input there is no going on, and nothing to do. */
static int read_input(void *arg)
{
	const struct setup *setup = arg;
	char input;

	end_with_parent();
	if (setup->spoil == POLL) {
		/* Asks every few ms, instead of sleeping until there is some. */
		while (recv(setup->input, &input, 1, MSG_DONTWAIT) != 1)
			pause_ms(5);
		return 0;
	}
	if (read(setup->input, &input, 1) != 1)
		die("read");
	return 0;
}

/* Synchronous, not blocking: the result is there when the computing is done. */
static int compute(void *arg)
{
	const struct setup *setup = arg;

	for (int part = 0; part < 10; part++) {
		compute_ms(setup->ms / 10);
		if (setup->spoil == NAP)
			pause_ms(setup->ms / 10);
	}
	return 0;
}

static int work(void *ms)
{
	pause_ms(*(long *)ms);
	return 0;
}

/* Asynchronous, not blocking: starts a helper to do it, and does something else meanwhile. */
static int start_and_go_on(void *arg)
{
	struct setup *setup = arg;
	pid_t helper = start_child("helper", work, &setup->ms);

	if (setup->spoil == WAIT) {
		wait_for(helper);
		return 0;
	}
	compute_ms(2 * setup->ms);
	wait_for(helper); /* it has long been done */
	return 0;
}

/* Asynchronous, blocking: ten are at work, and whichever is done first ends the sleep. */
static int wait_for_any(void *arg)
{
	const struct setup *setup = arg;
	pid_t children[10];
	char name[16];

	for (int i = 0; i < 10; i++) {
		long ms = i == 3 ? setup->ms / 2 : setup->ms * (20 - i) / 10; /* the fourth is done first */

		snprintf(name, sizeof(name), "any-%d", i + 1);
		children[i] = start_child(name, work, &ms);
	}
	if (setup->spoil == JOIN_ALL) {
		for (int i = 0; i < 10; i++)
			wait_for(children[i]); /* in turn: sleeps past the end of others */
		return 0;
	}

	pid_t first = waitpid(-1, NULL, 0); /* any of them */

	printf("waiter %d: %d was the first to be done\n", getpid(), first);
	while (waitpid(-1, NULL, 0) > 0)
		;
	return 0;
}

int main(int argc, char **argv)
{
	struct setup setup = {.ms = 200};
	int pair[2];

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--time", &setup.ms) &&
		    !spoil_option(argv, &i, kinds, &setup.spoil))
			other_option(argv[i], help);
	}
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		die("socketpair");
	setup.input = pair[0];

	pid_t reader = start_child("reader", read_input, &setup);
	pid_t computer = start_child("computer", compute, &setup);
	pid_t starter = start_child("starter", start_and_go_on, &setup);
	pid_t waiter = start_child("waiter", wait_for_any, &setup);

	printf("main %d: started reader %d, computer %d, starter %d and waiter %d\n", getpid(), reader,
	       computer, starter, waiter);
	pause_ms(setup.ms);
	if (write(pair[1], "x", 1) != 1)
		die("write");
	wait_for(reader);
	wait_for(computer);
	wait_for(starter);
	wait_for(waiter);
	return 0;
}
