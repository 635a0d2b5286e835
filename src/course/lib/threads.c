/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/threads.h"

#include "course/lib/sleeps.h"

uint64_t pw_overlap(uint64_t from, uint64_t to, uint64_t begin, uint64_t end)
{
	const uint64_t first = from > begin ? from : begin, last = to < end ? to : end;

	return last > first ? last - first : 0;
}

uint64_t pw_spent(const struct pw_thread *t, enum pw_state state, uint64_t from, uint64_t to)
{
	struct pw_thread_iter it;
	struct pw_span span;
	uint64_t sum = 0;

	pw_thread_iter_init(&it, t);
	while (pw_thread_iter_next(&it, &span) && span.from < to) {
		if (span.state == state)
			sum += pw_overlap(span.from, span.to, from, to);
	}
	return sum;
}

uint64_t pw_asleep(const struct pw_thread *t, uint64_t from, uint64_t to)
{
	return pw_slept_in(t, PW_ANY_SYSCALL, from, to);
}

uint64_t pw_slept_in(const struct pw_thread *t, int syscall, uint64_t from, uint64_t to)
{
	struct pw_sleeps all;
	struct pw_sleep sleep;
	uint64_t sum = 0;

	pw_sleeps_of_thread(&all, t);
	while (pw_sleeps_next(&all, &sleep) && sleep.from < to) {
		if (syscall == PW_ANY_SYSCALL || sleep.syscall == syscall)
			sum += pw_overlap(sleep.from, sleep.to, from, to);
	}
	return sum;
}

bool pw_next_run(struct pw_thread_iter *it, struct pw_span *out)
{
	while (pw_thread_iter_next(it, out)) {
		if (out->state == PW_RUNNING)
			return true;
	}
	return false;
}

uint64_t pw_first_run(const struct pw_thread *t)
{
	struct pw_thread_iter it;
	struct pw_span span;

	pw_thread_iter_init(&it, t);
	return pw_next_run(&it, &span) ? span.from : 0;
}

uint64_t pw_on_last_cpu_since(const struct pw_thread *t)
{
	struct pw_thread_iter it;
	struct pw_span span;
	uint64_t since = t->start;
	uint16_t cpu = PW_NO_CPU;

	pw_thread_iter_init(&it, t);
	while (pw_thread_iter_next(&it, &span)) {
		if (span.state != PW_RUNNING || span.cpu == PW_NO_CPU || span.cpu == cpu)
			continue;
		since = span.from;
		cpu = span.cpu;
	}
	return since;
}
