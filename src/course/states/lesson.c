/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/judge.h"

const char pw_page_states[] =
	N_("A process is running when it is on a CPU, ready when it could run but has none,\n"
	   "and blocked when it waits for something other than a CPU. Of the six ways from\n"
	   "one to another, four exist:\n"
	   "\n"
	   "  ready to running    the scheduler gives it a CPU\n"
	   "  running to ready    its time is up, somebody else has the next turn\n"
	   "  running to blocked  it asks for what is not there yet (here: it sleeps)\n"
	   "  blocked to ready    what it waited for is there\n"
	   "\n"
	   "A worker computes for 100 ms, sleeps for 100 ms and computes again. Two spinners\n"
	   "never sleep, and must share one CPU: they take turns.\n"
	   "\n"
	   "Look at the moment the worker's sleep is over: first it is ready, if only for\n"
	   "some microseconds (the HTML page shows it: -r html=FILE), then it runs. And look\n"
	   "at the spinners: when one is running, the other is ready.\n"
	   "\n"
	   "Options:\n"
	   "  --compute TIME  how long the worker computes each time (100ms)\n"
	   "  --sleep TIME    how long it sleeps in between (100ms)\n"
	   "  --spoil KIND    do it wrong, to see a claim not held: no-sleep (the worker\n"
	   "                  does not), nap (the spinners do) or in-turn (the second\n"
	   "                  spinner is started when the first has ended)\n");

enum { WORKER, SPINNER_1, SPINNER_2 };

/* What the first sleep of the worker was between. */
struct passage {
	struct pw_span before, sleep, after, then;
};

static bool find_passage(const struct pw_thread *t, struct passage *p, struct pw_evidence *why)
{
	struct pw_thread_iter it;
	struct pw_span span;

	*p = (struct passage){.before.state = PW_UNKNOWN};
	pw_thread_iter_init(&it, t);
	while (pw_thread_iter_next(&it, &span)) {
		if (pw_is_asleep(&span) && pw_is_pause(span.syscall)) {
			p->sleep = span;
			if (pw_thread_iter_next(&it, &p->after))
				pw_thread_iter_next(&it, &p->then);
			return true;
		}
		p->before = span;
	}
	pw_say(why, "it never slept");
	return false;
}

static bool sleep_blocks(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_thread *worker = s->role[WORKER]->threads;
	struct passage p;

	if (!find_passage(worker, &p, why))
		return false;
	pw_say(why, "%s, then blocked for %s, of which it was on a CPU for %s",
	       _(pw_state_name(p.before.state)), pw_from_to(p.sleep.from, p.sleep.to).s,
	       pw_dur(pw_spent(worker, PW_RUNNING, p.sleep.from, p.sleep.to)).s);
	return p.before.state == PW_RUNNING;
}

/* All who took part count: no sleep of theirs ends in running, unless its end was not seen. */
static bool becomes_ready_first(const struct pw_demo_run *s, struct pw_evidence *why)
{
	size_t ready = 0, direct = 0, unseen = 0;
	struct passage p;

	if (!find_passage(s->role[WORKER]->threads, &p, why))
		return false;
	for (size_t i = 0; i <= SPINNER_2 + 1; i++) {
		const struct pw_process *process = i <= SPINNER_2 ? s->role[i] : s->main;
		struct pw_thread_iter it;
		struct pw_span span, last = {.state = PW_UNKNOWN};

		pw_thread_iter_init(&it, process->threads);
		for (; pw_thread_iter_next(&it, &span); last = span) {
			if (last.state != PW_BLOCKED)
				continue;
			ready += span.state == PW_READY;
			direct += span.state == PW_RUNNING && span.by != PW_NO_WAKER;
			unseen += span.state == PW_RUNNING && span.by == PW_NO_WAKER;
		}
	}
	pw_say(why,
	       "the worker was %s for %s, then %s; of %zu sleeps of all four, %zu ended in ready, %zu in "
	       "running",
	       _(pw_state_name(p.after.state)), pw_from_to(p.after.from, p.after.to).s,
	       _(pw_state_name(p.then.state)), ready + direct + unseen, ready, direct);
	if (unseen)
		pw_say(why, ", %zu with a wake-up that was not seen", unseen);
	return p.after.state == PW_READY && p.then.state == PW_RUNNING && direct == 0;
}

/*
 * Ready without having slept: the CPU was taken from it, and the other one had it
 * then. Both run at once only until the second is bound to the CPU of the first.
 */
static bool slices_end(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_thread *one = s->role[SPINNER_1]->threads, *other = s->role[SPINNER_2]->threads;
	const struct pw_thread *const both[] = {one, other};
	const uint64_t waited = pw_both(one, PW_READY, other, PW_RUNNING) +
				pw_both(one, PW_RUNNING, other, PW_READY);
	const uint64_t bound = pw_settled(one) > pw_settled(other) ? pw_settled(one) : pw_settled(other);
	const uint64_t together = pw_both_since(bound, one, PW_RUNNING, other, PW_RUNNING);
	const uint64_t ran = one->totals[PW_RUNNING] + other->totals[PW_RUNNING];

	pw_say(why, "%zu turns; for %s one was ready while the other was running, for %s both were running",
	       pw_turns(both, 2), pw_dur(waited).s, pw_dur(together).s);
	return pw_turns(both, 2) >= 4 && waited > ran / 4 && together < waited / 100;
}

static bool computing_never_blocks(const struct pw_demo_run *s, struct pw_evidence *why)
{
	uint64_t blocked = 0, ran = 0, ready = 0;

	for (size_t i = SPINNER_1; i <= SPINNER_2; i++) {
		const struct pw_thread *t = s->role[i]->threads;

		blocked += pw_asleep(t, t->start, t->end);
		ran += t->totals[PW_RUNNING];
		ready += t->totals[PW_READY];
	}
	pw_say(why, "the spinners were running for %s, ready for %s and blocked for %s", pw_dur(ran).s,
	       pw_dur(ready).s, pw_dur(blocked).s);
	return ran > 0 && blocked < ran / 20;
}

static const struct pw_claim_def claims[] = {
	{"blocked", N_("a process that waits for something is blocked: running becomes blocked"),
	 sleep_blocks},
	{"ready", N_("blocked never becomes running at once: first it is ready"), becomes_ready_first},
	{"slice", N_("when its time slice is over, a running process becomes ready, and another runs"),
	 slices_end},
	{"compute", N_("a process that only computes is never blocked"), computing_never_blocks},
};

int pw_judge_states(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {.demo = "demo_states",
						  .roles = {"worker", "spinner-1", "spinner-2"},
						  .claims = claims,
						  .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
