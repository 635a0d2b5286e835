/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/process_set.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"

const char pw_page_start[] =
	N_("Main starts 10 children and does not join them. Each child works for a time of\n"
	   "its own, between 300 and 600 ms.\n"
	   "\n"
	   "start only asks for a process. It returns at once, so main has started all ten\n"
	   "before the first of them is done, and main's code is done long before its\n"
	   "children are. Main itself is not: before it exits, it waits for all of them, as\n"
	   "the programs of Python's multiprocessing do.\n"
	   "\n"
	   "Look for the ten lines that begin together and end apart. Which child ends first\n"
	   "depends on how long each of them works and on the scheduler, not on which was\n"
	   "started first.\n"
	   "\n"
	   "Options:\n"
	   "  --work TIME   how long the shortest child works (300ms); the longest works\n"
	   "                twice as long\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: join-each (each child\n"
	   "                right after its start), in-order (each child works longer than\n"
	   "                the one before), long-code (main works longer than any child) or\n"
	   "                no-reap\n");

// clang-format off
static const struct pw_sentence words[] = {
	{.code = "all_started",
	 .text = N_("main started {started} children in {start_ns} and waited for {waited_ns} of that time")},
	{.code = "first_exit", .when = "after_last_start_ns",
	 .text = N_("the first child exited {after_last_start_ns} after the last start")},
	{.text = N_("the first child exited {before_last_start_ns} before the last start")},
	{.code = "first_runs", .when = "order=start", .text = N_("the children first ran in the order of their starts")},
	{.text = N_("the children first ran in another order")},
	{.code = "exits", .text = N_("they exited in this order: {child}")},
	{.code = "code_done",
	 .text = N_("main's code was done {code_ns} after the first start, the last child {children_ns} after it")},
	{0},
};
// clang-format on

enum { CHILDREN = 10 };

/* As long as one is still at work, neither the order nor the time of the exits is known. */
static bool find_children(const struct pw_demo_run *run, struct pw_process_set *all, struct pw_evidence *why)
{
	*all = pw_process_set_of(run, "child-");
	return pw_process_set_counts(all, CHILDREN, why) && pw_process_set_ended(all, why);
}

static uint64_t first_end(const struct pw_process_set *all)
{
	uint64_t first = UINT64_MAX;

	for (size_t i = 0; i < all->count; i++) {
		if (all->of[i]->exit_begun < first)
			first = all->of[i]->exit_begun;
	}
	return first;
}

static uint64_t last_end(const struct pw_process_set *all)
{
	uint64_t last = 0;

	for (size_t i = 0; i < all->count; i++)
		last = all->of[i]->exit_begun > last ? all->of[i]->exit_begun : last;
	return last;
}

static bool does_not_block(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pw_process_set all;

	if (!find_children(run, &all, why))
		return false;

	const uint64_t first = all.of[0]->start, last = all.of[CHILDREN - 1]->start;
	const uint64_t waited = pw_slept_in(run->main->threads, SYS_wait4, first, last);
	const uint64_t end = first_end(&all);

	pw_evidence_add(why, "all_started",
			PW_VALUES(pw_value_count("started", all.count),
				  pw_value_between("start_ns", first, last),
				  pw_value_ns("waited_ns", waited)));
	pw_evidence_add(why, "first_exit",
			PW_VALUES(end < last ? pw_value_between("before_last_start_ns", end, last)
					     : pw_value_between("after_last_start_ns", last, end)));
	return waited == 0 && end >= last;
}

static void add_exits(const struct pw_process_set *all, struct pw_evidence *why)
{
	struct pw_fact exits = pw_fact_make("exits", NULL);

	for (uint64_t after = 0; after < last_end(all);) {
		size_t next = SIZE_MAX;

		for (size_t i = 0; i < all->count; i++) {
			if (all->of[i]->exit_begun > after &&
			    (next == SIZE_MAX || all->of[i]->exit_begun < all->of[next]->exit_begun))
				next = i;
		}
		pw_fact_add(&exits, pw_value_item(pw_value_count("child", next + 1)));
		after = all->of[next]->exit_begun;
	}
	pw_facts_add(&why->facts, &exits);
}

static bool in_another_order(const struct pw_demo_run *run, struct pw_evidence *why)
{
	bool same_runs = true, same_ends = true;
	struct pw_process_set all;

	if (!find_children(run, &all, why))
		return false;
	for (size_t i = 1; i < all.count; i++) {
		same_runs = same_runs &&
			    pw_first_run(all.of[i]->threads) > pw_first_run(all.of[i - 1]->threads);
		same_ends = same_ends && all.of[i]->exit_begun > all.of[i - 1]->exit_begun;
	}
	pw_evidence_add(why, "first_runs", PW_VALUES(pw_value_word("order", same_runs ? "start" : "other")));
	add_exits(&all, why);
	return !same_ends;
}

/* Main's code is done when main first waits for a child, or else when it exits. */
static uint64_t end_of_code(const struct pw_process *main, uint64_t last_start)
{
	struct pw_sleep wait;

	if (pw_wait_over(main, last_start, &wait))
		return wait.from;
	return main->exited ? main->exit_begun : pw_process_end(main);
}

static bool code_ends_before(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pw_process_set all;

	if (!find_children(run, &all, why))
		return false;

	const uint64_t begin = all.of[0]->start, end = last_end(&all);
	const uint64_t done = end_of_code(run->main, all.of[CHILDREN - 1]->start);

	pw_evidence_add(why, "code_done",
			PW_VALUES(pw_value_between("code_ns", begin, done),
				  pw_value_between("children_ns", begin, end)));
	return done < first_end(&all) && done - begin < (end - begin) / 2;
}

static bool are_all_reaped(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(run, "child-");

	return pw_process_set_counts(&all, CHILDREN, why) && pw_process_set_reaped(&all, run->main, why);
}

static const struct pw_claim_def claims[] = {
	{"start", N_("start does not block: all ten children are started before any of them exits"),
	 does_not_block},
	{"order", N_("the children do not exit in the order of their starts"), in_another_order},
	{"code-done", N_("main's code is done long before its children are"), code_ends_before},
	{"reaped", N_("main reaps all its children before it exits itself"), are_all_reaped},
};

int pw_judge_start(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {
		.demo = "demo_start", .claims = claims, .count = PW_COUNT(claims), .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
