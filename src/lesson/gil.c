/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "lesson/judge.h"

const char pw_page_gil[] =
	"Two threads of one process compute for 200 ms each, under one lock that each\n"
	"takes for 5 ms at a time. Then two processes do the same, each with a lock of its\n"
	"own. Each has a CPU to itself.\n"
	"\n"
	"That is how Python's interpreter, with its global lock, treats threads: one of\n"
	"them runs, the others wait for the lock. On two CPUs the threads take 400 ms all\n"
	"the same. Processes have an interpreter each, and run in parallel. (Threads that\n"
	"wait for input, not for the CPU, give the lock up meanwhile: for those the GIL\n"
	"does no harm.)\n"
	"\n"
	"Look on the HTML page (-r html=FILE) at the two threads: where one is running,\n"
	"the other is blocked in futex, although a CPU is free.\n"
	"\n"
	"Options:\n"
	"  --work TIME   how long each of them computes (200ms)\n"
	"  --spoil KIND  do it wrong, to see a claim not held: no-lock (the threads have\n"
	"                none), in-turn (the second process is started when the first has\n"
	"                ended) or shared-lock (the processes have one for both)\n";

enum { THREADS, ONE, TWO };

static const struct pw_thread *second(const struct pw_scene *s, struct pw_evidence *why)
{
	const struct pw_life *life = s->role[THREADS];

	if (life->n_threads != 2)
		pw_say(why, "%u had %zu threads, not 2", life->pid, life->n_threads);
	return life->n_threads == 2 ? life->threads->next : NULL;
}

/* The hand-over itself, some microseconds, is work outside the lock. */
static bool never_both(const struct pw_scene *s, struct pw_evidence *why)
{
	const struct pw_thread *a = s->role[THREADS]->threads, *b = second(s, why);

	if (!b)
		return false;

	const uint64_t together = pw_both(a, PW_RUNNING, b, PW_RUNNING);

	pw_say(why, "running for %s and %s, both at the same instant for %s", pw_dur(a->totals[PW_RUNNING]).s,
	       pw_dur(b->totals[PW_RUNNING]).s, pw_dur(together).s);
	return together < b->totals[PW_RUNNING] / 20;
}

static bool other_is_blocked(const struct pw_scene *s, struct pw_evidence *why)
{
	const struct pw_thread *a = s->role[THREADS]->threads, *b = second(s, why);

	if (!b)
		return false;

	const struct pw_thread *const both[] = {a, b};
	const uint64_t waited = pw_slept_in(a, SYS_futex, 0, UINT64_MAX) +
				pw_slept_in(b, SYS_futex, 0, UINT64_MAX);
	const uint64_t ran = a->totals[PW_RUNNING] + b->totals[PW_RUNNING];

	pw_say(why,
	       "the two were blocked in futex for %s in all, and running for %s; the CPU passed %zu times",
	       pw_dur(waited).s, pw_dur(ran).s, pw_turns(both, 2));
	return waited > ran / 4 && pw_turns(both, 2) >= 4;
}

/* Two CPUs' worth of work is more than the time it took. With one lock it cannot be. */
static bool no_speed_up(const struct pw_scene *s, struct pw_evidence *why)
{
	const struct pw_thread *a = s->role[THREADS]->threads, *b = second(s, why);

	if (!b)
		return false;

	const uint64_t ran = a->totals[PW_RUNNING] + b->totals[PW_RUNNING], took = a->end - b->start;

	pw_say(why, "%s of computing took %s: %.2f CPUs", pw_dur(ran).s, pw_dur(took).s,
	       (double)ran / (double)(took ? took : 1));
	return ran < took + took / 20;
}

static bool processes_are_parallel(const struct pw_scene *s, struct pw_evidence *why)
{
	const struct pw_thread *a = s->role[ONE]->threads, *b = s->role[TWO]->threads;
	const uint64_t together = pw_both(a, PW_RUNNING, b, PW_RUNNING);

	pw_say(why, "running for %s and %s, both at the same instant for %s", pw_dur(a->totals[PW_RUNNING]).s,
	       pw_dur(b->totals[PW_RUNNING]).s, pw_dur(together).s);
	return together > a->totals[PW_RUNNING] / 20;
}

static const struct pw_saying sayings[] = {
	{"one-runs", "under one lock, two threads never run at the same instant", never_both},
	{"blocked", "while one computes, the other is blocked, and they take turns", other_is_blocked},
	{"no-speed-up", "so two threads get no more than one CPU", no_speed_up},
	{"processes", "two processes run in parallel", processes_are_parallel},
};

int pw_judge_gil(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_plan plan = {
		"demo_gil", {"threads", "process-1", "process-2"}, sayings, PW_COUNT(sayings)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
