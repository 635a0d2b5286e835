/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/marks.h"
#include "course/lib/sleeps.h"
#include "course/lib/together.h"

const char pw_page_gil[] =
	N_("Two threads of one process compute for 200 ms each, under one lock that each\n"
	   "takes for 5 ms at a time. Then two processes do the same, each with a lock of\n"
	   "its own. Each has a CPU to itself.\n"
	   "\n"
	   "That is how Python's interpreter, with its global lock, treats threads: one of\n"
	   "them runs, the others wait for the lock. Even on two CPUs the threads take\n"
	   "400 ms. Processes have an interpreter each, and run in parallel. (Threads that\n"
	   "wait for input and not for a CPU release the lock meanwhile: for those the GIL\n"
	   "does no harm.)\n"
	   "\n"
	   "Look on the HTML page (-r html=FILE) at the two threads: while one is running,\n"
	   "the other is blocked in futex, although a CPU is free. Each marks when it has\n"
	   "the lock (inside.begin, inside.end): never two at once.\n"
	   "\n"
	   "Options:\n"
	   "  --work TIME   how long each of them computes (200ms)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: no-lock (the threads\n"
	   "                have none), in-turn (the second process starts when the first\n"
	   "                has ended) or shared-lock (the processes have one lock for both)\n");

static const struct pw_sentence words[] = {
	{.code = "ran_at_the_same_time",
	 .text = N_("one was running for {one_ns} and the other for {other_ns}, both at the same instant for "
		    "{together_ns}")},
	{.code = "whole_time", .text = N_("the whole took {whole_ns}")},
	{.code = "lock_held",
	 .text = N_("a thread held the lock {times} {times|time|times}, at most {most} at once")},
	{.code = "one_was_blocked",
	 .text = N_("for {blocked_ns} of the {running_ns} in which one was running, the other was blocked")},
	{.code = "woke_each_other",
	 .text = N_("each woke the other in futex, {by_first} and {by_second} times")},
	{0},
};

enum { THREADS, ONE, TWO };

/* The second of two threads; NULL: there are not two. */
static const struct pw_thread *find_second(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *process = run->role[THREADS];

	if (process->n_threads == 2)
		return process->threads->next;
	pw_evidence_add(why, "number_of_threads",
			PW_VALUES(pw_value_process("process", process),
				  pw_value_count("threads", process->n_threads),
				  pw_value_count("expected", 2)));
	return NULL;
}

static void add_times(const struct pw_thread *a, const struct pw_thread *b, uint64_t together,
		      struct pw_evidence *why)
{
	pw_evidence_add(why, "ran_at_the_same_time",
			PW_VALUES(pw_value_ns("one_ns", a->totals[PW_RUNNING]),
				  pw_value_ns("other_ns", b->totals[PW_RUNNING]),
				  pw_value_ns("together_ns", together)));
}

/*
 * The hand-over itself, a few microseconds, happens outside the lock. Where the threads
 * mark when they hold the lock, the marks decide.
 */
static bool never_both(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_demo_run own = {.m = run->m, .main = run->role[THREADS]};
	const struct pw_thread *a = run->role[THREADS]->threads, *b = find_second(run, why);
	const size_t times = pw_count_marks(&own, "inside.begin");
	uint64_t when, together;
	size_t most;

	if (!b)
		return false;
	together = pw_both(a, PW_RUNNING, b, PW_RUNNING);
	add_times(a, b, together, why);
	pw_evidence_add(why, "whole_time", PW_VALUES(pw_value_between("whole_ns", b->start, a->end)));
	if (times == 0)
		return together < b->totals[PW_RUNNING] / 20;
	most = pw_most_inside(&own, "inside", &when);
	pw_evidence_add(why, "lock_held",
			PW_VALUES(pw_value_count("times", times), pw_value_count("most", most)));
	return most == 1 && together < b->totals[PW_RUNNING] / 5;
}

static bool other_is_blocked(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_thread *a = run->role[THREADS]->threads, *b = find_second(run, why);

	if (!b)
		return false;

	const uint64_t waited = pw_both(a, PW_BLOCKED, b, PW_RUNNING) + pw_both(a, PW_RUNNING, b, PW_BLOCKED);
	const uint64_t ran = a->totals[PW_RUNNING] + b->totals[PW_RUNNING];
	const size_t by_first = pw_sleeps_ended_by(b, SYS_futex, a->tid);
	const size_t by_second = pw_sleeps_ended_by(a, SYS_futex, b->tid);

	pw_evidence_add(why, "one_was_blocked",
			PW_VALUES(pw_value_ns("blocked_ns", waited), pw_value_ns("running_ns", ran)));
	pw_evidence_add(
		why, "woke_each_other",
		PW_VALUES(pw_value_count("by_first", by_first), pw_value_count("by_second", by_second)));
	return waited > ran / 20 && by_first >= 3 && by_second >= 3;
}

static bool processes_are_parallel(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_thread *a = run->role[ONE]->threads, *b = run->role[TWO]->threads;
	const uint64_t together = pw_both(a, PW_RUNNING, b, PW_RUNNING);

	add_times(a, b, together, why);
	/* On a busy machine it may be far less than the whole time; under one lock it would be none. */
	return together > a->totals[PW_RUNNING] / 200;
}

static const struct pw_claim_def claims[] = {
	{.id = "one-runs",
	 .text = N_("under one lock, two threads never run at once: a second CPU saves no time"),
	 .holds = never_both},
	{.id = "blocked",
	 .text = N_("while one computes, the other is blocked, and they take turns"),
	 .holds = other_is_blocked},
	{.id = "processes", .text = N_("two processes run in parallel"), .holds = processes_are_parallel},
};

int pw_judge_gil(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_gil",
						 .roles = {"threads", "process-1", "process-2"},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
