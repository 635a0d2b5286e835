/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/lib/judge.h"

const char pw_page_blocking[] =
	N_("Synchronous means that the caller goes on when the thing is done; asynchronous,\n"
	   "that it goes on at once and hears of the end later. Blocking means that whoever\n"
	   "waits is asleep. That makes four ways, and four processes:\n"
	   "\n"
	   "  reader    synchronous, blocking        reads input that comes after 200 ms\n"
	   "  computer  synchronous, not blocking    computes for 200 ms\n"
	   "  starter   asynchronous, not blocking   starts a helper and goes on computing\n"
	   "  waiter    asynchronous, blocking       starts ten, sleeps until one is done\n"
	   "\n"
	   "Look at the lines of the four: those that block are asleep to the moment at\n"
	   "which somebody wakes them; those that do not are running, or ready when the\n"
	   "machine has too few CPUs.\n"
	   "\n"
	   "Options:\n"
	   "  --time TIME   how long what they ask for takes (200ms)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: poll (the reader asks\n"
	   "                every 5 ms), nap (the computer sleeps in between), wait (the\n"
	   "                starter waits for its helper) or join-all (the waiter joins the\n"
	   "                ten in the order of their starts)\n");

enum { READER, COMPUTER, STARTER, WAITER, HELPER };

static bool reader_blocks(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *reader = s->role[READER];
	const uint64_t process = pw_process_end(reader) - reader->start;
	const uint64_t ran = pw_ran_after(reader, reader->start);
	struct pw_sleep sleep;

	if (!pw_longest_sleep(reader->threads, SYS_read, &sleep)) {
		pw_say(why, "the reader %u never slept in read", reader->pid);
		return false;
	}
	pw_say(why, "%u was blocked in read for %s of its %s and running for %s; %s %s woke it", reader->pid,
	       pw_from_to(sleep.from, sleep.to).s, pw_dur(process).s, pw_dur(ran).s,
	       sleep.by == s->main->pid ? _("main") : _("not main but"), pw_waker(sleep.by).s);
	return sleep.to - sleep.from > process / 2 && ran < process / 20 && sleep.by == s->main->pid;
}

static bool computer_does_not_block(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_thread *t = s->role[COMPUTER]->threads;
	const uint64_t blocked = pw_asleep(t, t->start, t->end);

	pw_say(why, "%u was running for %s, ready for %s, blocked for %s", t->tid,
	       pw_dur(t->totals[PW_RUNNING]).s, pw_dur(t->totals[PW_READY]).s, pw_dur(blocked).s);
	return blocked < t->totals[PW_RUNNING] / 20;
}

/* The starter may do anything while its helper is at work, but sleep. */
static bool starter_goes_on(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *starter = s->role[STARTER], *helper = s->role[HELPER];

	if (!pw_has_ended(helper, why))
		return false;

	const uint64_t ran = pw_spent(starter->threads, PW_RUNNING, helper->start, helper->exit_begun);
	const uint64_t blocked = pw_asleep(starter->threads, helper->start, helper->exit_begun);

	pw_say(why, "while its helper was at work for %s, %u was running for %s, blocked for %s",
	       pw_from_to(helper->start, helper->exit_begun).s, starter->pid, pw_dur(ran).s,
	       pw_dur(blocked).s);
	return ran > 0 && blocked < ran / 20;
}

static bool waiter_waits_for_any(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(s, "any-");
	const struct pw_process *waiter = s->role[WAITER], *first = NULL;
	struct pw_sleep sleep;

	if (!pw_process_set_counts(&all, 10, why))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		if (all.of[i]->exited && (!first || all.of[i]->exit_at < first->exit_at))
			first = all.of[i];
	}
	if (!first || !pw_wait_over(waiter, all.of[all.count - 1]->start, &sleep)) {
		pw_say(why, "the waiter %u was never asleep in wait", waiter->pid);
		return false;
	}
	pw_say(why, "%u was blocked in wait for %s; %s woke it, and the first to end was %u, %s before",
	       waiter->pid, pw_from_to(sleep.from, sleep.to).s, pw_waker(sleep.by).s, first->pid,
	       pw_from_to(first->exit_begun, sleep.to).s);
	return sleep.from < first->exit_at && sleep.by == first->pid;
}

static const struct pw_claim_def claims[] = {
	{"input", N_("to read input that is not there blocks: the reader sleeps until it comes"),
	 reader_blocks},
	{"compute", N_("to compute does not block, however long it takes"), computer_does_not_block},
	{"start", N_("to start somebody and go on neither waits nor blocks"), starter_goes_on},
	{"any", N_("to wait for whichever of ten is done first blocks until the first is"),
	 waiter_waits_for_any},
};

int pw_judge_blocking(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_blocking",
		.roles = {"reader", "computer", "starter", "waiter", "helper"},
		.claims = claims,
		.count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
