/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>
#include <sys/wait.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/marks.h"
#include "course/lib/process_set.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"

const char pw_page_pipe[] =
	N_("A writer sends 20 messages down a pipe; two readers share them. A message is a\n"
	   "byte that says how long it is, and 8 more bytes; it takes two reads to read it.\n"
	   "\n"
	   "A pipe knows only bytes. Without a lock (--no-lock) both readers sleep in read;\n"
	   "one gets the first byte of a message, the other the rest, and neither can make\n"
	   "sense of it. With a lock around the two reads, one reader sleeps in read and the\n"
	   "other for the lock, in futex: each message comes whole. A queue is a pipe and a\n"
	   "lock.\n"
	   "\n"
	   "Look on the HTML page (-r html=FILE) at what the readers sleep in. The kernel\n"
	   "does not know what a message is, so the demo says it with marks: put 1 and\n"
	   "get 1, and message.begin and message.end around what a reader does between its\n"
	   "two reads. A reader ends with the number of whole messages as its exit code, or\n"
	   "with 100 when a message was torn.\n"
	   "\n"
	   "Options:\n"
	   "  --no-lock     the readers do not take turns\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: swap (a lock where\n"
	   "                there should be none, and none where there should be one)\n");

static const struct pw_sentence words[] = {
	{.code = "messages_torn",
	 .text = N_("{put} {put|message was|messages were} put, {whole} arrived whole, {torn} torn")},
	{.code = "asleep_in_read",
	 .text = N_("the readers were asleep in read for {one_ns} and {other_ns}, both at the same time for "
		    "{both_ns}")},
	{.code = "inside_a_message",
	 .text = N_("at most {most} {most|reader was|readers were} in the middle of a message at once")},
	{.code = "asleep_in_futex",
	 .text = N_("the readers were asleep in futex for {one_ns} and {other_ns}, and {woken} of them "
		    "{woken|was|were} woken there by the other")},
	{0},
};

enum { ONE, OTHER, WRITER, MESSAGES = 20, TORN = 100 };

/* How long both readers slept in read at the same time. */
static uint64_t both_in_read(const struct pw_demo_run *run)
{
	struct pw_sleeps all;
	struct pw_sleep sleep;
	uint64_t sum = 0;

	pw_sleeps_init(&all, run->role[ONE]);
	while (pw_sleeps_next(&all, &sleep)) {
		if (sleep.syscall == SYS_read)
			sum += pw_slept_in(run->role[OTHER]->threads, SYS_read, sleep.from, sleep.to);
	}
	return sum;
}

static void add_ends(const struct pw_demo_run *run, struct pw_evidence *why)
{
	pw_evidence_exit(run->role[ONE], why);
	pw_evidence_exit(run->role[OTHER], why);
}

static bool are_whole(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const bool marked = pw_count_marks(run, "put") || pw_count_marks(run, "get");
	const bool same = !marked || pw_got_as_put(run, why);
	int sum = 0;

	for (size_t i = ONE; i <= OTHER; i++) {
		const int status = (int)run->role[i]->wait_status;

		sum += run->role[i]->exited && WIFEXITED(status) ? WEXITSTATUS(status) : TORN;
	}
	add_ends(run, why);
	return same && sum == MESSAGES;
}

static bool are_torn(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const size_t put = pw_count_marks(run, "put");

	if (put)
		pw_evidence_add(why, "messages_torn",
				PW_VALUES(pw_value_count("put", put),
					  pw_value_count("whole", pw_count_marks(run, "get")),
					  pw_value_count("torn", pw_count_marks(run, "torn"))));
	add_ends(run, why);
	return pw_exited_with(run->role[ONE], TORN) || pw_exited_with(run->role[OTHER], TORN);
}

/* How long a reader slept in a system call. */
static uint64_t slept_in(const struct pw_demo_run *run, size_t reader, int syscall)
{
	return pw_slept_in(run->role[reader]->threads, syscall, 0, UINT64_MAX);
}

static void add_reading(const struct pw_demo_run *run, uint64_t both, struct pw_evidence *why)
{
	uint64_t when;

	pw_evidence_add(why, "asleep_in_read",
			PW_VALUES(pw_value_ns("one_ns", slept_in(run, ONE, SYS_read)),
				  pw_value_ns("other_ns", slept_in(run, OTHER, SYS_read)),
				  pw_value_ns("both_ns", both)));
	if (pw_count_marks(run, "message.begin"))
		pw_evidence_add(why, "inside_a_message",
				PW_VALUES(pw_value_count("most", pw_most_inside(run, "message", &when))));
}

static bool both_have_ended(const struct pw_demo_run *run, struct pw_evidence *why)
{
	return pw_has_ended(run->role[ONE], why) && pw_has_ended(run->role[OTHER], why);
}

static bool one_reads(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const uint64_t both = both_in_read(run);
	uint64_t when;

	if (!both_have_ended(run, why))
		return false;
	add_reading(run, both, why);
	return both == 0 && pw_most_inside(run, "message", &when) <= 1;
}

static bool both_read(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const uint64_t both = both_in_read(run);

	add_reading(run, both, why);
	return both > 0;
}

static bool one_waits_for_the_lock(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set readers = pw_process_set_of(run, "reader-");
	const size_t woken = pw_woken_by_each_other(&readers, SYS_futex);

	pw_evidence_add(why, "asleep_in_futex",
			PW_VALUES(pw_value_ns("one_ns", slept_in(run, ONE, SYS_futex)),
				  pw_value_ns("other_ns", slept_in(run, OTHER, SYS_futex)),
				  pw_value_count("woken", woken)));
	return woken > 0;
}

static bool nobody_waits(const struct pw_demo_run *run, struct pw_evidence *why)
{
	return both_have_ended(run, why) && !one_waits_for_the_lock(run, why);
}

static const struct pw_claim_def with_lock[] = {
	{.id = "whole",
	 .text = N_("a pipe and a lock are a queue: every message comes whole, and once"),
	 .holds = are_whole},
	{.id = "one-reads",
	 .text = N_("no two readers are asleep in read at the same time"),
	 .holds = one_reads},
	{.id = "lock",
	 .text = N_("the other reader waits for the lock, and is woken by whoever releases it"),
	 .holds = one_waits_for_the_lock},
};

static const struct pw_claim_def without_lock[] = {
	{.id = "torn", .text = N_("without a lock, messages are torn"), .holds = are_torn},
	{.id = "both-read", .text = N_("both readers sleep in read at the same time"), .holds = both_read},
	{.id = "no-wait", .text = N_("neither waits for the other"), .holds = nobody_waits},
};

int pw_judge_pipe(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def with = {.demo = "demo_pipe",
						  .roles = {"reader-1", "reader-2", "writer"},
						  .claims = with_lock,
						  .count = PW_COUNT(with_lock),
						  .words = words};
	static const struct pw_lesson_def without = {.demo = "demo_pipe",
						     .roles = {"reader-1", "reader-2", "writer"},
						     .claims = without_lock,
						     .count = PW_COUNT(without_lock),
						     .words = words};

	return pw_judge(lesson, m, pw_last_option(argv, "--no-lock") ? &without : &with);
}
