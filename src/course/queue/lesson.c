/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>
#include <sys/syscall.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/marks.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"

const char pw_page_queue[] =
	N_("A producer puts 20 items into a queue with room for 3; a consumer takes them\n"
	   "out. For the first ten items the producer needs no time and the consumer 60 ms\n"
	   "each, for the other ten it is the other way round.\n"
	   "\n"
	   "While the queue is full, the producer sleeps; the consumer wakes it when it has\n"
	   "taken an item. While the queue is empty, the consumer sleeps and the producer\n"
	   "wakes it. Neither asks again and again.\n"
	   "\n"
	   "The queue is shared memory with a lock and two conditions: both processes sleep\n"
	   "in futex. As a pipe (--pipe), the kernel itself does the waiting: the producer\n"
	   "sleeps in write, the consumer in read. (The room in a pipe is a power of two:\n"
	   "here it is 4.)\n"
	   "\n"
	   "Look at the producer's line in the first half and at the consumer's in the\n"
	   "second. The kernel does not know what an item is, nor that a queue is full: so\n"
	   "both processes say it with marks (put 1, get 1, queue full), which procwatch\n"
	   "records. And the consumer checks the numbers: it ends with 0 if all items came,\n"
	   "once, and in order.\n"
	   "\n"
	   "Options:\n"
	   "  --pipe       the queue is a pipe and a lock\n"
	   "  --slow TIME  how long the slower one takes for an item (60ms)\n"
	   "  --spoil KIND break it on purpose, to see a claim fail: no-limit (room for all\n"
	   "               items), slow-consumer (the producer is always the faster one) or\n"
	   "               last-first (the consumer takes the newest item)\n");

static const struct pw_sentence words[] = {
	{.code = "never_waited",
	 .text = N_("the {waiter} never slept in the queue while the {other} was at work")},
	{.code = "waited",
	 .text = N_(
		 "the {waiter} slept in the queue {sleeps} {sleeps|time|times}, for {slept_ns} in all, and "
		 "the {other} was at work for {other_worked_ns} of that")},
	{.code = "found_in_the_queue",
	 .text = N_("{times} {times|time|times} the {waiter} found {items} items in the queue")},
	{.code = "miscounted",
	 .text = N_("{times} {times|time|times} the marks count another number of items")},
	{.code = "went_on_too_early",
	 .text = N_("the {waiter} went on before the {other} came {times} {times|time|times}")},
	{.code = "slept_until_the_other_came",
	 .text = N_("the {waiter} slept for {slept_ns} of the {until_ns} until the {other} came")},
	{.code = "woke",
	 .text = N_(
		 "the {other} woke the {waiter} {woken} of {sleeps} {sleeps|time|times}[unseen!=0? ({unseen} "
		 "wake-ups were not observed)]")},
	{.code = "producer_failed", .text = N_("the producer {producer.pid} did not exit with code 0")},
	{.code = "last_item_is_the_end", .text = N_("the last item says that no more will come")},
	{.code = "consumer_checked",
	 .text = N_("the consumer {consumer.pid} checked the number of each item and exited with code 0")},
	{.code = "consumer_failed",
	 .text = N_("the consumer {consumer.pid}, which checks the numbers of the items, did not exit with "
		    "code 0")},
	{0},
};

enum { PRODUCER, CONSUMER };

/* One of the two. Its words and marks are fixed, so facts may hold them. */
struct side {
	int role, other_role;
	const char *name, *other; /* as sentences name them */
	int pipe_syscall; /* in which it waits for a pipe */
	const char *stuck; /* its mark when it cannot go on */
	const char *own_step, *others_step; /* its mark when it goes on; the other's mark that frees it */
	int64_t items; /* in the queue when it cannot go on */
};

static const struct side producer = {.role = PRODUCER,
				     .other_role = CONSUMER,
				     .name = N_("producer"),
				     .other = N_("consumer"),
				     .pipe_syscall = SYS_write,
				     .stuck = "queue full",
				     .own_step = "put",
				     .others_step = "get",
				     .items = 3};
static const struct side consumer = {.role = CONSUMER,
				     .other_role = PRODUCER,
				     .name = N_("consumer"),
				     .other = N_("producer"),
				     .pipe_syscall = SYS_read,
				     .stuck = "queue empty",
				     .own_step = "get",
				     .others_step = "put",
				     .items = 0};

/* How one side waited for the other. */
struct waits {
	size_t count;
	uint64_t ns;
	uint64_t other_worked; /* for how much of that the other was at work */
	size_t by_other, by_third, by_unseen; /* who ended the waits */
};

/*
 * How long a process was at work on an item between two moments: in a pause, or, on a
 * busy machine, ready to go on after one.
 */
static uint64_t worked_between(const struct pw_process *process, uint64_t from, uint64_t to)
{
	struct pw_thread_iter it;
	struct pw_span span;
	bool at_work = false;
	uint64_t sum = 0;

	pw_thread_iter_init(&it, process->threads);
	while (pw_thread_iter_next(&it, &span) && span.from < to) {
		at_work = (pw_is_asleep(&span) && pw_is_pause(span.syscall)) ||
			  (at_work && span.state == PW_READY);
		if (at_work && span.to > from)
			sum += (span.to < to ? span.to : to) - (span.from > from ? span.from : from);
	}
	return sum;
}

/*
 * A wait is a sleep in the queue for most of which the other side was at work on an
 * item. A short sleep for the lock is none: then the other side is in the queue, too.
 */
static struct waits count_waits(const struct pw_demo_run *run, const struct side *side)
{
	const struct pw_process *other = run->role[side->other_role];
	struct waits w = {0};
	struct pw_sleeps all;
	struct pw_sleep sleep;

	pw_sleeps_init(&all, run->role[side->role]);
	while (pw_sleeps_next(&all, &sleep)) {
		const uint64_t worked = worked_between(other, sleep.from, sleep.to);

		if (sleep.syscall != SYS_futex && sleep.syscall != side->pipe_syscall)
			continue;
		if (worked * 2 < sleep.to - sleep.from)
			continue;
		w.count++;
		w.ns += sleep.to - sleep.from;
		w.other_worked += worked;
		if (sleep.by == PW_NO_WAKER)
			w.by_unseen++;
		else if (sleep.by == other->threads->tid)
			w.by_other++;
		else
			w.by_third++;
	}
	return w;
}

static bool has_waited(const struct pw_demo_run *run, const struct side *side, struct pw_evidence *why)
{
	const struct waits w = count_waits(run, side);
	const struct pw_value waiter = pw_value_word("waiter", side->name);
	const struct pw_value other = pw_value_word("other", side->other);

	if (w.count == 0) {
		pw_evidence_add(why, "never_waited", PW_VALUES(waiter, other));
		return false;
	}
	pw_evidence_add(why, "waited",
			PW_VALUES(waiter, other, pw_value_count("sleeps", w.count),
				  pw_value_ns("slept_ns", w.ns),
				  pw_value_ns("other_worked_ns", w.other_worked)));
	return true;
}

/* ---- by their marks: only the kernel knows when a pipe is full, so a pipe has no such marks */

/* How often one side could not go on, by its marks. */
struct stuck {
	size_t times;
	size_t miscounted; /* by the marks, another number of items was in the queue */
	size_t went_on; /* it did not wait for the other */
	uint64_t ns, slept; /* until the other freed it; and how much of that it slept */
};

static struct stuck count_stuck(const struct pw_demo_run *run, const struct side *side)
{
	const struct pw_process *process = run->role[side->role];
	struct stuck all = {0};
	struct pw_mark_iter walk;
	struct pw_marked mark;
	uint64_t since = 0;
	int64_t items = 0;

	pw_mark_iter_init(&walk, run, NULL);
	while (pw_mark_iter_next(&walk, &mark)) {
		items += !strcmp(mark.name, "put") - !strcmp(mark.name, "get");
		if (mark.process == process && !strcmp(mark.name, side->stuck)) {
			all.times++;
			all.miscounted += items != side->items;
			since = since ? since : mark.at; /* woken too early, it looks again */
		} else if (since && !strcmp(mark.name, side->others_step)) {
			const struct pw_blocked blocked = pw_blocked_between(process, since, mark.at);

			all.ns += mark.at - since;
			all.slept += blocked.pause + blocked.other;
			since = 0;
		} else if (since && mark.process == process && !strcmp(mark.name, side->own_step)) {
			all.went_on++;
			since = 0;
		}
	}
	return all;
}

static bool was_stuck(const struct stuck *all, const struct side *side, struct pw_evidence *why)
{
	const struct pw_value waiter = pw_value_word("waiter", side->name);
	const struct pw_value other = pw_value_word("other", side->other);

	pw_evidence_add(why, "found_in_the_queue",
			PW_VALUES(waiter, pw_value_count("times", all->times),
				  pw_value_integer("items", side->items)));
	if (all->miscounted)
		pw_evidence_add(why, "miscounted", PW_VALUES(pw_value_count("times", all->miscounted)));
	if (all->went_on)
		pw_evidence_add(why, "went_on_too_early",
				PW_VALUES(waiter, other, pw_value_count("times", all->went_on)));
	else
		pw_evidence_add(why, "slept_until_the_other_came",
				PW_VALUES(waiter, other, pw_value_ns("slept_ns", all->slept),
					  pw_value_ns("until_ns", all->ns)));
	/* Between the mark and the sleep the process runs, and on a busy machine it waits for the CPU. */
	return !all->miscounted && !all->went_on && all->slept * 2 > all->ns;
}

static bool waits_for_the_other(const struct pw_demo_run *run, const struct side *side,
				struct pw_evidence *why)
{
	const struct stuck by_marks = count_stuck(run, side);

	return by_marks.times ? was_stuck(&by_marks, side, why) : has_waited(run, side, why);
}

static bool producer_waits(const struct pw_demo_run *run, struct pw_evidence *why)
{
	return waits_for_the_other(run, &producer, why);
}

static bool consumer_waits(const struct pw_demo_run *run, struct pw_evidence *why)
{
	return waits_for_the_other(run, &consumer, why);
}

static bool woken_by_the_other(const struct pw_demo_run *run, const struct side *side,
			       struct pw_evidence *why)
{
	const struct waits w = count_waits(run, side);

	pw_evidence_add(why, "woke",
			PW_VALUES(pw_value_word("waiter", side->name), pw_value_word("other", side->other),
				  pw_value_count("woken", w.by_other), pw_value_count("sleeps", w.count),
				  pw_value_count("unseen", w.by_unseen)));
	return w.by_other > 0 && w.by_third == 0;
}

static bool wake_each_other(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const bool producer_is = woken_by_the_other(run, &producer, why);

	return woken_by_the_other(run, &consumer, why) && producer_is;
}

static bool in_order(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const bool marked = pw_count_marks(run, "put") || pw_count_marks(run, "get");
	const bool same = !marked || pw_got_as_put(run, why);
	const bool put = pw_exited_with(run->role[PRODUCER], 0), got = pw_exited_with(run->role[CONSUMER], 0);

	if (!put)
		pw_evidence_add(why, "producer_failed",
				PW_VALUES(pw_value_process("producer", run->role[PRODUCER])));
	if (marked && same)
		pw_evidence_add(why, "last_item_is_the_end", NULL);
	pw_evidence_add(why, got ? "consumer_checked" : "consumer_failed",
			PW_VALUES(pw_value_process("consumer", run->role[CONSUMER])));
	return same && put && got;
}

static const struct pw_claim_def claims[] = {
	{.id = "full",
	 .text = N_("the producer is blocked while the queue is full"),
	 .holds = producer_waits},
	{.id = "empty",
	 .text = N_("the consumer is blocked while the queue is empty"),
	 .holds = consumer_waits},
	{.id = "wakers",
	 .text = N_("each is woken by the other and by no other process"),
	 .holds = wake_each_other},
	{.id = "fifo",
	 .text = N_("first in, first out; no item is lost, none comes twice"),
	 .holds = in_order},
};

int pw_judge_queue(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_queue",
						 .roles = {"producer", "consumer"},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
