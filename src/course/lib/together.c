/* SPDX-License-Identifier: GPL-2.0-only */
/* What threads did between two moments, and what several of them did at the same one. */
#include "course/lib/judge.h"

static uint64_t common(uint64_t from, uint64_t to, uint64_t begin, uint64_t end)
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
			sum += common(span.from, span.to, from, to);
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
			sum += common(sleep.from, sleep.to, from, to);
	}
	return sum;
}

uint64_t pw_both(const struct pw_thread *a, enum pw_state a_state, const struct pw_thread *b,
		 enum pw_state b_state)
{
	return pw_both_since(0, a, a_state, b, b_state);
}

uint64_t pw_both_since(uint64_t since, const struct pw_thread *a, enum pw_state a_state,
		       const struct pw_thread *b, enum pw_state b_state)
{
	struct pw_thread_iter a_it, b_it;
	struct pw_span x, y;
	uint64_t sum = 0;
	bool more;

	pw_thread_iter_init(&a_it, a);
	pw_thread_iter_init(&b_it, b);
	more = pw_thread_iter_next(&a_it, &x) && pw_thread_iter_next(&b_it, &y);
	while (more) {
		if (x.state == a_state && y.state == b_state && x.to > since)
			sum += common(x.from > since ? x.from : since, x.to, y.from, y.to);
		/* Whichever ends first has met all it can meet. */
		more = x.to < y.to ? pw_thread_iter_next(&a_it, &x) : pw_thread_iter_next(&b_it, &y);
	}
	return sum;
}

static bool next_run(struct pw_thread_iter *it, struct pw_span *out)
{
	while (pw_thread_iter_next(it, out)) {
		if (out->state == PW_RUNNING)
			return true;
	}
	return false;
}

size_t pw_turns(const struct pw_thread *const *threads, size_t count)
{
	struct pw_thread_iter it[PW_PROCESS_SET_MAX];
	struct pw_span run[PW_PROCESS_SET_MAX];
	bool more[PW_PROCESS_SET_MAX];
	size_t turns = 0, last = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		pw_thread_iter_init(&it[i], threads[i]);
		more[i] = next_run(&it[i], &run[i]);
	}
	for (;;) {
		size_t first = SIZE_MAX;

		for (size_t i = 0; i < count; i++) {
			if (more[i] && (first == SIZE_MAX || run[i].from < run[first].from))
				first = i;
		}
		if (first == SIZE_MAX)
			return turns;
		turns += last != SIZE_MAX && first != last;
		last = first;
		more[first] = next_run(&it[first], &run[first]);
	}
}

uint64_t pw_first_run(const struct pw_thread *t)
{
	struct pw_thread_iter it;
	struct pw_span span;

	pw_thread_iter_init(&it, t);
	return next_run(&it, &span) ? span.from : 0;
}

uint64_t pw_settled(const struct pw_thread *t)
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

double pw_percent(uint64_t part, uint64_t whole)
{
	return whole > 0 ? 100.0 * (double)part / (double)whole : 0;
}
