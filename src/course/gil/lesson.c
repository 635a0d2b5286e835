/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/lib/judge.h"

const char pw_page_gil[] =
	N_("Two threads of one process compute for 200 ms each, under one lock that each\n"
	   "takes for 5 ms at a time. Then two processes do the same, each with a lock of\n"
	   "its own. Each has a CPU to itself.\n"
	   "\n"
	   "That is how Python's interpreter, with its global lock, treats threads: one of\n"
	   "them runs, the others wait for the lock. On two CPUs the threads take 400 ms all\n"
	   "the same. Processes have an interpreter each, and run in parallel. (Threads that\n"
	   "wait for input, not for the CPU, give the lock up meanwhile: for those the GIL\n"
	   "does no harm.)\n"
	   "\n"
	   "Look on the HTML page (-r html=FILE) at the two threads: where one is running,\n"
	   "the other is blocked in futex, although a CPU is free. Each marks when it has\n"
	   "the lock (inside.begin, inside.end): never two at once.\n"
	   "\n"
	   "Options:\n"
	   "  --work TIME   how long each of them computes (200ms)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: no-lock (the threads have\n"
	   "                none), in-turn (the second process is started when the first has\n"
	   "                ended) or shared-lock (the processes have one for both)\n");

enum { THREADS, ONE, TWO };

static const struct pw_thread *second(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *process = s->role[THREADS];

	if (process->n_threads != 2)
		pw_say(why, "%u had %zu threads, not 2", process->pid, process->n_threads);
	return process->n_threads == 2 ? process->threads->next : NULL;
}

/*
 * The hand-over itself, some microseconds, is work outside the lock. Where the
 * threads tell when they are inside it, that is what counts.
 */
static bool never_both(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_demo_run own = {.m = s->m, .main = s->role[THREADS]};
	const struct pw_thread *a = s->role[THREADS]->threads, *b = second(s, why);
	const size_t times = pw_count_marks(&own, "inside.begin");
	uint64_t when;

	if (!b)
		return false;

	const uint64_t together = pw_both(a, PW_RUNNING, b, PW_RUNNING);

	pw_say(why, "running for %s and %s, both at the same instant for %s; the whole took %s",
	       pw_dur(a->totals[PW_RUNNING]).s, pw_dur(b->totals[PW_RUNNING]).s, pw_dur(together).s,
	       pw_from_to(b->start, a->end).s);
	if (times == 0)
		return together < b->totals[PW_RUNNING] / 20;
	pw_say(why, "; %zu times one was inside, at most %zu at once", times,
	       pw_most_inside(&own, "inside", &when));
	return pw_most_inside(&own, "inside", &when) == 1 && together < b->totals[PW_RUNNING] / 5;
}

static bool other_is_blocked(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_thread *a = s->role[THREADS]->threads, *b = second(s, why);

	if (!b)
		return false;

	const uint64_t waited = pw_both(a, PW_BLOCKED, b, PW_RUNNING) + pw_both(a, PW_RUNNING, b, PW_BLOCKED);
	const uint64_t ran = a->totals[PW_RUNNING] + b->totals[PW_RUNNING];
	const size_t by_first = pw_sleeps_ended_by(b, SYS_futex, a->tid);
	const size_t by_second = pw_sleeps_ended_by(a, SYS_futex, b->tid);

	pw_say(why,
	       "for %s of %s one was running and the other blocked; each woke the other in futex, %zu and "
	       "%zu times",
	       pw_dur(waited).s, pw_dur(ran).s, by_first, by_second);
	return waited > ran / 20 && by_first >= 3 && by_second >= 3;
}

static bool processes_are_parallel(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_thread *a = s->role[ONE]->threads, *b = s->role[TWO]->threads;
	const uint64_t together = pw_both(a, PW_RUNNING, b, PW_RUNNING);

	pw_say(why, "running for %s and %s, both at the same instant for %s", pw_dur(a->totals[PW_RUNNING]).s,
	       pw_dur(b->totals[PW_RUNNING]).s, pw_dur(together).s);
	/* Where others want the CPUs, too, it may be much less than all the time; under one lock it would be none. */
	return together > a->totals[PW_RUNNING] / 200;
}

static const struct pw_claim_def claims[] = {
	{"one-runs", N_("under one lock, two threads never run at once: a second CPU saves no time"),
	 never_both},
	{"blocked", N_("while one computes, the other is blocked, and they take turns"), other_is_blocked},
	{"processes", N_("two processes run in parallel"), processes_are_parallel},
};

int pw_judge_gil(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {.demo = "demo_gil",
						  .roles = {"threads", "process-1", "process-2"},
						  .claims = claims,
						  .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
