/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/lib/judge.h"

const char pw_page_start[] =
	N_("Main starts 10 children and does not join them. Each works for a while of its\n"
	   "own, between 300 and 600 ms.\n"
	   "\n"
	   "start only asks for a process: it returns at once, and main has started all ten\n"
	   "before the first is done. So main's code is done long before its children are.\n"
	   "Main itself is not: before it ends, it waits for them all, as the programs of\n"
	   "Python's multiprocessing do.\n"
	   "\n"
	   "Look for the ten lines that begin together and end apart. Who ends first is\n"
	   "decided by how long each works and by the scheduler, not by who was started\n"
	   "first.\n"
	   "\n"
	   "Options:\n"
	   "  --work TIME   how long the shortest works (300ms); the longest twice as long\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: join-each (right after its\n"
	   "                start), in-order (each works longer than the one before),\n"
	   "                long-code (main works longer than any child) or no-reap\n");

enum { CHILDREN = 10 };

/* Of those still at work nobody knows yet in which order they end, nor how late. */
static bool find_children(const struct pw_demo_run *s, struct pw_process_set *all, struct pw_evidence *why)
{
	*all = pw_process_set_of(s, "child-");
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

static bool does_not_block(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_process_set all;

	if (!find_children(s, &all, why))
		return false;

	const uint64_t first = all.of[0]->start, last = all.of[CHILDREN - 1]->start;
	const uint64_t waited = pw_slept_in(s->main->threads, SYS_wait4, first, last);

	pw_say(why, "10 started in %s, of which %s were spent waiting for a child; ",
	       pw_from_to(first, last).s, pw_dur(waited).s);
	if (first_end(&all) < last)
		pw_say(why, "but one had ended %s before the last start",
		       pw_from_to(first_end(&all), last).s);
	else
		pw_say(why, "the first end came %s after the last start",
		       pw_from_to(last, first_end(&all)).s);
	return waited == 0 && first_end(&all) >= last;
}

static bool in_another_order(const struct pw_demo_run *s, struct pw_evidence *why)
{
	bool same_runs = true, same_ends = true;
	struct pw_process_set all;

	if (!find_children(s, &all, why))
		return false;
	for (size_t i = 1; i < all.count; i++) {
		same_runs = same_runs &&
			    pw_first_run(all.of[i]->threads) > pw_first_run(all.of[i - 1]->threads);
		same_ends = same_ends && all.of[i]->exit_begun > all.of[i - 1]->exit_begun;
	}
	pw_say(why, "they first ran %s, and ended ",
	       same_runs ? _("in the order of their starts") : _("in another order"));
	for (uint64_t after = 0; after < last_end(&all);) {
		size_t next = SIZE_MAX;

		for (size_t i = 0; i < all.count; i++) {
			if (all.of[i]->exit_begun > after &&
			    (next == SIZE_MAX || all.of[i]->exit_begun < all.of[next]->exit_begun))
				next = i;
		}
		pw_say(why, "%s%zu", after ? _(", ") : "", next + 1);
		after = all.of[next]->exit_begun;
	}
	return !same_ends;
}

/* Main's code is done where it first waits for a child, or else where it ends. */
static bool code_ends_before(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_process_set all;
	struct pw_sleep wait;

	if (!find_children(s, &all, why))
		return false;

	const uint64_t begin = all.of[0]->start;
	const uint64_t done = pw_wait_over(s->main, all.of[CHILDREN - 1]->start, &wait) ? wait.from
			      : s->main->exited						? s->main->exit_begun
						: pw_process_end(s->main);

	pw_say(why, "main's code was done %s after the first start, the last child's %s after it",
	       pw_from_to(begin, done).s, pw_from_to(begin, last_end(&all)).s);
	return done < first_end(&all) && done - begin < (last_end(&all) - begin) / 2;
}

static bool are_all_reaped(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(s, "child-");

	return pw_process_set_counts(&all, CHILDREN, why) && pw_process_set_reaped(&all, s->main, why);
}

static const struct pw_claim_def claims[] = {
	{"start", N_("start does not block: all ten are started before any has ended"), does_not_block},
	{"order", N_("they do not end in the order of their starts"), in_another_order},
	{"code-done", N_("main's code ends long before the children do"), code_ends_before},
	{"reaped", N_("main reaps them all before it ends itself"), are_all_reaped},
};

int pw_judge_start(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_start", .roles = {NULL}, .claims = claims, .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
