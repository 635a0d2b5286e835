/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/processes.h"
#include "course/lib/threads.h"

const char pw_page_callback[] =
	N_("A parent puts the kettle on: a child that takes 300 ms. Then the parent plays,\n"
	   "which means that it computes. When the kettle boils, the child exits, and the\n"
	   "kernel sends SIGCHLD to the parent. For that signal the parent has named a\n"
	   "function, the callback: it runs in the parent, between two instructions of its\n"
	   "game, and reaps the child. Then the game goes on.\n"
	   "\n"
	   "Look at the parent's line: it never sleeps, neither before nor after. In the\n"
	   "middle of it the child is reaped. Python's apply_async(callback=...) does the\n"
	   "same with a thread of the parent instead of a signal.\n"
	   "\n"
	   "Options:\n"
	   "  --boil TIME   how long the kettle takes (300ms)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: wait (the parent waits\n"
	   "                until the kettle boils) or no-callback (it checks on the kettle\n"
	   "                only when its game is over)\n");

// clang-format off
static const struct pw_sentence words[] = {
	{.code = "before_boiling",
	 .text = N_("in the {boil_ns} before the kettle boiled, the parent was running for {running_ns}, ready for "
		    "{ready_ns} and blocked for {blocked_ns}")},
	{.code = "no_sigchld", .text = N_("no SIGCHLD came from {kettle.pid}")},
	{.code = "reaped_after_sigchld",
	 .text = N_("the reap came {after_sigchld_ns} after SIGCHLD, and the parent ran for {cpu_ns} of that time")},
	{.code = "ran_around_callback",
	 .text = N_("the parent ran for {before_ns} before the callback and for {after_ns} after it")},
	{0},
};
// clang-format on

enum { KETTLE };

static bool is_not_blocked(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *kettle = run->role[KETTLE];

	if (!pw_has_ended(kettle, why))
		return false;

	const struct pw_thread *t = run->main->threads;
	const uint64_t ran = pw_spent(t, PW_RUNNING, kettle->start, kettle->exit_begun);
	const uint64_t ready = pw_spent(t, PW_READY, kettle->start, kettle->exit_begun);
	const uint64_t blocked = pw_asleep(t, kettle->start, kettle->exit_begun);

	pw_evidence_add(why, "before_boiling",
			PW_VALUES(pw_value_between("boil_ns", kettle->start, kettle->exit_begun),
				  pw_value_ns("running_ns", ran), pw_value_ns("ready_ns", ready),
				  pw_value_ns("blocked_ns", blocked)));
	return ran > 0 && blocked < ran / 20;
}

static bool runs_in_the_parent(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *kettle = run->role[KETTLE];
	const struct pw_signal_record *whistle = pw_sent(run, kettle, run->main, SIGCHLD);

	if (!whistle) {
		pw_evidence_add(why, "no_sigchld", PW_VALUES(pw_value_process("kettle", kettle)));
		return false;
	}
	if (!pw_reaped_by(kettle, run->main->pid, why))
		return false;

	const uint64_t before = pw_spent(run->main->threads, PW_RUNNING, whistle->at, kettle->reap_at);

	pw_evidence_add(why, "reaped_after_sigchld",
			PW_VALUES(pw_value_between("after_sigchld_ns", whistle->at, kettle->reap_at),
				  pw_value_ns("cpu_ns", before)));
	/* At once, by the parent's CPU time: the end of its game would be a hundred times as late. */
	return kettle->reap_at >= kettle->exit_at && before < pw_ran_after(run->main, run->main->start) / 50;
}

static bool plays_on(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *kettle = run->role[KETTLE];

	if (!pw_reaped_by(kettle, run->main->pid, why))
		return false;

	const uint64_t after = pw_ran_after(run->main, kettle->reap_at);
	const uint64_t before = pw_ran_after(run->main, kettle->start) - after;

	pw_evidence_add(why, "ran_around_callback",
			PW_VALUES(pw_value_ns("before_ns", before), pw_value_ns("after_ns", after)));
	return after > pw_ran_after(run->main, run->main->start) / 20;
}

static const struct pw_claim_def claims[] = {
	{"plays", N_("the parent is not blocked while the kettle is on"), is_not_blocked},
	{"callback", N_("the callback runs in the parent, right after the child exits"), runs_in_the_parent},
	{"goes-on", N_("after that, the parent goes on with what it was doing"), plays_on},
};

int pw_judge_callback(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_callback",
						 .roles = {"kettle"},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
