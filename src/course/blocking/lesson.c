/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/process_set.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"

const char pw_page_blocking[] =
	N_("Synchronous means that the caller goes on when the job is done; asynchronous,\n"
	   "that it goes on at once and hears of the end later. Blocking means that the\n"
	   "caller sleeps while it waits. That makes four ways, and four processes:\n"
	   "\n"
	   "  reader    synchronous, blocking        reads input that comes after 200 ms\n"
	   "  computer  synchronous, not blocking    computes for 200 ms\n"
	   "  starter   asynchronous, not blocking   starts a helper and goes on computing\n"
	   "  waiter    asynchronous, blocking       starts ten, sleeps until one is done\n"
	   "\n"
	   "Look at the lines of the four: those that block are asleep until another process\n"
	   "wakes them; those that do not are running, or ready if the machine has too few\n"
	   "CPUs.\n"
	   "\n"
	   "Options:\n"
	   "  --time TIME   how long the jobs take (200ms)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: poll (the reader asks\n"
	   "                every 5 ms), nap (the computer sleeps in between), wait (the\n"
	   "                starter waits for its helper) or join-all (the waiter joins the\n"
	   "                ten in the order of their starts)\n");

// clang-format off
static const struct pw_sentence words[] = {
	{.code = "never_in_read", .text = N_("the reader {reader.pid} never slept in read")},
	{.code = "blocked_in_read",
	 .text = N_("{reader.pid} was blocked in read for {blocked_ns} of its {lifetime_ns} and ran for {running_ns}")},
	{.code = "woken_by_main", .text = N_("main woke it")},
	{.code = "computed",
	 .text = N_("{computer.pid} was running for {running_ns}, ready for {ready_ns} and blocked for {blocked_ns}")},
	{.code = "went_on",
	 .text = N_("while its helper worked for {helper_ns}, {starter.pid} was running for {running_ns} and blocked "
		    "for {blocked_ns}")},
	{.code = "never_in_wait", .text = N_("the waiter {waiter.pid} was never asleep in wait")},
	{.code = "blocked_in_wait",
	 .text = N_("{waiter.pid} was blocked in wait for {blocked_ns}, until {after_exit_ns} after {first.pid}, the "
		    "first of the ten, exited")},
	{0},
};
// clang-format on

enum { READER, COMPUTER, STARTER, WAITER, HELPER };

static bool reader_blocks(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *reader = run->role[READER];
	const uint64_t lifetime = pw_process_end(reader) - reader->start;
	const uint64_t ran = pw_ran_after(reader, reader->start);
	const struct pw_value reader_value = pw_value_process("reader", reader);
	struct pw_sleep sleep;

	if (!pw_longest_sleep(reader->threads, SYS_read, &sleep)) {
		pw_evidence_add(why, "never_in_read", PW_VALUES(reader_value));
		return false;
	}
	pw_evidence_add(why, "blocked_in_read",
			PW_VALUES(reader_value, pw_value_between("blocked_ns", sleep.from, sleep.to),
				  pw_value_ns("lifetime_ns", lifetime), pw_value_ns("running_ns", ran)));
	if (sleep.by == run->main->pid)
		pw_evidence_add(why, "woken_by_main", PW_VALUES(pw_value_process("main", run->main)));
	else
		pw_evidence_waker(sleep.by, why);
	return sleep.to - sleep.from > lifetime / 2 && ran < lifetime / 20 && sleep.by == run->main->pid;
}

static bool computer_does_not_block(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *computer = run->role[COMPUTER];
	const struct pw_thread *t = computer->threads;
	const uint64_t blocked = pw_asleep(t, t->start, t->end);

	pw_evidence_add(why, "computed",
			PW_VALUES(pw_value_process("computer", computer),
				  pw_value_ns("running_ns", t->totals[PW_RUNNING]),
				  pw_value_ns("ready_ns", t->totals[PW_READY]),
				  pw_value_ns("blocked_ns", blocked)));
	return blocked < t->totals[PW_RUNNING] / 20;
}

/* While its helper works, the starter may do anything except sleep. */
static bool starter_goes_on(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *starter = run->role[STARTER], *helper = run->role[HELPER];

	if (!pw_has_ended(helper, why))
		return false;

	const uint64_t ran = pw_spent(starter->threads, PW_RUNNING, helper->start, helper->exit_begun);
	const uint64_t blocked = pw_asleep(starter->threads, helper->start, helper->exit_begun);

	pw_evidence_add(why, "went_on",
			PW_VALUES(pw_value_process("starter", starter),
				  pw_value_between("helper_ns", helper->start, helper->exit_begun),
				  pw_value_ns("running_ns", ran), pw_value_ns("blocked_ns", blocked)));
	return ran > 0 && blocked < ran / 20;
}

static const struct pw_process *first_to_exit(const struct pw_process_set *all)
{
	const struct pw_process *first = NULL;

	for (size_t i = 0; i < all->count; i++) {
		if (all->of[i]->exited && (!first || all->of[i]->exit_at < first->exit_at))
			first = all->of[i];
	}
	return first;
}

static bool waiter_waits_for_any(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(run, "any-");
	const struct pw_process *waiter = run->role[WAITER], *first;
	struct pw_sleep sleep;

	if (!pw_process_set_counts(&all, 10, why))
		return false;
	first = first_to_exit(&all);
	if (!first || !pw_wait_over(waiter, all.of[all.count - 1]->start, &sleep)) {
		pw_evidence_add(why, "never_in_wait", PW_VALUES(pw_value_process("waiter", waiter)));
		return false;
	}
	pw_evidence_add(why, "blocked_in_wait",
			PW_VALUES(pw_value_process("waiter", waiter), pw_value_process("first", first),
				  pw_value_between("blocked_ns", sleep.from, sleep.to),
				  pw_value_between("after_exit_ns", first->exit_begun, sleep.to)));
	pw_evidence_waker(sleep.by, why);
	return sleep.from < first->exit_at && sleep.by == first->pid;
}

static const struct pw_claim_def claims[] = {
	{"input", N_("reading input that is not there blocks: the reader sleeps until it comes"),
	 reader_blocks},
	{"compute", N_("computing does not block, however long it takes"), computer_does_not_block},
	{"start", N_("starting a helper and going on neither waits nor blocks"), starter_goes_on},
	{"any", N_("waiting for whichever of ten is done first blocks until the first is done"),
	 waiter_waits_for_any},
};

int pw_judge_blocking(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {
		.demo = "demo_blocking",
		.roles = {"reader", "computer", "starter", "waiter", "helper"},
		.claims = claims,
		.count = PW_COUNT(claims),
		.words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
