/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/sleeps.h"

#include <sys/syscall.h>

void pw_sleeps_init(struct pw_sleeps *all, const struct pw_process *process)
{
	pw_sleeps_of_thread(all, process->threads);
}

void pw_sleeps_of_thread(struct pw_sleeps *all, const struct pw_thread *thread)
{
	pw_thread_iter_init(&all->it, thread);
}

bool pw_is_asleep(const struct pw_span *span)
{
	return span->state == PW_BLOCKED && span->detail != PW_UNINTERRUPTIBLE;
}

bool pw_sleeps_next(struct pw_sleeps *all, struct pw_sleep *out)
{
	struct pw_span span, next;

	while (pw_thread_iter_next(&all->it, &span)) {
		struct pw_thread_iter ahead = all->it;

		if (!pw_is_asleep(&span))
			continue;
		*out = (struct pw_sleep){
			.from = span.from, .to = span.to, .syscall = span.syscall, .by = PW_NO_WAKER};
		/* The next span has the waker: the sleeper becomes ready there, or runs at once. */
		if (pw_thread_iter_next(&ahead, &next) &&
		    (next.state == PW_READY || next.state == PW_RUNNING))
			out->by = next.by;
		return true;
	}
	return false;
}

bool pw_longest_sleep(const struct pw_thread *thread, int syscall, struct pw_sleep *out)
{
	struct pw_sleeps all;
	struct pw_sleep sleep;

	*out = (struct pw_sleep){.by = PW_NO_WAKER};
	pw_sleeps_of_thread(&all, thread);
	while (pw_sleeps_next(&all, &sleep)) {
		if ((syscall == PW_ANY_SYSCALL || sleep.syscall == syscall) &&
		    sleep.to - sleep.from > out->to - out->from)
			*out = sleep;
	}
	return out->to > 0;
}

size_t pw_sleeps_ended_by(const struct pw_thread *thread, int syscall, uint32_t tid)
{
	struct pw_sleeps all;
	struct pw_sleep sleep;
	size_t count = 0;

	pw_sleeps_of_thread(&all, thread);
	while (pw_sleeps_next(&all, &sleep))
		count += sleep.syscall == syscall && sleep.by == tid;
	return count;
}

bool pw_is_wait(int syscall)
{
	return syscall == SYS_wait4 || syscall == SYS_waitid;
}

bool pw_wait_over(const struct pw_process *process, uint64_t moment, struct pw_sleep *out)
{
	struct pw_sleeps all;

	pw_sleeps_init(&all, process);
	while (pw_sleeps_next(&all, out)) {
		if (pw_is_wait(out->syscall) && out->to >= moment)
			return true;
	}
	return false;
}

bool pw_is_pause(int syscall)
{
	return syscall == SYS_clock_nanosleep || syscall == SYS_nanosleep;
}

bool pw_last_pause(const struct pw_process *process, uint64_t before, struct pw_sleep *out)
{
	struct pw_sleeps all;
	struct pw_sleep sleep;
	bool found = false;

	pw_sleeps_init(&all, process);
	while (pw_sleeps_next(&all, &sleep) && sleep.from < before) {
		if (!pw_is_pause(sleep.syscall))
			continue;
		*out = sleep;
		found = true;
	}
	return found;
}

struct pw_blocked pw_blocked_between(const struct pw_process *process, uint64_t from, uint64_t to)
{
	struct pw_blocked sum = {0};
	struct pw_sleeps all;
	struct pw_sleep sleep;

	pw_sleeps_init(&all, process);
	while (pw_sleeps_next(&all, &sleep) && sleep.from < to) {
		const uint64_t begin = sleep.from > from ? sleep.from : from;
		const uint64_t end = sleep.to < to ? sleep.to : to;

		if (end <= begin)
			continue;
		if (pw_is_pause(sleep.syscall))
			sum.pause += end - begin;
		else
			sum.other += end - begin;
	}
	return sum;
}

struct pw_value pw_value_waker(const char *name, uint32_t by)
{
	if (by == PW_NO_WAKER)
		return pw_value_unknown(name);
	if (by == PW_IRQ_WAKER)
		return pw_value_word(name, "irq");
	return pw_value_tid(name, by);
}

void pw_evidence_waker(uint32_t by, struct pw_evidence *why)
{
	pw_evidence_add(why, "woken_by", PW_VALUES(pw_value_waker("waker", by)));
}
