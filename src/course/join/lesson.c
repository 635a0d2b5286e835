/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/judge.h"

const char pw_page_join[] =
	N_("Main starts 10 children that work for 100 ms each, and joins them in turn: it\n"
	   "waits for the first, then for the second, and so on.\n"
	   "\n"
	   "join blocks: main sleeps in wait4, uses no CPU, and is woken by the child's end.\n"
	   "Yet ten joins of 100 ms do not make a second. While main waits for the first\n"
	   "child, the others work, too; joining a child that has ended takes no time.\n"
	   "\n"
	   "Look for the ten lines one below the other: they lie side by side in time. With\n"
	   "--spoil one-by-one they make a staircase.\n"
	   "\n"
	   "Options:\n"
	   "  --work TIME   how long each of them works (100ms)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: one-by-one (each is joined\n"
	   "                before the next is started), poll (main looks again and again)\n"
	   "                or no-join\n");

enum { CHILDREN = 10 };

static bool blocks(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(s, "child-");
	struct pw_sleep wait;

	if (!pw_process_set_counts(&all, CHILDREN, why) || !pw_has_ended(all.of[0], why))
		return false;

	const struct pw_process *first = all.of[0];

	if (!pw_wait_over(s->main, first->exit_begun, &wait) || wait.from > first->exit_begun) {
		pw_say(why, "main was not asleep in wait when %u, the first it joins, ended", first->pid);
		return false;
	}
	pw_say(why, "main was blocked in wait for %s, until %u ended", pw_from_to(wait.from, wait.to).s,
	       first->pid);
	if (wait.by != first->pid)
		pw_say(why, ", but %s woke it", pw_waker(wait.by).s);
	return wait.by == first->pid;
}

static bool takes_the_longest(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(s, "child-");
	uint64_t sum = 0, longest = 0, last = 0;

	if (!pw_process_set_counts(&all, CHILDREN, why))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct pw_process *child = all.of[i];

		if (!child->reap_at) {
			pw_say(why, "%u was not joined", child->pid);
			return false;
		}
		sum += child->exit_at - child->start;
		longest = child->exit_at - child->start > longest ? child->exit_at - child->start : longest;
		last = child->reap_at > last ? child->reap_at : last;
	}

	const uint64_t whole = last - all.of[0]->start;

	pw_say(why,
	       "from the first start to the last join %s; the longest child lived for %s, all together %s",
	       pw_dur(whole).s, pw_dur(longest).s, pw_dur(sum).s);
	/* Nearer to the longest than to the sum, by far. */
	return whole - longest < (sum - longest) / 4;
}

static bool are_all_joined(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(s, "child-");

	return pw_process_set_counts(&all, CHILDREN, why) && pw_process_set_reaped(&all, s->main, why);
}

static const struct pw_claim_def claims[] = {
	{"blocks", N_("join blocks: main sleeps until the child it joins has ended"), blocks},
	{"longest", N_("to join them all takes as long as the longest, not as long as the sum"),
	 takes_the_longest},
	{"joined", N_("a joined child is reaped: none is left when main ends"), are_all_joined},
};

int pw_judge_join(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_join", .roles = {NULL}, .claims = claims, .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
