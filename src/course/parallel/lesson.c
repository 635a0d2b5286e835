/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/threads.h"
#include "course/lib/together.h"

const char pw_page_parallel[] =
	N_("Two children compute for 200 ms each, both bound to the same CPU; then two more,\n"
	   "each on a CPU of its own. (The first one to finish computes on until the other\n"
	   "is done, too.)\n"
	   "\n"
	   "On one CPU they are concurrent: the scheduler lets them take turns of a few\n"
	   "milliseconds, and both make progress. But only one runs at any instant, and\n"
	   "together they take 400 ms. On two CPUs they are parallel: both run at the same\n"
	   "instant and finish in 200 ms, if no other process wants these CPUs.\n"
	   "\n"
	   "Look at the first pair: while one is running, the other is ready. In the second\n"
	   "pair both are running.\n"
	   "\n"
	   "Options:\n"
	   "  --work TIME   how long each of them computes (200ms)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: apart (the first pair\n"
	   "                has two CPUs, too), in-turn (the second of a pair starts when\n"
	   "                the first has ended) or one-cpu (the second pair shares one CPU)\n");

static const struct pw_sentence words[] = {
	{.code = "ran_at_the_same_time",
	 .text = N_("one was running for {one_ns} and the other for {other_ns}, both at the same instant for "
		    "{together_ns}")},
	{.code = "turns_alternate",
	 .text = N_("the CPU went from one to the other {turns} {turns|time|times}")},
	{.code = "one_was_ready", .text = N_("one was ready while the other was running for {ready_ns}")},
	{0},
};

enum { ONE_1, ONE_2, TWO_1, TWO_2 };

static void add_times(const struct pw_thread *a, const struct pw_thread *b, uint64_t together,
		      struct pw_evidence *why)
{
	pw_evidence_add(why, "ran_at_the_same_time",
			PW_VALUES(pw_value_ns("one_ns", a->totals[PW_RUNNING]),
				  pw_value_ns("other_ns", b->totals[PW_RUNNING]),
				  pw_value_ns("together_ns", together)));
}

/* Until it is bound to its CPU a new process runs wherever it was born. Those moments do not count. */
static bool never_at_once(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_thread *a = run->role[ONE_1]->threads, *b = run->role[ONE_2]->threads;
	const uint64_t bound = pw_on_last_cpu_since(a) > pw_on_last_cpu_since(b) ? pw_on_last_cpu_since(a)
										 : pw_on_last_cpu_since(b);
	const uint64_t together = pw_both_since(bound, a, PW_RUNNING, b, PW_RUNNING);
	const uint64_t ran = pw_spent(a, PW_RUNNING, bound, a->end) + pw_spent(b, PW_RUNNING, bound, b->end);
	const uint64_t whole = a->totals[PW_RUNNING] + b->totals[PW_RUNNING];

	add_times(a, b, together, why);
	return ran > whole / 2 && together < ran / 100;
}

static bool take_turns(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_thread *a = run->role[ONE_1]->threads, *b = run->role[ONE_2]->threads;
	const struct pw_thread *const both[] = {a, b};
	const size_t turns = pw_turns(both, 2);
	const uint64_t waited = pw_both(a, PW_READY, b, PW_RUNNING) + pw_both(a, PW_RUNNING, b, PW_READY);

	pw_evidence_add(why, "turns_alternate", PW_VALUES(pw_value_count("turns", turns)));
	pw_evidence_add(why, "one_was_ready", PW_VALUES(pw_value_ns("ready_ns", waited)));
	return turns >= 4 && waited > 0;
}

static bool at_once(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_thread *a = run->role[TWO_1]->threads, *b = run->role[TWO_2]->threads;
	const uint64_t together = pw_both(a, PW_RUNNING, b, PW_RUNNING);

	add_times(a, b, together, why);
	/* On a busy machine it may be far less than the whole time; on one CPU it would be none. */
	return together > a->totals[PW_RUNNING] / 200;
}

static const struct pw_claim_def claims[] = {
	{.id = "never-at-once",
	 .text = N_("on one CPU, two processes never run at the same instant"),
	 .holds = never_at_once},
	{.id = "turns", .text = N_("they are still concurrent: they take turns"), .holds = take_turns},
	{.id = "parallel",
	 .text = N_("on two CPUs they are parallel: they run at the same instant"),
	 .holds = at_once},
};

int pw_judge_parallel(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {
		.demo = "demo_parallel",
		.roles = {"one-cpu-1", "one-cpu-2", "two-cpus-1", "two-cpus-2"},
		.claims = claims,
		.count = PW_COUNT(claims),
		.words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
