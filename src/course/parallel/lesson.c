/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/judge.h"

const char pw_page_parallel[] =
	N_("Two children compute for 200 ms each, both bound to the same CPU; then two more,\n"
	   "each on a CPU of its own. (Who is done goes on until the other is, too.)\n"
	   "\n"
	   "On one CPU they are concurrent: the scheduler lets them take turns of some\n"
	   "milliseconds, and both get on. But only one runs at any instant, and together\n"
	   "they take 400 ms. On two CPUs they are parallel: both run at the same instant,\n"
	   "and are done in 200 ms, if nobody else wants these CPUs.\n"
	   "\n"
	   "Look at the first pair: where one is running, the other is ready. In the second\n"
	   "pair both are running.\n"
	   "\n"
	   "Options:\n"
	   "  --work TIME   how long each of them computes (200ms)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: apart (each of the first\n"
	   "                pair has a CPU, too), in-turn (the second of a pair is started\n"
	   "                when the first has ended) or one-cpu (the second pair shares\n"
	   "                one)\n");

enum { ONE_1, ONE_2, TWO_1, TWO_2 };

/* A new process runs wherever it was born, until it is bound to its CPU: moments, which do not count. */
static bool never_at_once(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_thread *a = s->role[ONE_1]->threads, *b = s->role[ONE_2]->threads;
	const uint64_t bound = pw_settled(a) > pw_settled(b) ? pw_settled(a) : pw_settled(b);
	const uint64_t together = pw_both_since(bound, a, PW_RUNNING, b, PW_RUNNING);
	const uint64_t ran = pw_spent(a, PW_RUNNING, bound, a->end) + pw_spent(b, PW_RUNNING, bound, b->end);
	const uint64_t whole = a->totals[PW_RUNNING] + b->totals[PW_RUNNING];

	pw_say(why, "running for %s and %s, both at the same instant for %s", pw_dur(a->totals[PW_RUNNING]).s,
	       pw_dur(b->totals[PW_RUNNING]).s, pw_dur(together).s);
	return ran > whole / 2 && together < ran / 100;
}

static bool take_turns(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_thread *a = s->role[ONE_1]->threads, *b = s->role[ONE_2]->threads;
	const struct pw_thread *const both[] = {a, b};
	const size_t turns = pw_turns(both, 2);
	const uint64_t waited = pw_both(a, PW_READY, b, PW_RUNNING) + pw_both(a, PW_RUNNING, b, PW_READY);

	pw_say(why,
	       "the CPU went from one to the other %zu times; for %s one was ready and the other running",
	       turns, pw_dur(waited).s);
	return turns >= 4 && waited > 0;
}

static bool at_once(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_thread *a = s->role[TWO_1]->threads, *b = s->role[TWO_2]->threads;
	const uint64_t together = pw_both(a, PW_RUNNING, b, PW_RUNNING);

	pw_say(why, "running for %s and %s, both at the same instant for %s", pw_dur(a->totals[PW_RUNNING]).s,
	       pw_dur(b->totals[PW_RUNNING]).s, pw_dur(together).s);
	/* Where others want the CPUs, too, it may be much less than all the time; on one CPU it would be none. */
	return together > a->totals[PW_RUNNING] / 200;
}

static const struct pw_claim_def claims[] = {
	{"never-at-once", N_("on one CPU, two processes never run at the same instant"), never_at_once},
	{"turns", N_("they are concurrent all the same: they take turns"), take_turns},
	{"parallel", N_("on two CPUs they are parallel: they run at the same instant"), at_once},
};

int pw_judge_parallel(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_parallel",
		.roles = {"one-cpu-1", "one-cpu-2", "two-cpus-1", "two-cpus-2"},
		.claims = claims,
		.count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
