/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process's own states: a sweep over the timelines of its threads. A heap gives
 * the next thread that changes, and a set of threads for each state the answer.
 */
#include <stdlib.h>
#include <string.h>

#include "model/process.h"
#include "util/heap.h"

struct cursor {
	struct pw_thread_iter timeline;
	struct pw_span span;
	/* The thread is in this span until span.to; else it will be, from span.from on. */
	bool begun;
};

struct pw_process_iter {
	const struct pw_process *process;
	struct cursor *cursors;
	/* Cursors by their next change. */
	struct pw_heap heap;
	/* For each state, the threads in it: a bit each, in so many words. */
	uint64_t *members[PW_STATE_COUNT];
	size_t words;
	uint64_t now;
	/* The span after the last one, which may have to be merged with its successor. */
	struct pw_span next;
	bool has_next, zombie_done;
	/* The process has one thread, as most have: its timeline is the answer. */
	bool single;
};

/* The process is in the first of these states that one of its threads is in. */
static const enum pw_state precedence[] = {PW_RUNNING, PW_UNKNOWN, PW_READY, PW_BLOCKED, PW_STOPPED};

static uint64_t next_change(const struct cursor *c)
{
	return c->begun ? c->span.to : c->span.from;
}

static bool changes_before(const void *cursors, uint32_t a, uint32_t b)
{
	const struct cursor *at = cursors;

	return next_change(&at[a]) < next_change(&at[b]);
}

static uint64_t next_change_of_any(const struct pw_process_iter *it)
{
	return next_change(&it->cursors[pw_heap_first(&it->heap)]);
}

static void begin(struct pw_process_iter *it)
{
	uint32_t i = 0;

	it->single = it->process->threads && !it->process->threads->next;
	if (it->single) {
		pw_thread_iter_init(&it->cursors[0].timeline, it->process->threads);
		return;
	}
	for (size_t s = 1; s < PW_STATE_COUNT; s++)
		it->members[s] = it->members[0] + s * it->words;
	for (const struct pw_thread *t = it->process->threads; t; t = t->next, i++) {
		pw_thread_iter_init(&it->cursors[i].timeline, t);
		if (pw_thread_iter_next(&it->cursors[i].timeline, &it->cursors[i].span))
			pw_heap_add(&it->heap, i);
	}
	pw_heap_build(&it->heap, changes_before, it->cursors);
}

struct pw_process_iter *pw_process_iter_new(const struct pw_process *process)
{
	struct pw_process_iter *it = calloc(1, sizeof(*it));
	size_t n = process->n_threads ? process->n_threads : 1;

	if (!it)
		return NULL;
	it->process = process;
	it->words = (n + 63) / 64;
	it->cursors = calloc(n, sizeof(*it->cursors));
	it->members[0] = calloc(it->words * PW_STATE_COUNT, sizeof(uint64_t));
	if (pw_heap_init(&it->heap, n) || !it->cursors || !it->members[0]) {
		pw_process_iter_free(it);
		return NULL;
	}
	begin(it);
	return it;
}

void pw_process_iter_free(struct pw_process_iter *it)
{
	if (!it)
		return;
	free(it->cursors);
	pw_heap_free(&it->heap);
	free(it->members[0]);
	free(it);
}

/* Lets the next thread that changes do so. */
static void change(struct pw_process_iter *it)
{
	uint32_t i = pw_heap_first(&it->heap);
	struct cursor *c = &it->cursors[i];
	uint64_t *word = &it->members[c->span.state][i / 64], bit = UINT64_C(1) << (i % 64);

	if (!c->begun) {
		*word |= bit;
		c->begun = true;
		pw_heap_sink(&it->heap, 0, changes_before, it->cursors);
		return;
	}
	*word &= ~bit;
	c->begun = false;
	if (pw_thread_iter_next(&c->timeline, &c->span))
		pw_heap_sink(&it->heap, 0, changes_before, it->cursors);
	else
		pw_heap_pop(&it->heap, changes_before, it->cursors);
}

/* The first thread in the state that the process is in; NULL: none has begun. */
static const struct cursor *deciding_thread(const struct pw_process_iter *it)
{
	for (size_t s = 0; s < sizeof(precedence) / sizeof(precedence[0]); s++) {
		const uint64_t *set = it->members[precedence[s]];

		for (size_t w = 0; w < it->words; w++)
			if (set[w])
				return &it->cursors[w * 64 + (size_t)__builtin_ctzll(set[w])];
	}
	return NULL;
}

static bool next_zombie(struct pw_process_iter *it, struct pw_span *out)
{
	const struct pw_process *process = it->process;
	uint64_t to = process->zombie_to ? process->zombie_to : process->end;

	if (it->zombie_done || !process->zombie_from || to <= process->zombie_from)
		return false;
	it->zombie_done = true;
	*out = (struct pw_span){.from = process->zombie_from,
				.to = to,
				.by = PW_NO_WAKER,
				.syscall = -1,
				.cpu = PW_NO_CPU,
				.state = PW_ZOMBIE};
	return true;
}

/* The next span between two changes of any thread. */
static bool next_sweep(struct pw_process_iter *it, struct pw_span *out)
{
	while (it->heap.count) {
		const struct cursor *c;
		uint64_t from;

		while (it->heap.count && next_change_of_any(it) <= it->now)
			change(it);
		if (!it->heap.count)
			break;
		from = it->now;
		it->now = next_change_of_any(it);
		c = deciding_thread(it);
		if (!c)
			continue;
		*out = c->span;
		out->from = from;
		out->to = it->now;
		return true;
	}
	return false;
}

/* The next span, before neighbours are merged. */
static bool next_span(struct pw_process_iter *it, struct pw_span *out)
{
	if (it->single ? pw_thread_iter_next(&it->cursors[0].timeline, out) : next_sweep(it, out))
		return true;
	return next_zombie(it, out);
}

static bool alike(const struct pw_span *a, const struct pw_span *b)
{
	return a->to == b->from && a->state == b->state && a->detail == b->detail && a->syscall == b->syscall;
}

bool pw_process_iter_next(struct pw_process_iter *it, struct pw_span *out)
{
	struct pw_span span;

	if (!it->has_next && !next_span(it, &it->next))
		return false;
	*out = it->next;
	it->has_next = false;
	while (next_span(it, &span)) {
		if (!alike(out, &span)) {
			it->next = span;
			it->has_next = true;
			break;
		}
		out->to = span.to;
	}
	return true;
}
