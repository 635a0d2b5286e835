/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_sched: the same three jobs on one CPU, under four ways to choose the next.
 *
 *   fifo   first come, first served: each runs to its end     (SCHED_FIFO)
 *   rr     round robin: a time slice each, then the next      (SCHED_RR)
 *   fair   the default: all progress, in small steps          (SCHED_OTHER)
 *   nice   the default, with a nice level for each job
 *
 * The long job comes first, then the middle one, then the short one. Under "fair"
 * there is a fourth, which does what an editor does: sleeps, computes for a moment,
 * and sleeps again.
 */
#include "demo.h"

static const char help[] = "usage: demo_sched [--unit TIME] [--spoil KIND]\n"
			   "Three jobs on one CPU: FCFS, round robin, the default, nice levels.\n"
			   "  --unit TIME   a job computes for 25, 8 or 3 of these (10ms)\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                no-fifo, no-rr, short-first, no-nice or busy-io\n"
			   "FIFO and RR need root, or CAP_SYS_NICE.\n";

static const char *const kinds[] = {"no-fifo", "no-rr", "short-first", "no-nice", "busy-io", NULL};
enum { NO_FIFO = 1, NO_RR, SHORT_FIRST, NO_NICE, BUSY_IO };

enum { JOBS = 3, REFUSED = 77 };

static const struct {
	const char *name;
	int units; /* how long the job computes */
	int nice; /* how much nicer than main it is in the last round */
} jobs[JOBS] = {{.name = "long", .units = 25, .nice = 0},
		{.name = "mid", .units = 8, .nice = 5},
		{.name = "short", .units = 3, .nice = 10}};

/* A round, as its jobs see it. */
struct round {
	const char *name;
	int policy;
	bool with_nice;
	long unit;
	int ready[2]; /* a pipe: a job writes into it when it is ready to start */
	int gate[2]; /* a pipe: the job starts when it can read from it */
	int job, spoil;
};

static int start_in_line(const struct round *r)
{
	const struct sched_param priority = {.sched_priority = r->policy == SCHED_OTHER ? 0 : 1};
	bool refused = false;
	char go;

	end_with_parent();
	pin_to_cpu(0);
	errno = 0;
	if (r->with_nice && nice(jobs[r->job].nice) == -1 && errno)
		refused = true;
	if (sched_setscheduler(0, r->policy, &priority) != 0)
		refused = true;

	if (write(r->ready[1], "r", 1) != 1 || read(r->gate[0], &go, 1) != 1)
		die("line");
	return refused ? REFUSED : 0;
}

static int run_job(void *arg)
{
	const struct round *r = arg;
	const int refused = start_in_line(r);

	if (!refused)
		compute_ms(jobs[r->job].units * r->unit);
	return refused;
}

/* I/O-bound: never wants the CPU for long, but wants it soon. */
static int run_io_job(void *arg)
{
	const struct round *r = arg;

	pin_to_cpu(0);
	for (int i = 0; i < 25; i++) {
		if (r->spoil == BUSY_IO)
			compute_ms(r->unit / 2);
		else
			pause_ms(r->unit / 2);
		compute_ms(r->unit / 20);
	}
	return 0;
}

/*
 * Lets the jobs come, one after the other. Meanwhile main has a higher priority: without
 * it, the first job would keep the CPU and main could not start the next.
 */
static void open_gates(int gates[JOBS], bool short_first)
{
	const struct sched_param high = {.sched_priority = 2}, normal = {0};
	const bool outranks = sched_setscheduler(0, SCHED_FIFO, &high) == 0;

	for (int i = 0; i < JOBS; i++) {
		if (i > 0)
			pause_ms(1);
		if (write(gates[short_first ? JOBS - 1 - i : i], "g", 1) != 1)
			die("gate");
	}
	if (outranks && sched_setscheduler(0, SCHED_OTHER, &normal) != 0)
		die("sched_setscheduler");
}

static void run_round(struct round r)
{
	pid_t pids[JOBS], io = 0;
	int gates[JOBS], status = 0;
	char name[16], ready;

	if (pipe(r.ready) != 0)
		die("pipe");
	for (r.job = 0; r.job < JOBS; r.job++) {
		if (pipe(r.gate) != 0)
			die("pipe");
		snprintf(name, sizeof(name), "%s-%s", r.name, jobs[r.job].name);
		pids[r.job] = start_child(name, run_job, &r);
		gates[r.job] = r.gate[1];
		close(r.gate[0]);
	}
	for (int i = 0; i < JOBS; i++) {
		if (read(r.ready[0], &ready, 1) != 1)
			die("read");
	}
	if (r.policy == SCHED_OTHER && !r.with_nice)
		io = start_child("fair-io", run_io_job, &r);
	pause_ms(10);
	open_gates(gates, r.spoil == SHORT_FIRST);
	for (int i = 0; i < JOBS; i++) {
		status = wait_for(pids[i]);
		close(gates[i]);
	}
	if (io)
		wait_for(io);
	close(r.ready[0]);
	close(r.ready[1]);
	printf("main %d: %s: %s\n", getpid(), r.name,
	       WEXITSTATUS(status) == REFUSED ? "refused, this needs root" : "all jobs are done");
}

int main(int argc, char **argv)
{
	long unit = 10;
	int spoil = 0;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--unit", &unit) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}
	struct round fifo = {.name = "fifo", .policy = SCHED_FIFO, .unit = unit, .spoil = spoil};
	struct round rr = {.name = "rr", .policy = SCHED_RR, .unit = unit, .spoil = spoil};
	struct round fair = {.name = "fair", .policy = SCHED_OTHER, .unit = unit, .spoil = spoil};
	struct round levels = {.name = "nice", .policy = SCHED_OTHER, .unit = unit, .with_nice = true};

	if (spoil == NO_FIFO)
		fifo.policy = SCHED_RR;
	if (spoil == NO_RR)
		rr.policy = SCHED_FIFO;
	levels.with_nice = spoil != NO_NICE;
	run_round(fifo);
	run_round(rr);
	run_round(fair);
	run_round(levels);
	return 0;
}
