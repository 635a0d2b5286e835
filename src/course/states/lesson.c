/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"
#include "course/lib/together.h"

const char pw_page_states[] =
	N_("A process is running when it is on a CPU, ready when it could run but has none,\n"
	   "and blocked when it waits for something other than a CPU. Of the six ways from\n"
	   "one state to another, four exist:\n"
	   "\n"
	   "  ready to running    the scheduler gives it a CPU\n"
	   "  running to ready    its time slice is over, another process has its turn\n"
	   "  running to blocked  it asks for something that is not there yet (here: it\n"
	   "                      sleeps)\n"
	   "  blocked to ready    what it waited for is there\n"
	   "\n"
	   "A worker computes for 100 ms, sleeps for 100 ms and computes again. Two spinners\n"
	   "never sleep and must share one CPU: they take turns.\n"
	   "\n"
	   "Look at the moment the worker's sleep is over: first it is ready, if only for a\n"
	   "few microseconds (the HTML page shows it: -r html=FILE), then it runs. And look\n"
	   "at the spinners: while one is running, the other is ready.\n"
	   "\n"
	   "Options:\n"
	   "  --compute TIME  how long the worker computes each time (100ms)\n"
	   "  --sleep TIME    how long it sleeps in between (100ms)\n"
	   "  --spoil KIND    break it on purpose, to see a claim fail: no-sleep (the worker\n"
	   "                  never sleeps), nap (the spinners sleep) or in-turn (the second\n"
	   "                  spinner starts when the first has ended)\n");

static const struct pw_sentence words[] = {
	{.code = "never_slept", .text = N_("{worker.pid} never slept")},
	{.code = "blocked_from",
	 .text = N_("{worker.pid} was {before}, then blocked for {blocked_ns}, of which it was on a CPU for "
		    "{on_cpu_ns}")},
	{.code = "after_the_sleep",
	 .text = N_("after its sleep, {worker.pid} was {first} for {first_ns}, then {second}")},
	{.code = "sleeps_ended",
	 .text = N_(
		 "of the {sleeps} sleeps of all four processes, {in_ready} ended in ready and {in_running} "
		 "in running[unseen!=0?, and {unseen} ended with a wake-up that was not observed]")},
	{.code = "turns_alternate",
	 .text = N_("the CPU went from one spinner to the other {turns} {turns|time|times}")},
	{.code = "one_was_ready",
	 .text = N_("one was ready while the other was running for {one_ready_ns}, and both were running for "
		    "{both_running_ns}")},
	{.code = "spinners_time",
	 .text = N_("the spinners were running for {running_ns}, ready for {ready_ns} and blocked for "
		    "{blocked_ns}")},
	{0},
};

enum { WORKER, SPINNER_1, SPINNER_2 };

/* The worker's first sleep, the interval before it and the two after it. */
struct first_sleep {
	struct pw_span before, sleep, after, then;
};

static bool find_first_sleep(const struct pw_demo_run *run, struct first_sleep *out, struct pw_evidence *why)
{
	const struct pw_process *worker = run->role[WORKER];
	struct pw_thread_iter it;
	struct pw_span span;

	*out = (struct first_sleep){.before.state = PW_UNKNOWN};
	pw_thread_iter_init(&it, worker->threads);
	while (pw_thread_iter_next(&it, &span)) {
		if (pw_is_asleep(&span) && pw_is_pause(span.syscall)) {
			out->sleep = span;
			if (pw_thread_iter_next(&it, &out->after))
				pw_thread_iter_next(&it, &out->then);
			return true;
		}
		out->before = span;
	}
	pw_evidence_add(why, "never_slept", PW_VALUES(pw_value_process("worker", worker)));
	return false;
}

static bool sleep_blocks(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *worker = run->role[WORKER];
	struct first_sleep first;

	if (!find_first_sleep(run, &first, why))
		return false;

	const uint64_t from = first.sleep.from, to = first.sleep.to;

	pw_evidence_add(why, "blocked_from",
			PW_VALUES(pw_value_process("worker", worker),
				  pw_value_word("before", pw_state_name(first.before.state)),
				  pw_value_between("blocked_ns", from, to),
				  pw_value_ns("on_cpu_ns", pw_spent(worker->threads, PW_RUNNING, from, to))));
	return first.before.state == PW_RUNNING;
}

/* How the sleeps of a process ended. */
struct sleep_ends {
	uint64_t in_ready, in_running;
	uint64_t unseen; /* in running, and its wake-up was not observed: a ready interval may be missing */
};

static void count_sleep_ends(const struct pw_process *process, struct sleep_ends *sum)
{
	struct pw_thread_iter it;
	struct pw_span span, last = {.state = PW_UNKNOWN};

	pw_thread_iter_init(&it, process->threads);
	for (; pw_thread_iter_next(&it, &span); last = span) {
		if (last.state != PW_BLOCKED)
			continue;
		sum->in_ready += span.state == PW_READY;
		sum->in_running += span.state == PW_RUNNING && span.by != PW_NO_WAKER;
		sum->unseen += span.state == PW_RUNNING && span.by == PW_NO_WAKER;
	}
}

static bool becomes_ready_first(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct sleep_ends ends = {0};
	struct first_sleep first;

	if (!find_first_sleep(run, &first, why))
		return false;
	for (size_t i = WORKER; i <= SPINNER_2; i++)
		count_sleep_ends(run->role[i], &ends);
	count_sleep_ends(run->main, &ends);
	pw_evidence_add(why, "after_the_sleep",
			PW_VALUES(pw_value_process("worker", run->role[WORKER]),
				  pw_value_word("first", pw_state_name(first.after.state)),
				  pw_value_between("first_ns", first.after.from, first.after.to),
				  pw_value_word("second", pw_state_name(first.then.state))));
	pw_evidence_add(why, "sleeps_ended",
			PW_VALUES(pw_value_count("sleeps", ends.in_ready + ends.in_running + ends.unseen),
				  pw_value_count("in_ready", ends.in_ready),
				  pw_value_count("in_running", ends.in_running),
				  pw_value_count("unseen", ends.unseen)));
	return first.after.state == PW_READY && first.then.state == PW_RUNNING && ends.in_running == 0;
}

/*
 * A spinner that is ready without having slept has lost the CPU, and the other one has
 * it. Both run at once only until the second one is bound to the CPU of the first.
 */
static bool slices_end(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_thread *one = run->role[SPINNER_1]->threads, *other = run->role[SPINNER_2]->threads;
	const struct pw_thread *const both[] = {one, other};
	const uint64_t waited = pw_both(one, PW_READY, other, PW_RUNNING) +
				pw_both(one, PW_RUNNING, other, PW_READY);
	const uint64_t bound = pw_on_last_cpu_since(one) > pw_on_last_cpu_since(other)
				       ? pw_on_last_cpu_since(one)
				       : pw_on_last_cpu_since(other);
	const uint64_t together = pw_both_since(bound, one, PW_RUNNING, other, PW_RUNNING);
	const uint64_t ran = one->totals[PW_RUNNING] + other->totals[PW_RUNNING];
	const size_t turns = pw_turns(both, 2);

	pw_evidence_add(why, "turns_alternate", PW_VALUES(pw_value_count("turns", turns)));
	pw_evidence_add(
		why, "one_was_ready",
		PW_VALUES(pw_value_ns("one_ready_ns", waited), pw_value_ns("both_running_ns", together)));
	return turns >= 4 && waited > ran / 4 && together < waited / 100;
}

static bool computing_never_blocks(const struct pw_demo_run *run, struct pw_evidence *why)
{
	uint64_t blocked = 0, ran = 0, ready = 0;

	for (size_t i = SPINNER_1; i <= SPINNER_2; i++) {
		const struct pw_thread *t = run->role[i]->threads;

		blocked += pw_asleep(t, t->start, t->end);
		ran += t->totals[PW_RUNNING];
		ready += t->totals[PW_READY];
	}
	pw_evidence_add(why, "spinners_time",
			PW_VALUES(pw_value_ns("running_ns", ran), pw_value_ns("ready_ns", ready),
				  pw_value_ns("blocked_ns", blocked)));
	return ran > 0 && blocked < ran / 20;
}

static const struct pw_claim_def claims[] = {
	{.id = "blocked",
	 .text = N_("a process that waits for something is blocked: it goes from running to blocked"),
	 .holds = sleep_blocks},
	{.id = "ready",
	 .text = N_("a blocked process never goes straight to running: it is ready first"),
	 .holds = becomes_ready_first},
	{.id = "slice",
	 .text = N_("when its time slice is over, a running process becomes ready and another runs"),
	 .holds = slices_end},
	{.id = "compute",
	 .text = N_("a process that only computes is never blocked"),
	 .holds = computing_never_blocks},
};

int pw_judge_states(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_states",
						 .roles = {"worker", "spinner-1", "spinner-2"},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
