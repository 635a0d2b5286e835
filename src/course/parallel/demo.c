/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_parallel: two processes that compute, on one CPU and on two.
 *
 * On one CPU they are concurrent: they take turns, so fast that both seem to run,
 * but never at the same instant. On two CPUs they are parallel: they really do.
 */
#include "demo.h"

static const char help[] = "usage: demo_parallel [--work TIME] [--spoil KIND]\n"
			   "Two children compute, first on one CPU, then on two.\n"
			   "  --work TIME   how long each of them computes (200ms)\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                apart, in-turn or one-cpu\n";

static const char *const kinds[] = {"apart", "in-turn", "one-cpu", NULL};
enum { APART = 1, IN_TURN, ONE_CPU };

struct job {
	/* 0: the first of the CPUs that this program may use, 1: the second. */
	int cpu;
	long ms;
	/* How many of the two still have work; both compute until none has. */
	int *working;
};

static int work(void *arg)
{
	const struct job *job = arg;

	pin_to_cpu(job->cpu);
	compute_together_ms(job->ms, job->working);
	return 0;
}

static void run_two(const char *name1, int cpu1, const char *name2, int cpu2, long ms, bool in_turn)
{
	int *working = shared_memory(sizeof(*working));
	struct job job1 = {.cpu = cpu1, .ms = ms, .working = working};
	struct job job2 = {.cpu = cpu2, .ms = ms, .working = working};

	*working = in_turn ? 1 : 2;

	pid_t one = start_child(name1, work, &job1);

	if (in_turn)
		wait_for(one);

	pid_t two = start_child(name2, work, &job2);

	if (!in_turn)
		wait_for(one);
	wait_for(two);
	printf("main %d: %s and %s are done\n", getpid(), name1, name2);
}

int main(int argc, char **argv)
{
	long ms = 200;
	int spoil = 0;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--work", &ms) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		printf("main %d: this machine has one CPU, nothing can be parallel here\n", getpid());

	/* Concurrent: both are bound to the first CPU. */
	run_two("one-cpu-1", 0, "one-cpu-2", spoil == APART, ms, spoil == IN_TURN);

	/* Parallel: each has a CPU of its own. */
	run_two("two-cpus-1", 0, "two-cpus-2", spoil != ONE_CPU, ms, spoil == IN_TURN);
	return 0;
}
