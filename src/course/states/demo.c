/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_states: the three states of a process, and what leads from one to the other.
 *
 *                 is given a CPU
 *        READY  ----------------->  RUNNING
 *          ^  ^                      |   |
 *          |  '-- its time is up ----'   | asks for something
 *          |                             | that is not there yet
 *          '--------  BLOCKED  <---------'
 *           it is there
 *
 * A worker computes, sleeps and computes. Two spinners never sleep, and must share
 * one CPU.
 */
#include "demo.h"

static const char help[] = "usage: demo_states [--compute TIME] [--sleep TIME] [--spoil KIND]\n"
			   "A worker computes, sleeps and computes; two spinners share one CPU.\n"
			   "  --compute TIME  how long the worker computes each time (100ms)\n"
			   "  --sleep TIME    how long it sleeps in between (100ms)\n"
			   "  --spoil KIND    break it on purpose, to see a claim fail:\n"
			   "                  no-sleep, nap or in-turn\n";

static const char *const kinds[] = {"no-sleep", "nap", "in-turn", NULL};
enum { NO_SLEEP = 1, NAP, IN_TURN };

struct times {
	long compute, sleep;
	int spoil;
};

static int work(void *arg)
{
	const struct times *t = arg;

	compute_ms(t->compute); /* running, or ready while another process has the CPU */
	if (t->spoil != NO_SLEEP)
		pause_ms(t->sleep); /* blocked, until the timer has run out: then ready, then running */
	compute_ms(t->compute);
	printf("worker %d: computed, slept and computed\n", getpid());
	return 0;
}

/* Never blocks: it loses the CPU only because its time slice is over. */
static int spin(void *arg)
{
	const struct times *t = arg;

	pin_to_cpu(0);
	for (int part = 0; part < 4; part++) {
		compute_ms(t->compute / 2);
		if (t->spoil == NAP)
			pause_ms(t->compute / 2);
	}
	printf("spinner %d: done\n", getpid());
	return 0;
}

int main(int argc, char **argv)
{
	struct times t = {.compute = 100, .sleep = 100};

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--compute", &t.compute) &&
		    !time_option(argv, &i, "--sleep", &t.sleep) && !spoil_option(argv, &i, kinds, &t.spoil))
			other_option(argv[i], help);
	}

	pid_t worker = start_child("worker", work, &t);
	pid_t first = start_child("spinner-1", spin, &t);

	if (t.spoil == IN_TURN) /* no other spinner shares the CPU */
		wait_for(first);

	pid_t second = start_child("spinner-2", spin, &t);

	printf("main %d: started worker %d and two spinners, %d and %d, on one CPU\n", getpid(), worker,
	       first, second);
	wait_for(worker);
	if (t.spoil != IN_TURN)
		wait_for(first);
	wait_for(second);
	return 0;
}
