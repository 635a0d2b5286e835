/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/judge.h"

const char pw_page_isolation[] =
	N_("A parent has a number, 100. It forks a child; the child counts the number down\n"
	   "to 99 and ends. The parent waits for that, and looks at its number: it is still\n"
	   "100.\n"
	   "\n"
	   "Processes do not share their memory. fork gives the child a copy, in which\n"
	   "everything has the same name and even the same address. (The kernel copies a\n"
	   "page only when one of the two writes to it. Nobody can tell the difference.)\n"
	   "\n"
	   "Memory that a process has asked to be shared before it forks (--shared) is the\n"
	   "exception: there the child's 99 is the parent's 99.\n"
	   "\n"
	   "The kernel does not know what a number is. So each of the two ends with the\n"
	   "number it sees as its exit code: look there.\n"
	   "\n"
	   "Options:\n"
	   "  --shared      the number lies in shared memory\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: other-memory (shared where\n"
	   "                it should not be, and the other way round), look-early (the\n"
	   "                parent does not wait before it looks) or no-count (the child\n"
	   "                leaves the number alone)\n");

enum { PARENT, CHILD };

static bool ends_with(const struct pw_process *process, int number, struct pw_evidence *why)
{
	pw_evidence_exit(process, why);
	return pw_exited_with(process, number);
}

static bool child_has_99(const struct pw_demo_run *s, struct pw_evidence *why)
{
	return ends_with(s->role[CHILD], 99, why);
}

/* Both numbers count only if the child had counted before the parent looked. */
static bool after_the_child(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *parent = s->role[PARENT], *child = s->role[CHILD];

	if (!pw_has_ended(parent, why) || !pw_reaped_by(child, parent->pid, why))
		return false;
	pw_say(why, ", and %u ended %s after that", parent->pid,
	       pw_from_to(child->reap_at, parent->exit_begun).s);
	return child->reap_at <= parent->exit_begun;
}

static bool parent_has_100(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const bool has = ends_with(s->role[PARENT], 100, why);

	pw_say(why, "; ");
	return ends_with(s->role[CHILD], 99, why) && has;
}

static bool parent_has_99(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const bool has = ends_with(s->role[PARENT], 99, why);

	pw_say(why, "; ");
	return ends_with(s->role[CHILD], 99, why) && has;
}

static const struct pw_claim_def apart[] = {
	{"child", N_("the child counts its number down: it has 99"), child_has_99},
	{"after", N_("the parent looks when the child is done"), after_the_child},
	{"copied", N_("the parent still has 100: memory is copied, not shared"), parent_has_100},
};

static const struct pw_claim_def shared[] = {
	{"child", N_("the child counts the number down: it has 99"), child_has_99},
	{"after", N_("the parent looks when the child is done"), after_the_child},
	{"shared", N_("in shared memory, the child's 99 is the parent's"), parent_has_99},
};

int pw_judge_isolation(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def one = {.demo = "demo_isolation",
						 .roles = {"parent", "child"},
						 .claims = apart,
						 .count = PW_COUNT(apart)};
	static const struct pw_lesson_def other = {.demo = "demo_isolation",
						   .roles = {"parent", "child"},
						   .claims = shared,
						   .count = PW_COUNT(shared)};

	return pw_judge(lesson, m, pw_last_option(argv, "--shared") ? &other : &one);
}
