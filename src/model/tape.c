// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread's tape: its intervals, one after the other without a hole, since each
 * stores only where it begins. The last one is open until the tape is closed;
 * its time is in the totals only then.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define PAGE_INTERVALS	((4096 - sizeof(struct pw_block)) / sizeof(struct pw_interval))
#define FIRST_INTERVALS 4

static void account(struct thread *t, unsigned int state, uint64_t ns)
{
	t->pub.totals[state] += ns;
	if (state == PW_RUNNING)
		t->process->pub.cpu_ns += ns;
}

static void take_back(struct thread *t, unsigned int state, uint64_t ns)
{
	t->pub.totals[state] -= ns;
	if (state == PW_RUNNING)
		t->process->pub.cpu_ns -= ns;
}

static size_t bytes_of(size_t capacity)
{
	return sizeof(struct pw_block) + capacity * sizeof(struct pw_interval);
}

struct pw_interval *pw_tape_before(const struct thread *t, uint32_t back)
{
	struct pw_block *block = t->pub.last;

	if (back >= t->n)
		return NULL;
	while (back >= block->count) {
		back -= block->count;
		block = block->prev;
	}
	return &block->at[block->count - 1 - back];
}

static void free_block(struct thread *t, struct pw_block *block)
{
	t->process->model->tape_bytes -= bytes_of(block->capacity);
	free(block);
}

/* A block with room for one more, at the end of the tape; NULL when memory is short. */
static struct pw_block *room(struct thread *t)
{
	struct pw_block *last = t->pub.last;
	size_t capacity = last ? last->capacity * 4 : FIRST_INTERVALS;
	struct pw_block *block;

	if (last && last->count < last->capacity)
		return last;
	if (last && last->next) { /* emptied by pw_tape_pop */
		t->pub.last = last->next;
		return last->next;
	}
	if (capacity > PAGE_INTERVALS)
		capacity = PAGE_INTERVALS;
	block = malloc(bytes_of(capacity));
	if (!block)
		return NULL;
	t->process->model->tape_bytes += bytes_of(capacity);
	*block = (struct pw_block){.prev = last, .capacity = (uint32_t)capacity};
	if (last)
		last->next = block;
	else
		t->pub.first = block;
	t->pub.last = block;
	return block;
}

int pw_tape_push(struct thread *t, struct pw_interval iv)
{
	struct pw_interval *tail = pw_tape_tail(t);
	struct pw_block *block;

	if (tail && iv.from < tail->from)
		iv.from = tail->from;
	if (tail && tail->from == iv.from) {
		if (t->gap == t->n)
			t->gap = 0;
		if (t->n == 1)
			t->began = 0;
		*tail = iv;
		return 0;
	}
	block = room(t);
	if (!block)
		return -ENOMEM;
	if (tail)
		account(t, tail->state, iv.from - tail->from);
	else
		pw_keep_list(t->process);
	if (!t->pub.from)
		t->pub.from = iv.from;
	block->at[block->count++] = iv;
	t->n++;
	t->pub.end = iv.from;
	t->process->model->stats.intervals++;
	return 0;
}

void pw_tape_pop(struct thread *t)
{
	uint64_t from = pw_tape_tail(t)->from;
	struct pw_interval *tail;

	if (--t->pub.last->count == 0 && t->pub.last->prev)
		t->pub.last = t->pub.last->prev;
	t->n--;
	t->process->model->stats.intervals--;
	tail = pw_tape_tail(t);
	if (tail)
		take_back(t, tail->state, from - tail->from);
	t->pub.end = tail ? tail->from : 0;
	if (t->gap > t->n)
		t->gap = 0;
}

void pw_tape_forget(struct thread *t)
{
	struct pw_interval *tail = pw_tape_tail(t);

	if (!tail)
		return;
	tail->state = PW_UNKNOWN;
	tail->detail = PW_LOST;
	tail->by = PW_NO_WAKER;
	tail->syscall = -1;
	tail->cpu = PW_NO_CPU;
}

void pw_tape_close(struct thread *t, uint64_t end)
{
	struct pw_interval *tail;

	while (t->n > 1 && pw_tape_tail(t)->from >= end)
		pw_tape_pop(t);
	tail = pw_tape_tail(t);
	if (tail && end < tail->from)
		end = tail->from;
	if (tail)
		account(t, tail->state, end - tail->from);
	t->pub.end = end;
	t->closed = true;
}

void pw_tape_reopen(struct thread *t)
{
	struct pw_interval *tail = pw_tape_tail(t);

	if (tail)
		take_back(t, tail->state, t->pub.end - tail->from);
	t->closed = false;
}

void pw_tape_free(struct thread *t)
{
	struct pw_block *block = t->pub.first, *next;

	for (; block; block = next) {
		next = block->next;
		free_block(t, block);
	}
	t->process->model->stats.intervals -= t->n;
	t->pub.first = t->pub.last = NULL;
	t->n = t->anchor = t->gap = 0;
	t->began = 0;
}

/* ---- what is not kept any more */

/* Blocks that end by then, and those that pw_tape_pop emptied. Returns the intervals in them. */
static uint32_t drop_blocks(struct thread *t, uint64_t at)
{
	struct pw_block *block, *spare = t->pub.last->next;
	uint32_t gone = 0;

	for (t->pub.last->next = NULL; spare; spare = block) {
		block = spare->next;
		free_block(t, spare);
	}
	while ((block = t->pub.first) != t->pub.last && block->next->at[0].from <= at) {
		gone += block->count;
		t->pub.first = block->next;
		block->next->prev = NULL;
		free_block(t, block);
	}
	return gone;
}

/* The intervals of the first block that end by then. */
static uint32_t drop_from_block(struct pw_block *block, uint64_t at)
{
	uint32_t gone = 0;

	while (gone + 1 < block->count && block->at[gone + 1].from <= at)
		gone++;
	block->count -= gone;
	memmove(block->at, block->at + gone, block->count * sizeof(block->at[0]));
	return gone;
}

/* A page for the few intervals of a thread that sleeps would be most of the memory. */
static void shrink(struct thread *t)
{
	struct pw_block *block = t->pub.first, *smaller;
	size_t capacity = block->count < FIRST_INTERVALS ? FIRST_INTERVALS : block->count;

	if (block != t->pub.last || capacity * 4 > block->capacity)
		return;
	t->process->model->tape_bytes -= bytes_of(block->capacity) - bytes_of(capacity);
	block->capacity = (uint32_t)capacity;
	smaller = realloc(block, bytes_of(capacity));
	if (smaller)
		t->pub.first = t->pub.last = smaller;
}

/* The interval that lasts at that moment begins there from now on. */
static void begin_at(struct thread *t, uint64_t at)
{
	struct pw_interval *iv = &t->pub.first->at[0];
	bool is_tail = t->n == 1;

	if (is_tail && t->closed && t->pub.end < at)
		at = t->pub.end;
	if (iv->from >= at)
		return;
	if (!t->began)
		t->began = iv->from;
	if (is_tail && !t->closed) {
		account(t, iv->state, at - iv->from);
		t->pub.end = at;
	}
	iv->from = at;
	if (t->gap == 1) /* how it was left cannot be told any more */
		t->gap = 0;
}

void pw_tape_cut(struct thread *t, uint64_t at)
{
	uint32_t gone;

	if (!t->n || t->pub.first->at[0].from >= at)
		return;
	if (t->closed && t->dead && t->pub.end <= at) {
		pw_tape_free(t);
		return;
	}
	gone = drop_blocks(t, at);
	gone += drop_from_block(t->pub.first, at);
	if (gone)
		t->began = 0;
	t->process->model->stats.intervals -= gone;
	t->n -= gone;
	t->anchor = t->anchor > gone ? t->anchor - gone : 1;
	t->gap = t->gap > gone ? t->gap - gone : 0;
	begin_at(t, at);
	shrink(t);
}

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
