/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"

const char pw_page_fork[] =
	N_("A process calls fork. The call is made once and returns twice: in the parent\n"
	   "with the child's pid, in the child with 0. From then on there are two processes,\n"
	   "and both run. The child computes for 400 ms and fails with exit code 1; the\n"
	   "parent computes for 50 ms and then waits for the child.\n"
	   "\n"
	   "Look for the child's line, which begins in the middle of the parent's: both are\n"
	   "running, or ready if the machine has no CPU to spare. Then the parent is blocked\n"
	   "in wait4 until the child exits.\n"
	   "\n"
	   "wait returns a status to the parent. The exit code is its second byte, so exit\n"
	   "code 1 reads 256; the first byte would be the number of a signal.\n"
	   "\n"
	   "Options:\n"
	   "  --child TIME   how long the child computes (400ms)\n"
	   "  --parent TIME  how long the parent computes (50ms)\n"
	   "  --spoil KIND   break it on purpose, to see a claim fail: no-fork, wait-first\n"
	   "                 (the parent waits before it works), poll (it asks again and\n"
	   "                 again instead of sleeping) or succeed (the child exits with 0)\n");

// clang-format off
static const struct pw_sentence words[] = {
	{.code = "forked_by", .text = N_("{child.pid} was forked by {parent.pid}")},
	{.code = "both_ran",
	 .text = N_("after the fork, {parent.pid} ran for {parent_cpu_ns} and {child.pid} for {child_cpu_ns}")},
	{.code = "ran_meanwhile",
	 .text = N_("while the child was at work and ran for {child_cpu_ns}, the parent ran for {parent_cpu_ns}")},
	{.code = "not_in_wait", .text = N_("the parent {parent.pid} was not asleep in wait when its child exited")},
	{.code = "blocked_in_wait",
	 .text = N_("the parent was blocked in wait for {blocked_ns}, until {after_exit_ns} after the child began "
		    "to exit")},
	{0},
};
// clang-format on

enum { CHILD };

static bool are_two(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD], *parent = run->main;
	const uint64_t parent_ran = pw_ran_after(parent, child->start);
	const uint64_t child_ran = pw_ran_after(child, child->start);

	pw_evidence_add(
		why, "forked_by",
		PW_VALUES(pw_value_process("child", child), pw_value_parent("parent", &child->parents[0])));
	pw_evidence_add(why, "both_ran",
			PW_VALUES(pw_value_process("parent", parent), pw_value_process("child", child),
				  pw_value_ns("parent_cpu_ns", parent_ran),
				  pw_value_ns("child_cpu_ns", child_ran)));
	return child->parents[0].pid == parent->pid && parent_ran > 0 && child_ran > 0;
}

/* A parent that only goes to sleep while the child works runs for less than a fiftieth of its time. */
static bool are_concurrent(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD];
	const uint64_t begun = pw_first_run(child->threads);

	if (!pw_has_ended(child, why))
		return false;

	const uint64_t child_ran = pw_ran_after(child, child->start);
	const uint64_t parent_ran = pw_spent(run->main->threads, PW_RUNNING, begun, child->exit_begun);

	pw_evidence_add(
		why, "ran_meanwhile",
		PW_VALUES(pw_value_ns("child_cpu_ns", child_ran), pw_value_ns("parent_cpu_ns", parent_ran)));
	return begun > 0 && parent_ran > child_ran / 50;
}

static bool waits_blocked(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD];
	struct pw_sleep wait;

	if (!pw_has_ended(child, why))
		return false;
	if (!pw_wait_over(run->main, child->exit_begun, &wait) || wait.from > child->exit_begun) {
		pw_evidence_add(why, "not_in_wait", PW_VALUES(pw_value_process("parent", run->main)));
		return false;
	}
	pw_evidence_add(why, "blocked_in_wait",
			PW_VALUES(pw_value_between("blocked_ns", wait.from, wait.to),
				  pw_value_between("after_exit_ns", child->exit_begun, wait.to)));
	pw_evidence_waker(wait.by, why);
	return wait.by == child->pid;
}

static bool status_is_256(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD];

	if (!pw_has_ended(child, why))
		return false;
	pw_evidence_exit(child, why);
	pw_evidence_wait_status(child, why);
	return child->wait_status == 256 && pw_exited_with(child, 1);
}

static const struct pw_claim_def claims[] = {
	{"two", N_("fork makes two processes out of one, and both go on"), are_two},
	{"concurrent", N_("parent and child run concurrently"), are_concurrent},
	{"blocked", N_("the parent is blocked in wait until the child exits"), waits_blocked},
	{"status", N_("exit code 1 is a wait status of 256"), status_is_256},
};

int pw_judge_fork(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_fork",
						 .roles = {"child"},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
