/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/process_set.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"

const char pw_page_join[] =
	N_("Main starts 10 children that work for 100 ms each, and joins them in turn: it\n"
	   "waits for the first, then for the second, and so on.\n"
	   "\n"
	   "join blocks: main sleeps in wait4, uses no CPU, and is woken when the child\n"
	   "exits. Yet ten joins of 100 ms do not make a second. While main waits for the\n"
	   "first child, the others work too, and joining a child that has exited takes no\n"
	   "time.\n"
	   "\n"
	   "Look for the ten lines one below the other: they lie side by side in time. With\n"
	   "--spoil one-by-one they make a staircase.\n"
	   "\n"
	   "Options:\n"
	   "  --work TIME   how long each child works (100ms)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: one-by-one (main joins\n"
	   "                each child before it starts the next), poll (main checks again\n"
	   "                and again) or no-join\n");

// clang-format off
static const struct pw_sentence words[] = {
	{.code = "not_in_wait",
	 .text = N_("main was not asleep in wait when {child.pid}, the first child it joins, exited")},
	{.code = "blocked_in_wait", .text = N_("main was blocked in wait for {blocked_ns}, until {child.pid} exited")},
	{.code = "not_joined", .text = N_("{child.pid} was not joined")},
	{.code = "join_times",
	 .text = N_("from the first start to the last join it took {whole_ns}, while the longest child took "
		    "{longest_ns} and all children together {sum_ns}")},
	{0},
};
// clang-format on

enum { CHILDREN = 10 };

static bool blocks(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(run, "child-");
	struct pw_sleep wait;

	if (!pw_process_set_counts(&all, CHILDREN, why) || !pw_has_ended(all.of[0], why))
		return false;

	const struct pw_process *first = all.of[0];
	const struct pw_value child_value = pw_value_process("child", first);

	if (!pw_wait_over(run->main, first->exit_begun, &wait) || wait.from > first->exit_begun) {
		pw_evidence_add(why, "not_in_wait", PW_VALUES(child_value));
		return false;
	}
	pw_evidence_add(why, "blocked_in_wait",
			PW_VALUES(child_value, pw_value_between("blocked_ns", wait.from, wait.to)));
	if (wait.by != first->pid)
		pw_evidence_waker(wait.by, why);
	return wait.by == first->pid;
}

static bool takes_the_longest(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(run, "child-");
	uint64_t sum = 0, longest = 0, last = 0;

	if (!pw_process_set_counts(&all, CHILDREN, why))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct pw_process *child = all.of[i];

		if (!child->reap_at) {
			pw_evidence_add(why, "not_joined", PW_VALUES(pw_value_process("child", child)));
			return false;
		}
		sum += child->exit_at - child->start;
		longest = child->exit_at - child->start > longest ? child->exit_at - child->start : longest;
		last = child->reap_at > last ? child->reap_at : last;
	}

	const uint64_t whole = last - all.of[0]->start;

	pw_evidence_add(why, "join_times",
			PW_VALUES(pw_value_ns("whole_ns", whole), pw_value_ns("longest_ns", longest),
				  pw_value_ns("sum_ns", sum)));
	/* Much nearer to the longest than to the sum. */
	return whole - longest < (sum - longest) / 4;
}

static bool are_all_joined(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(run, "child-");

	return pw_process_set_counts(&all, CHILDREN, why) && pw_process_set_reaped(&all, run->main, why);
}

static const struct pw_claim_def claims[] = {
	{"blocks", N_("join blocks: main sleeps until the child it joins has exited"), blocks},
	{"longest", N_("joining them all takes as long as the longest, not as long as the sum"),
	 takes_the_longest},
	{"joined", N_("a joined child is reaped: none is left when main exits"), are_all_joined},
};

int pw_judge_join(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {
		.demo = "demo_join", .claims = claims, .count = PW_COUNT(claims), .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
