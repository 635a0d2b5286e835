/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/together.h"

#include "course/lib/threads.h"

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
			sum += pw_overlap(x.from > since ? x.from : since, x.to, y.from, y.to);
		/* The one that ends first cannot overlap any more. */
		more = x.to < y.to ? pw_thread_iter_next(&a_it, &x) : pw_thread_iter_next(&b_it, &y);
	}
	return sum;
}

size_t pw_turns(const struct pw_thread *const *threads, size_t count)
{
	struct pw_thread_iter it[PW_TURNS_MAX];
	struct pw_span run[PW_TURNS_MAX];
	bool more[PW_TURNS_MAX];
	size_t turns = 0, last = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		pw_thread_iter_init(&it[i], threads[i]);
		more[i] = pw_next_run(&it[i], &run[i]);
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
		more[first] = pw_next_run(&it[first], &run[first]);
	}
}
