/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>

#include "course/lib/judge.h"

const char pw_page_callback[] =
	N_("A parent puts the kettle on: a child that takes 300 ms. Then it plays, which\n"
	   "means that it computes. When the kettle boils, the child ends, and the kernel\n"
	   "sends the parent SIGCHLD. For that signal the parent has named a function, the\n"
	   "callback: it runs in the parent, between two instructions of its game, and reaps\n"
	   "the child. Then the game goes on.\n"
	   "\n"
	   "Look at the parent's line: it never sleeps, neither before nor after. In the\n"
	   "middle of it the child is reaped. Python's apply_async(callback=...) does the\n"
	   "same with a thread of the parent instead of a signal.\n"
	   "\n"
	   "Options:\n"
	   "  --boil TIME   how long it takes (300ms)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: wait (the parent does\n"
	   "                until the kettle boils) or no-callback (it looks when its game\n"
	   "                is over)\n");

enum { KETTLE };

static bool is_not_blocked(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *kettle = s->role[KETTLE];

	if (!pw_has_ended(kettle, why))
		return false;

	const struct pw_thread *t = s->main->threads;
	const uint64_t ran = pw_spent(t, PW_RUNNING, kettle->start, kettle->exit_begun);
	const uint64_t ready = pw_spent(t, PW_READY, kettle->start, kettle->exit_begun);
	const uint64_t blocked = pw_asleep(t, kettle->start, kettle->exit_begun);

	pw_say(why, "in the %s before it boiled, the parent was running for %s, ready for %s, blocked for %s",
	       pw_from_to(kettle->start, kettle->exit_begun).s, pw_dur(ran).s, pw_dur(ready).s,
	       pw_dur(blocked).s);
	return ran > 0 && blocked < ran / 20;
}

static bool runs_in_the_parent(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *kettle = s->role[KETTLE];
	const struct pw_signal_record *whistle = pw_sent(s, kettle, s->main, SIGCHLD);

	if (!whistle) {
		pw_say(why, "no SIGCHLD came from %u", kettle->pid);
		return false;
	}
	if (!pw_reaped_by(kettle, s->main->pid, why))
		return false;

	const uint64_t before = pw_spent(s->main->threads, PW_RUNNING, whistle->at, kettle->reap_at);

	pw_say(why, ", %s after SIGCHLD, for %s of which the parent was on a CPU",
	       pw_from_to(whistle->at, kettle->reap_at).s, pw_dur(before).s);
	/* At once, on the parent's own clock: not at the end of a game that takes a hundred times as long. */
	return kettle->reap_at >= kettle->exit_at && before < pw_ran_after(s->main, s->main->start) / 50;
}

static bool plays_on(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *kettle = s->role[KETTLE];

	if (!pw_reaped_by(kettle, s->main->pid, why))
		return false;

	const uint64_t after = pw_ran_after(s->main, kettle->reap_at);

	pw_say(why, "; the parent ran for %s before the callback and for %s after it",
	       pw_dur(pw_ran_after(s->main, kettle->start) - after).s, pw_dur(after).s);
	return after > pw_ran_after(s->main, s->main->start) / 20;
}

static const struct pw_claim_def claims[] = {
	{"plays", N_("the parent is not blocked while the kettle is on"), is_not_blocked},
	{"callback", N_("the callback runs in the parent, right after the child's end"), runs_in_the_parent},
	{"goes-on", N_("then the parent goes on with what it was doing"), plays_on},
};

int pw_judge_callback(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_callback", .roles = {"kettle"}, .claims = claims, .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
