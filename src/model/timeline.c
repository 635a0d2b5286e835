/* SPDX-License-Identifier: GPL-2.0-only */
#include "model/timeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Most processes are short-lived, so the first block is small; later ones are up to a page. */
#define PAGE_INTERVALS	((4096 - sizeof(struct pw_block)) / sizeof(struct pw_interval))
#define FIRST_INTERVALS 4

static size_t bytes_of(size_t capacity)
{
	return sizeof(struct pw_block) + capacity * sizeof(struct pw_interval);
}

struct pw_interval *pw_timeline_before(const struct timeline *tl, uint32_t back)
{
	struct pw_block *block = tl->thread->last;

	if (back >= tl->count)
		return NULL;
	while (back >= block->count) {
		back -= block->count;
		block = block->prev;
	}
	return &block->at[block->count - 1 - back];
}

static void free_block(struct timeline *tl, struct pw_block *block)
{
	tl->counters->timeline_bytes -= bytes_of(block->capacity);
	free(block);
}

/* The next block, which is empty; NULL when memory is short. */
static struct pw_block *add_block(struct timeline *tl)
{
	struct pw_thread *t = tl->thread;
	struct pw_block *last = t->last, *block;
	size_t capacity = last ? last->capacity * 4 : FIRST_INTERVALS;

	if (last && last->next) { /* pw_timeline_pop emptied it */
		t->last = last->next;
		return last->next;
	}
	if (capacity > PAGE_INTERVALS)
		capacity = PAGE_INTERVALS;
	block = malloc(bytes_of(capacity));
	if (!block)
		return NULL;
	tl->counters->timeline_bytes += bytes_of(capacity);
	*block = (struct pw_block){.prev = last, .capacity = (uint32_t)capacity};
	if (last)
		last->next = block;
	else
		t->first = block;
	t->last = block;
	return block;
}

int pw_timeline_push(struct timeline *tl, struct pw_interval iv)
{
	struct pw_thread *t = tl->thread;
	struct pw_block *block = t->last;
	struct pw_interval *tail = tl->count ? &block->at[block->count - 1] : NULL;

	if (tail && iv.from < tail->from)
		iv.from = tail->from;
	if (tail && tail->from == iv.from) {
		if (tl->gap == tl->count)
			tl->gap = 0;
		if (tl->count == 1)
			tl->first_began = 0;
		*tail = iv;
		return 0;
	}
	if (!block || block->count == block->capacity)
		block = add_block(tl);
	if (!block)
		return -ENOMEM;
	if (tail)
		t->totals[tail->state] += iv.from - tail->from;
	if (!t->from)
		t->from = iv.from;
	block->at[block->count++] = iv;
	tl->count++;
	t->end = iv.from;
	tl->counters->stats.intervals++;
	return 0;
}

void pw_timeline_pop(struct timeline *tl)
{
	struct pw_thread *t = tl->thread;
	uint64_t from = pw_timeline_tail(tl)->from;
	struct pw_interval *tail;

	if (--t->last->count == 0 && t->last->prev)
		t->last = t->last->prev;
	tl->count--;
	tl->counters->stats.intervals--;
	tail = pw_timeline_tail(tl);
	if (tail)
		t->totals[tail->state] -= from - tail->from;
	t->end = tail ? tail->from : 0;
	if (tl->gap > tl->count)
		tl->gap = 0;
}

void pw_timeline_forget_tail(struct timeline *tl)
{
	struct pw_interval *tail = pw_timeline_tail(tl);

	if (tail)
		*tail = pw_interval(tail->from, PW_UNKNOWN, PW_LOST);
}

void pw_timeline_close(struct timeline *tl, uint64_t end)
{
	struct pw_interval *tail;

	while (tl->count > 1 && pw_timeline_tail(tl)->from >= end)
		pw_timeline_pop(tl);
	tail = pw_timeline_tail(tl);
	if (tail && end < tail->from)
		end = tail->from;
	if (tail)
		tl->thread->totals[tail->state] += end - tail->from;
	tl->thread->end = end;
	tl->closed = true;
}

void pw_timeline_reopen(struct timeline *tl)
{
	struct pw_interval *tail = pw_timeline_tail(tl);

	if (tail)
		tl->thread->totals[tail->state] -= tl->thread->end - tail->from;
	tl->closed = false;
}

void pw_timeline_clear(struct timeline *tl)
{
	struct pw_block *block = tl->thread->first, *next;

	for (; block; block = next) {
		next = block->next;
		free_block(tl, block);
	}
	tl->counters->stats.intervals -= tl->count;
	tl->thread->first = tl->thread->last = NULL;
	tl->count = tl->last_out = tl->gap = 0;
	tl->first_began = 0;
}

/* ---- cutting off the beginning */

/* Frees the blocks that end by then, and those that pw_timeline_pop emptied. Returns how many intervals went. */
static uint32_t drop_blocks(struct timeline *tl, uint64_t at)
{
	struct pw_thread *t = tl->thread;
	struct pw_block *spare = t->last->next, *next;
	uint32_t dropped = 0;

	t->last->next = NULL;
	for (; spare; spare = next) {
		next = spare->next;
		free_block(tl, spare);
	}
	while (t->first != t->last && t->first->next->at[0].from <= at) {
		struct pw_block *block = t->first;

		dropped += block->count;
		t->first = block->next;
		t->first->prev = NULL;
		free_block(tl, block);
	}
	return dropped;
}

/* Drops the intervals of a block that end by then. Returns how many went. */
static uint32_t drop_from_block(struct pw_block *block, uint64_t at)
{
	uint32_t dropped = 0;

	while (dropped + 1 < block->count && block->at[dropped + 1].from <= at)
		dropped++;
	block->count -= dropped;
	memmove(block->at, block->at + dropped, block->count * sizeof(block->at[0]));
	return dropped;
}

/* A page for the few intervals of a thread that sleeps would be most of the memory. */
static void shrink(struct timeline *tl)
{
	struct pw_thread *t = tl->thread;
	struct pw_block *block = t->first, *smaller;
	size_t capacity = block->count < FIRST_INTERVALS ? FIRST_INTERVALS : block->count;

	if (block != t->last || capacity * 4 > block->capacity)
		return;
	tl->counters->timeline_bytes -= bytes_of(block->capacity) - bytes_of(capacity);
	block->capacity = (uint32_t)capacity;
	smaller = realloc(block, bytes_of(capacity));
	if (smaller)
		t->first = t->last = smaller;
}

/* Lets the first interval, which lasts at that moment, begin there. */
static void begin_at(struct timeline *tl, uint64_t at)
{
	struct pw_thread *t = tl->thread;
	struct pw_interval *iv = &t->first->at[0];
	bool is_tail = tl->count == 1;

	if (is_tail && tl->closed && t->end < at)
		at = t->end;
	if (iv->from >= at)
		return;
	if (!tl->first_began)
		tl->first_began = iv->from;
	if (is_tail && !tl->closed) {
		t->totals[iv->state] += at - iv->from;
		t->end = at;
	}
	iv->from = at;
	if (tl->gap == 1) /* the run before it is gone, so it can no longer be repaired */
		tl->gap = 0;
}

void pw_timeline_cut(struct timeline *tl, uint64_t at)
{
	uint32_t dropped;

	if (!tl->count || tl->thread->first->at[0].from >= at)
		return;
	dropped = drop_blocks(tl, at);
	dropped += drop_from_block(tl->thread->first, at);
	if (dropped)
		tl->first_began = 0;
	tl->counters->stats.intervals -= dropped;
	tl->count -= dropped;
	tl->last_out = tl->last_out > dropped ? tl->last_out - dropped : 1;
	tl->gap = tl->gap > dropped ? tl->gap - dropped : 0;
	begin_at(tl, at);
	shrink(tl);
}

/* ---- reading */

void pw_thread_iter_init(struct pw_thread_iter *it, const struct pw_thread *thread)
{
	*it = (struct pw_thread_iter){.thread = thread, .block = thread->first};
}

bool pw_thread_iter_next(struct pw_thread_iter *it, struct pw_span *out)
{
	while (it->block && it->index < it->block->count) {
		const struct pw_interval *iv = &it->block->at[it->index++];
		uint64_t to = it->thread->end;

		if (it->index == it->block->count) {
			it->block = it->block->next;
			it->index = 0;
		}
		if (it->block && it->index < it->block->count)
			to = it->block->at[it->index].from;
		if (to <= iv->from)
			continue;
		*out = (struct pw_span){.from = iv->from,
					.to = to,
					.by = iv->by,
					.syscall = iv->syscall,
					.cpu = iv->cpu,
					.state = (enum pw_state)iv->state,
					.detail = (enum pw_detail)iv->detail};
		return true;
	}
	return false;
}
