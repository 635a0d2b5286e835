/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"

const char pw_page_terminate[] =
	N_("A child works forever. Main sends it SIGTERM, checks on it at once, does\n"
	   "something else for 200 ms, checks again, and reaps it.\n"
	   "\n"
	   "terminate only asks. The kernel notes the signal in the child's entry and wakes\n"
	   "the child; the child must become ready, get a CPU, find the signal and go\n"
	   "through its own exit. All that takes a moment, in which is_alive still says yes.\n"
	   "\n"
	   "Look for the child's last wake-up, by main, and for the row of Z that follows: a\n"
	   "process that was terminated is a zombie, like any other, until it is reaped.\n"
	   "\n"
	   "Options:\n"
	   "  --look TIME   how long after that main checks again (200ms)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: too-late (the child\n"
	   "                has exited before), deaf (it ignores SIGTERM) or reap-at-once\n"
	   "                (main waits for it instead of checking)\n");

// clang-format off
static const struct pw_sentence words[] = {
	{.code = "no_sigterm", .text = N_("main {main.pid} never sent SIGTERM to the child {child.pid}")},
	{.code = "exited_before_sigterm", .text = N_("{child.pid} had exited {before_ns} before SIGTERM was sent")},
	{.code = "alive_after_sigterm",
	 .text = N_("after SIGTERM, {child.pid} was alive for {alive_ns}: ready for {ready_ns}, running for {running_ns}")},
	{.code = "no_second_check", .text = N_("main {main.pid} did not check again")},
	{.code = "alive_at_second_check", .text = N_("{child.pid} was still alive when main checked again after {pause_ns}")},
	{.code = "exited_before_second_check", .text = N_("{child.pid} exited {before_ns} before main checked again")},
	{.code = "reaped_before_second_check", .text = N_("the reap came {before_ns} before main checked again")},
	{0},
};
// clang-format on

enum { CHILD };

static const struct pw_signal_record *find_sigterm(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_signal_record *term = pw_sent(run, run->main, run->role[CHILD], SIGTERM);

	if (!term)
		pw_evidence_add(why, "no_sigterm",
				PW_VALUES(pw_value_process("main", run->main),
					  pw_value_process("child", run->role[CHILD])));
	return term;
}

static bool only_asks(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD];
	const struct pw_value child_value = pw_value_process("child", child);
	const struct pw_signal_record *term = find_sigterm(run, why);

	if (!term || !pw_has_ended(child, why))
		return false;
	if (child->exit_begun <= term->at) {
		pw_evidence_add(
			why, "exited_before_sigterm",
			PW_VALUES(child_value, pw_value_between("before_ns", child->exit_begun, term->at)));
		return false;
	}

	const uint64_t ready = pw_spent(child->threads, PW_READY, term->at, child->exit_at);
	const uint64_t running = pw_spent(child->threads, PW_RUNNING, term->at, child->exit_at);

	pw_evidence_add(why, "alive_after_sigterm",
			PW_VALUES(child_value, pw_value_between("alive_ns", term->at, child->exit_at),
				  pw_value_ns("ready_ns", ready), pw_value_ns("running_ns", running)));
	return running > 0;
}

static bool is_its_end(const struct pw_demo_run *run, struct pw_evidence *why)
{
	if (!find_sigterm(run, why))
		return false;
	pw_evidence_exit(run->role[CHILD], why);
	if (run->role[CHILD]->status_known)
		pw_evidence_wait_status(run->role[CHILD], why);
	return pw_killed_by(run->role[CHILD], SIGTERM);
}

/* Main checks again at the end of the pause that it makes after the signal. */
static bool find_second_check(const struct pw_demo_run *run, struct pw_sleep *pause, struct pw_evidence *why)
{
	const struct pw_signal_record *term = find_sigterm(run, why);

	if (!term)
		return false;
	if (pw_last_pause(run->main, pw_process_end(run->main), pause) && pause->from > term->at)
		return true;
	pw_evidence_add(why, "no_second_check", PW_VALUES(pw_value_process("main", run->main)));
	return false;
}

static bool is_dead_later(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD];
	const struct pw_value child_value = pw_value_process("child", child);
	struct pw_sleep pause;

	if (!find_second_check(run, &pause, why) || !pw_has_ended(child, why))
		return false;
	if (child->exit_at >= pause.to) {
		pw_evidence_add(why, "alive_at_second_check",
				PW_VALUES(child_value, pw_value_between("pause_ns", pause.from, pause.to)));
		return false;
	}
	pw_evidence_add(why, "exited_before_second_check",
			PW_VALUES(child_value, pw_value_between("before_ns", child->exit_at, pause.to)));
	return true;
}

static bool is_a_zombie(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD];
	struct pw_sleep pause;

	if (!find_second_check(run, &pause, why) || !pw_reaped_by(child, run->main->pid, why))
		return false;
	if (child->reap_at < pause.to)
		pw_evidence_add(why, "reaped_before_second_check",
				PW_VALUES(pw_value_between("before_ns", child->reap_at, pause.to)));
	return child->zombie_from > 0 && child->zombie_from < pause.to && child->reap_at >= pause.to;
}

static const struct pw_claim_def claims[] = {
	{"asks", N_("terminate only asks: the child is still alive then, and must run once more to exit"),
	 only_asks},
	{"signal", N_("SIGTERM is what killed it, and its wait status says so"), is_its_end},
	{"dead", N_("a moment later it is dead"), is_dead_later},
	{"zombie", N_("it is a zombie until main reaps it"), is_a_zombie},
};

int pw_judge_terminate(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_terminate",
						 .roles = {"child"},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
