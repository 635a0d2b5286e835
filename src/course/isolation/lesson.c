/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/processes.h"

const char pw_page_isolation[] =
	N_("A parent has a number, 100. It forks a child; the child counts the number down\n"
	   "to 99 and ends. The parent waits for that and looks at its number: it is still\n"
	   "100.\n"
	   "\n"
	   "Processes do not share their memory. fork gives the child a copy, in which\n"
	   "everything has the same name and even the same address. (The kernel copies a\n"
	   "page only when one of the two writes to it. Neither can tell the difference.)\n"
	   "\n"
	   "Memory that a process asks to share before it forks (--shared) is the exception:\n"
	   "there the child's 99 is the parent's 99.\n"
	   "\n"
	   "The kernel does not know the number. So each of the two ends with the number it\n"
	   "sees as its exit code: look there.\n"
	   "\n"
	   "Options:\n"
	   "  --shared      the number lies in shared memory\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: other-memory (shared\n"
	   "                where it should not be, and not shared where it should be),\n"
	   "                look-early (the parent does not wait before it looks) or\n"
	   "                no-count (the child does not change the number)\n");

static const struct pw_sentence words[] = {
	{.code = "parent_exited_later",
	 .text = N_("the parent {parent.pid} exited {later_ns} after it reaped the child")},
	{.code = "parent_exited_first",
	 .text = N_("the parent {parent.pid} had begun to exit before the child was reaped")},
	{0},
};

enum { PARENT, CHILD };

static bool ends_with(const struct pw_process *process, int number, struct pw_evidence *why)
{
	pw_evidence_exit(process, why);
	return pw_exited_with(process, number);
}

static bool child_has_99(const struct pw_demo_run *run, struct pw_evidence *why)
{
	return ends_with(run->role[CHILD], 99, why);
}

/* The numbers prove something only if the child had counted before the parent looked. */
static bool after_the_child(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *parent = run->role[PARENT], *child = run->role[CHILD];

	if (!pw_has_ended(parent, why) || !pw_reaped_by(child, parent->pid, why))
		return false;
	if (child->reap_at > parent->exit_begun) {
		pw_evidence_add(why, "parent_exited_first", PW_VALUES(pw_value_process("parent", parent)));
		return false;
	}
	pw_evidence_add(why, "parent_exited_later",
			PW_VALUES(pw_value_process("parent", parent),
				  pw_value_between("later_ns", child->reap_at, parent->exit_begun)));
	return true;
}

static bool parent_has_100(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const bool has = ends_with(run->role[PARENT], 100, why);

	return ends_with(run->role[CHILD], 99, why) && has;
}

static bool parent_has_99(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const bool has = ends_with(run->role[PARENT], 99, why);

	return ends_with(run->role[CHILD], 99, why) && has;
}

static const struct pw_claim_def apart[] = {
	{.id = "child", .text = N_("the child counts its number down: it has 99"), .holds = child_has_99},
	{.id = "after", .text = N_("the parent looks after the child has ended"), .holds = after_the_child},
	{.id = "copied",
	 .text = N_("the parent still has 100: memory is copied, not shared"),
	 .holds = parent_has_100},
};

static const struct pw_claim_def shared[] = {
	{.id = "child", .text = N_("the child counts the number down: it has 99"), .holds = child_has_99},
	{.id = "after", .text = N_("the parent looks after the child has ended"), .holds = after_the_child},
	{.id = "shared",
	 .text = N_("in shared memory, the child's 99 is the parent's"),
	 .holds = parent_has_99},
};

int pw_judge_isolation(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def one = {.demo = "demo_isolation",
						 .roles = {"parent", "child"},
						 .claims = apart,
						 .count = PW_COUNT(apart),
						 .words = words};
	static const struct pw_lesson_def other = {.demo = "demo_isolation",
						   .roles = {"parent", "child"},
						   .claims = shared,
						   .count = PW_COUNT(shared),
						   .words = words};

	return pw_judge(lesson, m, pw_last_option(argv, "--shared") ? &other : &one);
}
