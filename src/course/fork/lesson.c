/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/wait.h>

#include "course/lib/judge.h"

const char pw_page_fork[] =
	N_("A process calls fork. It is called once and returns twice: in the parent with\n"
	   "the child's pid, in the child with 0. From there on there are two processes, and\n"
	   "both run. The child computes for 400 ms and fails with exit code 1; the parent\n"
	   "computes for 50 ms, and then waits for the child.\n"
	   "\n"
	   "Look for the child's line, which begins in the middle of the parent's: both are\n"
	   "running, or ready when the machine has no CPU to spare. Then the parent is\n"
	   "blocked, in wait4, to the very end of the child.\n"
	   "\n"
	   "wait gives the parent a status. The exit code is its second byte, so that exit\n"
	   "code 1 reads 256; the first byte would name a signal.\n"
	   "\n"
	   "Options:\n"
	   "  --child TIME   how long the child computes (400ms)\n"
	   "  --parent TIME  how long the parent computes (50ms)\n"
	   "  --spoil KIND   do it wrong, to see a claim not held: no-fork, wait-first (the\n"
	   "                 parent waits before it works), poll (it asks again and again\n"
	   "                 instead of sleeping) or succeed (the child does)\n");

enum { CHILD };

static bool are_two(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];
	const uint64_t parent_ran = pw_ran_after(s->main, child->start);
	const uint64_t child_ran = pw_ran_after(child, child->start);

	pw_say(why, "%u was forked by %u; since then %u was on a CPU for %s, %u for %s", child->pid,
	       child->parents[0].pid, s->main->pid, pw_dur(parent_ran).s, child->pid, pw_dur(child_ran).s);
	return child->parents[0].pid == s->main->pid && parent_ran > 0 && child_ran > 0;
}

/* Side by side: what the parent did while the child was at work is more than it takes to go to sleep. */
static bool are_concurrent(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];
	const uint64_t begun = pw_first_run(child->threads);

	if (!pw_has_ended(child, why))
		return false;

	const uint64_t child_ran = pw_ran_after(child, child->start);
	const uint64_t parent_ran = pw_spent(s->main->threads, PW_RUNNING, begun, child->exit_begun);

	pw_say(why, "while the child was at work (%s on a CPU), the parent was on a CPU for %s",
	       pw_dur(child_ran).s, pw_dur(parent_ran).s);
	return begun > 0 && parent_ran > child_ran / 50;
}

static bool waits_blocked(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];
	struct pw_sleep wait;

	if (!pw_has_ended(child, why))
		return false;
	if (!pw_wait_over(s->main, child->exit_begun, &wait) || wait.from > child->exit_begun) {
		pw_say(why, "the parent %u was not asleep in wait when its child ended", s->main->pid);
		return false;
	}
	pw_say(why, "blocked in wait for %s, and woken by %s, %s after its exit began",
	       pw_from_to(wait.from, wait.to).s, pw_waker(wait.by).s,
	       pw_from_to(child->exit_begun, wait.to).s);
	return wait.by == child->pid;
}

static bool status_is_256(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];

	if (!pw_has_ended(child, why))
		return false;
	pw_say(why, "the wait status is %u; ", child->wait_status);
	pw_evidence_exit(child, why);
	return child->wait_status == 256 && pw_exited_with(child, 1);
}

static const struct pw_claim_def claims[] = {
	{"two", N_("fork makes two processes of one, and both go on"), are_two},
	{"concurrent", N_("parent and child run concurrently"), are_concurrent},
	{"blocked", N_("the parent is blocked in wait until the child ends"), waits_blocked},
	{"status", N_("exit code 1 is a wait status of 256"), status_is_256},
};

int pw_judge_fork(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_fork", .roles = {"child"}, .claims = claims, .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
