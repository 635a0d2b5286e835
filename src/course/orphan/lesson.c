/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/processes.h"

const char pw_page_orphan[] =
	N_("A parent works for 300 ms and exits. Its child works for a second, so it is\n"
	   "still working then.\n"
	   "\n"
	   "The child does not end with its parent. At that moment the kernel gives it\n"
	   "another one: the nearest ancestor that has declared itself a subreaper, as\n"
	   "service managers and container runtimes do, or else init, process 1. The\n"
	   "adopter waits for every process it has adopted, so an orphan does no harm: it\n"
	   "exits, is reaped, and is gone.\n"
	   "\n"
	   "Look for the moment at which the child's parent changes: it is the end of the\n"
	   "parent's own line. Some adopters reap at once, some only every second or two;\n"
	   "until then the child is a zombie like any other.\n"
	   "\n"
	   "Options:\n"
	   "  --parent TIME  how long the parent works (300ms)\n"
	   "  --child TIME   how long the child works (1s)\n"
	   "  --spoil KIND   break it on purpose, to see a claim fail: wait (the parent\n"
	   "                 waits for the child)\n");

// clang-format off
static const struct pw_sentence words[] = {
	{.code = "exited_before_parent",
	 .text = N_("{child.pid} exited {before_ns} before its parent {parent.pid}")},
	{.code = "outlived_parent",
	 .text = N_("{child.pid} outlived its parent {parent.pid} by {outlived_ns} and ran for {cpu_ns} of that time")},
	{.code = "left", .when = "state=zombie", .text = N_("{process.pid} was still a zombie when the recording ended")},
	{.text = N_("{process.pid} was still alive when the recording ended")},
	{.code = "released",
	 .text = N_("{released} of {all} {all|descendant|descendants} exited and {released|was|were} released")},
	{0},
};
// clang-format on

enum { CHILD };

static bool goes_on(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *child = run->role[CHILD], *parent = run->main;
	const struct pw_value child_value = pw_value_process("child", child);
	const struct pw_value parent_value = pw_value_process("parent", parent);
	const uint64_t child_end = child->exited ? child->exit_begun : pw_process_end(child);

	if (!pw_has_ended(parent, why))
		return false;
	if (child_end <= pw_last_moment(parent)) {
		pw_evidence_add(why, "exited_before_parent",
				PW_VALUES(child_value, parent_value,
					  pw_value_between("before_ns", child_end, parent->exit_at)));
		return false;
	}

	const uint64_t ran = pw_ran_after(child, pw_last_moment(parent));

	pw_evidence_add(why, "outlived_parent",
			PW_VALUES(child_value, parent_value,
				  pw_value_between("outlived_ns", parent->exit_at, child_end),
				  pw_value_ns("cpu_ns", ran)));
	return ran > 0;
}

static bool is_adopted(const struct pw_demo_run *run, struct pw_evidence *why)
{
	return pw_adopted(run->role[CHILD], run->main, why);
}

static bool is_reaped(const struct pw_demo_run *run, struct pw_evidence *why)
{
	return pw_reaped_by_adopter(run->role[CHILD], why);
}

/* Main does not count: the process that started the demo reaps it. */
static bool leaves_nothing(const struct pw_demo_run *run, struct pw_evidence *why)
{
	size_t count = 0, left = 0;

	for (size_t i = 0; i < pw_model_count(run->m); i++) {
		const struct pw_process *process = pw_model_process(run->m, i);

		if (process == run->main || !pw_descends(run->m, process, run->main))
			continue;
		count++;
		if (process->exited && process->reaped != PW_REAPED_NOT && process->reap_at)
			continue;
		left++;
		pw_evidence_add(why, "left",
				PW_VALUES(pw_value_process("process", process),
					  pw_value_word("state", process->exited ? "zombie" : "alive")));
	}
	pw_evidence_add(why, "released",
			PW_VALUES(pw_value_count("released", count - left), pw_value_count("all", count)));
	return count > 0 && left == 0;
}

static const struct pw_claim_def claims[] = {
	{"goes-on", N_("an orphan goes on when its parent exits"), goes_on},
	{"adopted", N_("its parent changes at that moment: to init or the nearest subreaper"), is_adopted},
	{"reaped", N_("in the end the adopter reaps it"), is_reaped},
	{"harmless", N_("an orphan is harmless: nothing of it is left behind"), leaves_nothing},
};

int pw_judge_orphan(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_orphan",
						 .roles = {"child"},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
