// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process's own states: a sweep over the tapes of its threads. A heap gives
 * the next thread that changes, a set of threads for each state the answer.
 */
#include <stdlib.h>
#include <string.h>

#include "model/process.h"

struct cursor {
	struct pw_thread_iter tape;
	struct pw_span span;
	bool begun; /* the span counts now, and until span.to; else from span.from on */
};

struct pw_process_iter {
	const struct pw_process *process;
	struct cursor *cursors;
	size_t *heap, heap_len; /* cursors by their next change */
	size_t words;
	uint64_t *members[PW_STATE_COUNT]; /* for each state: the threads in it, a bit each */
	uint64_t now;
	struct pw_span next; /* found, but its neighbour may be alike */
	bool has_next, zombie_told;
	bool alone; /* one thread, as most have: its tape is all there is */
};

/* The order in which a state of one thread is that of the process. */
static const enum pw_state precedence[] = {PW_RUNNING, PW_UNKNOWN, PW_READY, PW_BLOCKED, PW_STOPPED};

static uint64_t next_change(const struct pw_process_iter *it, size_t slot)
{
	const struct cursor *c = &it->cursors[it->heap[slot]];

	return c->begun ? c->span.to : c->span.from;
}

static void sift_down(struct pw_process_iter *it, size_t i)
{
	for (;;) {
		size_t least = i, left = 2 * i + 1, right = left + 1, kept = it->heap[i];

		if (left < it->heap_len && next_change(it, left) < next_change(it, least))
			least = left;
		if (right < it->heap_len && next_change(it, right) < next_change(it, least))
			least = right;
		if (least == i)
			return;
		it->heap[i] = it->heap[least];
		it->heap[least] = kept;
		i = least;
	}
}

struct pw_process_iter *pw_process_iter_new(const struct pw_process *process)
{
	struct pw_process_iter *it = calloc(1, sizeof(*it));
	size_t i = 0, n = process->n_threads ? process->n_threads : 1;

	if (!it)
		return NULL;
	it->process = process;
	it->words = (n + 63) / 64;
	it->cursors = calloc(n, sizeof(*it->cursors));
	it->heap = calloc(n, sizeof(*it->heap));
	it->members[0] = calloc(it->words * PW_STATE_COUNT, sizeof(uint64_t));
	if (!it->cursors || !it->heap || !it->members[0]) {
		pw_process_iter_free(it);
		return NULL;
	}
	it->alone = process->threads && !process->threads->next;
	if (it->alone) {
		pw_thread_iter_init(&it->cursors[0].tape, process->threads);
		return it;
	}
	for (size_t s = 1; s < PW_STATE_COUNT; s++)
		it->members[s] = it->members[0] + s * it->words;
	for (const struct pw_thread *t = process->threads; t; t = t->next, i++) {
		pw_thread_iter_init(&it->cursors[i].tape, t);
		if (pw_thread_iter_next(&it->cursors[i].tape, &it->cursors[i].span))
			it->heap[it->heap_len++] = i;
	}
	for (i = it->heap_len / 2; i-- > 0;)
		sift_down(it, i);
	return it;
}

void pw_process_iter_free(struct pw_process_iter *it)
{
	if (!it)
		return;
	free(it->cursors);
	free(it->heap);
	free(it->members[0]);
	free(it);
}

/* Lets the thread on top of the heap change. */
static void change(struct pw_process_iter *it)
{
	size_t i = it->heap[0];
	struct cursor *c = &it->cursors[i];
	uint64_t bit = UINT64_C(1) << (i % 64);

	if (c->begun) {
		it->members[c->span.state][i / 64] &= ~bit;
		c->begun = false;
		if (!pw_thread_iter_next(&c->tape, &c->span))
			it->heap[0] = it->heap[--it->heap_len];
	} else {
		it->members[c->span.state][i / 64] |= bit;
		c->begun = true;
	}
	sift_down(it, 0);
}

/* The first thread in the state that counts; NULL: none has begun. */
static const struct cursor *spokesman(const struct pw_process_iter *it)
{
	for (size_t s = 0; s < sizeof(precedence) / sizeof(precedence[0]); s++) {
		const uint64_t *set = it->members[precedence[s]];

		for (size_t w = 0; w < it->words; w++)
			if (set[w])
				return &it->cursors[w * 64 + (size_t)__builtin_ctzll(set[w])];
	}
	return NULL;
}

static bool tell_zombie(struct pw_process_iter *it, struct pw_span *out)
{
	const struct pw_process *process = it->process;
	uint64_t to = process->zombie_to ? process->zombie_to : process->end;

	if (it->zombie_told || !process->zombie_from || to <= process->zombie_from)
		return false;
	it->zombie_told = true;
	*out = (struct pw_span){.from = process->zombie_from,
				.to = to,
				.by = PW_NO_WAKER,
				.syscall = -1,
				.cpu = PW_NO_CPU,
				.state = PW_ZOMBIE};
	return true;
}

/* The next span, before neighbours are merged. */
static bool sweep(struct pw_process_iter *it, struct pw_span *out)
{
	if (it->alone)
		return pw_thread_iter_next(&it->cursors[0].tape, out) || tell_zombie(it, out);
	while (it->heap_len) {
		const struct cursor *c;
		uint64_t from;

		while (it->heap_len && next_change(it, 0) <= it->now)
			change(it);
		if (!it->heap_len)
			break;
		from = it->now;
		it->now = next_change(it, 0);
		c = spokesman(it);
		if (!c)
			continue;
		*out = c->span;
		out->from = from;
		out->to = it->now;
		return true;
	}
	return tell_zombie(it, out);
}

static bool alike(const struct pw_span *a, const struct pw_span *b)
{
	return a->to == b->from && a->state == b->state && a->detail == b->detail && a->syscall == b->syscall;
}

bool pw_process_iter_next(struct pw_process_iter *it, struct pw_span *out)
{
	struct pw_span span;

	if (!it->has_next && !sweep(it, &it->next))
		return false;
	*out = it->next;
	it->has_next = false;
	while (sweep(it, &span)) {
		if (!alike(out, &span)) {
			it->next = span;
			it->has_next = true;
			break;
		}
		out->to = span.to;
	}
	return true;
}
