/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>
#include <sys/syscall.h>

#include "course/lib/judge.h"

const char pw_page_queue[] =
	N_("A producer puts 20 items into a queue with room for 3; a consumer takes them\n"
	   "out. For the first ten items the producer needs no time and the consumer 60 ms\n"
	   "each, for the other ten it is the other way round.\n"
	   "\n"
	   "While the queue is full, the producer sleeps; the consumer wakes it when it has\n"
	   "taken an item. While it is empty, the consumer sleeps, and the producer wakes\n"
	   "it. Neither asks again and again.\n"
	   "\n"
	   "The queue is shared memory with a lock and two conditions: both sleep in futex.\n"
	   "As a pipe (--pipe), the kernel itself does the waiting: the producer sleeps in\n"
	   "write, the consumer in read. (A pipe has room in powers of two: there it is 4.)\n"
	   "\n"
	   "Look at the producer's line in the first half and at the consumer's in the\n"
	   "second. The kernel does not know what an item is, nor a full queue: so both say\n"
	   "it by marks (put 1, get 1, queue full), which procwatch listens to. And the\n"
	   "consumer checks the numbers: it ends with 0 if all came, once, and in order.\n"
	   "\n"
	   "Options:\n"
	   "  --pipe       the queue is a pipe and a lock\n"
	   "  --slow TIME  how long the slower one takes for an item (60ms)\n"
	   "  --spoil KIND do it wrong, to see a claim not held: no-limit (room for all),\n"
	   "               slow-consumer (the producer is always the faster one) or\n"
	   "               last-first (the consumer takes the newest item)\n");

enum { PRODUCER, CONSUMER };

/* How one of the two waited for the other. */
struct waits {
	size_t count;
	uint64_t ns, busy; /* how long; and for how much of it the other was at work */
	size_t by_other, by_others, by_unseen; /* who ended them */
};

/*
 * How long it was at work on an item between two moments: in a pause, or, on a busy
 * machine, ready to go on after one.
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
 * A wait is a sleep in the queue for most of which the other one was at work on
 * an item. A short sleep for the lock is none: then the other is in the queue, too.
 */
static struct waits count_waits(const struct pw_process *sleeper, const struct pw_process *other,
				int pipe_syscall)
{
	struct waits w = {0};
	struct pw_sleeps all;
	struct pw_sleep sleep;

	pw_sleeps_init(&all, sleeper);
	while (pw_sleeps_next(&all, &sleep)) {
		const uint64_t busy = worked_between(other, sleep.from, sleep.to);

		if (sleep.syscall != SYS_futex && sleep.syscall != pipe_syscall)
			continue;
		if (busy * 2 < sleep.to - sleep.from)
			continue;
		w.count++;
		w.ns += sleep.to - sleep.from;
		w.busy += busy;
		if (sleep.by == PW_NO_WAKER)
			w.by_unseen++;
		else if (sleep.by == other->threads->tid)
			w.by_other++;
		else
			w.by_others++;
	}
	return w;
}

static struct waits of_producer(const struct pw_demo_run *s)
{
	return count_waits(s->role[PRODUCER], s->role[CONSUMER], SYS_write);
}

static struct waits of_consumer(const struct pw_demo_run *s)
{
	return count_waits(s->role[CONSUMER], s->role[PRODUCER], SYS_read);
}

static bool has_waited(const struct waits *w, const char *other, struct pw_evidence *why)
{
	if (w->count == 0) {
		pw_say(why, "it never was while the %s was at work", other);
		return false;
	}
	pw_say(why,
	       pw_lang_count("%zu time, for %s in all; the %s was at work for %s of that",
			     "%zu times, for %s in all; the %s was at work for %s of that", w->count),
	       w->count, pw_dur(w->ns).s, other, pw_dur(w->busy).s);
	return true;
}

/* ---- by what they say themselves: of a pipe, only the kernel knows when it is full */

/* One of the two, and what it says when it cannot go on. */
struct side {
	int role;
	const char *stuck, *own, *others; /* its marks: stuck, and going on; the other's, which frees it */
	int64_t items; /* in the queue when it is stuck */
};

static const struct side producer = {PRODUCER, "queue full", "put", "get", 3};
static const struct side consumer = {CONSUMER, "queue empty", "get", "put", 0};

struct stuck {
	size_t times;
	size_t miscounted; /* by the marks, another number of items was in the queue */
	size_t went_on; /* it did not wait for the other */
	uint64_t ns, blocked; /* until the other freed it; and how much of that it slept */
};

static struct stuck count_stuck(const struct pw_demo_run *s, const struct side *side)
{
	const struct pw_process *process = s->role[side->role];
	struct stuck all = {0};
	struct pw_mark_iter walk;
	struct pw_marked mark;
	uint64_t since = 0;
	int64_t items = 0;

	pw_mark_iter_init(&walk, s, NULL);
	while (pw_mark_iter_next(&walk, &mark)) {
		items += !strcmp(mark.name, "put") - !strcmp(mark.name, "get");
		if (mark.process == process && !strcmp(mark.name, side->stuck)) {
			all.times++;
			all.miscounted += items != side->items;
			since = since ? since : mark.at; /* woken too early, it looks again */
		} else if (since && !strcmp(mark.name, side->others)) {
			const struct pw_blocked blocked = pw_blocked_between(process, since, mark.at);

			all.ns += mark.at - since;
			all.blocked += blocked.pause + blocked.other;
			since = 0;
		} else if (since && mark.process == process && !strcmp(mark.name, side->own)) {
			all.went_on++;
			since = 0;
		}
	}
	return all;
}

static bool was_stuck(const struct stuck *all, const struct side *side, const char *other,
		      struct pw_evidence *why)
{
	pw_say(why, "%zu times it found %lld items in it", all->times, (long long)side->items);
	if (all->miscounted)
		pw_say(why, " (and by the marks, %zu times not)", all->miscounted);
	if (all->went_on)
		pw_say(why, ", but went on %zu times before the %s came", all->went_on, other);
	else
		pw_say(why, "; it slept for %s of the %s until the %s came", pw_dur(all->blocked).s,
		       pw_dur(all->ns).s, other);
	/* Between the mark and the sleep it runs, and on a busy machine it waits for that. */
	return !all->miscounted && !all->went_on && all->blocked * 2 > all->ns;
}

static bool producer_waits(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct stuck told = count_stuck(s, &producer);
	const struct waits w = of_producer(s);

	return told.times ? was_stuck(&told, &producer, "consumer", why) : has_waited(&w, "consumer", why);
}

static bool consumer_waits(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct stuck told = count_stuck(s, &consumer);
	const struct waits w = of_consumer(s);

	return told.times ? was_stuck(&told, &consumer, "producer", why) : has_waited(&w, "producer", why);
}

static void say_wakers(const struct waits *w, const char *waker, const char *sleeper, struct pw_evidence *why)
{
	pw_say(why, "the %s woke the %s %zu of %zu times", waker, sleeper, w->by_other, w->count);
	if (w->by_unseen > 0)
		pw_say(why, " (%zu not seen)", w->by_unseen);
}

static bool wake_each_other(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct waits p = of_producer(s), c = of_consumer(s);

	say_wakers(&p, "consumer", "producer", why);
	pw_say(why, ", ");
	say_wakers(&c, "producer", "consumer", why);
	return p.by_other > 0 && c.by_other > 0 && p.by_others == 0 && c.by_others == 0;
}

static bool in_order(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const bool seen = pw_count_marks(s, "put") || pw_count_marks(s, "get");
	const bool same = !seen || pw_got_as_put(s, why);
	const bool put = pw_exited_with(s->role[PRODUCER], 0), got = pw_exited_with(s->role[CONSUMER], 0);

	if (!put)
		pw_say(why, "the producer %u did not end with 0; ", s->role[PRODUCER]->pid);
	if (seen && same)
		pw_say(why, "the last says that no more come; ");
	pw_say(why,
	       got ? _("the consumer %u checked the number of every item and ended with 0")
		   : _("the consumer %u, which checks the numbers of the items, did not end with 0"),
	       s->role[CONSUMER]->pid);
	return same && put && got;
}

static const struct pw_claim_def claims[] = {
	{"full", N_("the producer is blocked while the queue is full"), producer_waits},
	{"empty", N_("the consumer is blocked while the queue is empty"), consumer_waits},
	{"wakers", N_("each is woken by the other, and by nobody else"), wake_each_other},
	{"fifo", N_("first in, first out; nothing is lost, nothing comes twice"), in_order},
};

int pw_judge_queue(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {.demo = "demo_queue",
						  .roles = {"producer", "consumer"},
						  .claims = claims,
						  .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
