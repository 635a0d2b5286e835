/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"

const char pw_page_zombie[] =
	N_("A child exits at once, with exit code 7. Its parent does something else for\n"
	   "500 ms, and only then waits for it.\n"
	   "\n"
	   "When a process exits, the kernel takes back its memory and its files. It keeps\n"
	   "the process's entry in the process table, which holds the exit code, until the\n"
	   "parent asks for it with wait(). In the meantime the child is a zombie.\n"
	   "\n"
	   "Look for the long row of Z in the child's line. It ends where the parent's\n"
	   "sleep ends. A zombie costs no CPU and no memory worth mentioning, only its\n"
	   "pid; but pids are limited, and a server that forgets its children runs out.\n"
	   "\n"
	   "Options:\n"
	   "  --hold TIME   how long the parent is busy (500ms)\n"
	   "  --no-wait     the parent exits without ever waiting: another process, init or\n"
	   "                a subreaper, becomes the zombie's parent and reaps it\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: reap-at-once (the\n"
	   "                parent waits first) or ignore (it ignores SIGCHLD, so the kernel\n"
	   "                keeps nothing for it)\n");

// clang-format off
static const struct pw_sentence words[] = {
	{.code = "never_a_zombie", .text = N_("{child.pid} was never a zombie")},
	{.code = "not_exited_first", .text = N_("{child.pid} had not exited before its parent {parent.pid} did")},
	{.code = "gone_first", .text = N_("{child.pid} was gone {before_ns} before its parent {parent.pid} exited")},
	{.code = "zombie_until_exit",
	 .text = N_("{child.pid} had been a zombie for {zombie_ns} when its parent {parent.pid} exited")},
	{.code = "cpu_as_zombie", .text = N_("{child.pid} was a zombie for {zombie_ns} and ran for {cpu_ns} of that time")},
	{.code = "contradictions",
	 .text = N_("{events} {events|event contradicts|events contradict} the exit of {child.pid}")},
	{.code = "still_a_zombie", .text = N_("{child.pid} was still a zombie when the recording ended")},
	{.code = "still_there", .text = N_("{child.pid} was still there after it was reaped")},
	{.code = "gone", .text = N_("{child.pid} was gone {after_exit_ns} after it exited")},
	{.code = "not_zombie_and_reaped", .text = N_("{child.pid} was not observed both as a zombie and reaped")},
	{.code = "parent_not_busy",
	 .text = N_("the parent {parent.pid} was not busy while {child.pid} was a zombie")},
	{.code = "parent_busy", .text = N_("the parent was busy for {busy_ns} of the zombie's {zombie_ns}")},
	{.code = "reaped_early", .text = N_("the child was reaped {early_ns} before the parent was done")},
	{.code = "reaped_when_done",
	 .text = N_("the child was reaped {later_ns} after the parent was done"
		    "[blocked_ns?, but the parent first blocked for {blocked_ns}]")},
	{0},
};
// clang-format on

enum { CHILD };

static bool stays_a_zombie(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD];

	if (!child->zombie_from) {
		pw_evidence_add(why, "never_a_zombie", PW_VALUES(pw_value_process("child", child)));
		return false;
	}
	return pw_reaped_by(child, run->main->pid, why);
}

/* --no-wait: the zombie is still there when its parent exits. */
static bool stays_without_wait(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD];
	const struct pw_value child_value = pw_value_process("child", child);
	const struct pw_value parent_value = pw_value_process("parent", run->main);
	const uint64_t parent_end = run->main->exit_begun;
	const uint64_t zombie_to = child->zombie_to ? child->zombie_to : UINT64_MAX;

	if (!child->zombie_from) {
		pw_evidence_add(why, "never_a_zombie", PW_VALUES(child_value));
		return false;
	}
	if (!run->main->exited || child->zombie_from > parent_end) {
		pw_evidence_add(why, "not_exited_first", PW_VALUES(child_value, parent_value));
		return false;
	}
	if (zombie_to < parent_end) {
		pw_evidence_add(why, "gone_first",
				PW_VALUES(child_value, parent_value,
					  pw_value_between("before_ns", zombie_to, parent_end)));
		return false;
	}
	pw_evidence_add(why, "zombie_until_exit",
			PW_VALUES(child_value, parent_value,
				  pw_value_between("zombie_ns", child->zombie_from, parent_end)));
	return true;
}

/*
 * A process becomes waitable microseconds before it is switched off the CPU for the
 * last time. If it were switched in again after that, the model would count a
 * contradiction.
 */
static bool uses_no_cpu(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD];
	const struct pw_value child_value = pw_value_process("child", child);
	const uint64_t end = pw_process_end(child);
	const uint64_t zombie = end > child->zombie_from ? end - child->zombie_from : 0;
	const uint64_t ran = pw_ran_after(child, child->zombie_from);

	if (!child->zombie_from || zombie == 0) {
		pw_evidence_add(why, "never_a_zombie", PW_VALUES(child_value));
		return false;
	}
	pw_evidence_add(why, "cpu_as_zombie",
			PW_VALUES(child_value, pw_value_ns("cpu_ns", ran),
				  pw_value_ns_bound("zombie_ns", zombie,
						    child->reap_bounded ? PW_AT_MOST : PW_EXACT)));
	if (child->contradictions > 0)
		pw_evidence_add(why, "contradictions",
				PW_VALUES(child_value, pw_value_count("events", child->contradictions)));
	return ran < zombie / 100 && child->contradictions == 0;
}

static bool is_freed(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD];
	const struct pw_value child_value = pw_value_process("child", child);
	const uint64_t after_exit = child->zombie_to > child->exit_at ? child->zombie_to - child->exit_at : 0;

	if (!child->exited)
		return pw_has_ended(child, why);
	if (!child->zombie_to) {
		pw_evidence_add(why, child->zombie_from ? "still_a_zombie" : "never_a_zombie",
				PW_VALUES(child_value));
		return false;
	}
	if (pw_model_find(run->m, child->pid, child->zombie_to + 1) == child) {
		pw_evidence_add(why, "still_there", PW_VALUES(child_value));
		return false;
	}
	pw_evidence_add(
		why, "gone",
		PW_VALUES(child_value, pw_value_ns_bound("after_exit_ns", after_exit,
							 child->reap_bounded ? PW_AT_MOST : PW_EXACT)));
	return true;
}

/* From the end of the parent's pause to the reap, the parent may be ready or running, but must not block. */
static bool lasts_as_the_parent_takes(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD];
	const struct pw_value child_value = pw_value_process("child", child);
	struct pw_sleep pause;

	if (!child->zombie_from || !child->reap_at) {
		pw_evidence_add(why, "not_zombie_and_reaped", PW_VALUES(child_value));
		return false;
	}
	if (!pw_last_pause(run->main, child->reap_at, &pause) || pause.to <= child->zombie_from) {
		pw_evidence_add(why, "parent_not_busy",
				PW_VALUES(pw_value_process("parent", run->main), child_value));
		return false;
	}
	pw_evidence_add(why, "parent_busy",
			PW_VALUES(pw_value_between("busy_ns", child->zombie_from, pause.to),
				  pw_value_between("zombie_ns", child->zombie_from, child->reap_at)));
	/*
	 * Different hooks observe the two moments, and a timeline with a missed switch is
	 * exact only to microseconds.
	 */
	if (child->reap_at + (child->reap_at - child->zombie_from) / 100 < pause.to) {
		pw_evidence_add(why, "reaped_early",
				PW_VALUES(pw_value_between("early_ns", child->reap_at, pause.to)));
		return false;
	}

	const struct pw_blocked blocked = pw_blocked_between(run->main, pause.to, child->reap_at);

	pw_evidence_add(why, "reaped_when_done",
			PW_VALUES(pw_value_between("later_ns", pause.to, child->reap_at),
				  blocked.other > 0 ? pw_value_ns("blocked_ns", blocked.other)
						    : pw_value_unknown("blocked_ns")));
	return blocked.other == 0;
}

static bool is_adopted_and_reaped(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const bool adopted = pw_adopted(run->role[CHILD], run->main, why);

	return pw_reaped_by_adopter(run->role[CHILD], why) && adopted;
}

static const struct pw_claim_def with_wait[] = {
	{"zombie", N_("a child that has exited stays a zombie until its parent reaps it"), stays_a_zombie},
	{"no-cpu", N_("a zombie uses no CPU"), uses_no_cpu},
	{"lasts", N_("a zombie lasts as long as its parent takes to wait for it"), lasts_as_the_parent_takes},
	{"freed", N_("reaping frees its entry in the process table"), is_freed},
};

static const struct pw_claim_def without_wait[] = {
	{"zombie", N_("a child that has exited stays a zombie as long as its parent lives and does not wait"),
	 stays_without_wait},
	{"no-cpu", N_("a zombie uses no CPU"), uses_no_cpu},
	{"adopted", N_("when its parent exits, an adopter becomes the zombie's parent and reaps it"),
	 is_adopted_and_reaped},
	{"freed", N_("reaping frees its entry in the process table"), is_freed},
};

int pw_judge_zombie(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def waiting = {.demo = "demo_zombie",
						     .roles = {"child"},
						     .claims = with_wait,
						     .count = PW_COUNT(with_wait),
						     .words = words};
	static const struct pw_lesson_def not_waiting = {.demo = "demo_zombie",
							 .roles = {"child"},
							 .claims = without_wait,
							 .count = PW_COUNT(without_wait),
							 .words = words};

	return pw_judge(lesson, m, pw_last_option(argv, "--no-wait") ? &not_waiting : &waiting);
}
