/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The timeline of a thread: its intervals, contiguous because each stores only
 * where it begins. The last one, the tail, is open until the timeline is closed,
 * and its time is in the totals only then.
 */
#ifndef PW_MODEL_TIMELINE_H
#define PW_MODEL_TIMELINE_H

#include "model/process.h"

/* What every layer of one model counts or reads. */
struct counters {
	struct pw_model_stats stats;
	/* Memory for intervals and marks. */
	size_t timeline_bytes;
	/* ts of the latest event. */
	uint64_t now;
};

struct timeline {
	/* Its readers' part: the blocks of intervals, the totals, where the last interval ends. */
	struct pw_thread *thread;
	struct counters *counters;
	/* Intervals that are kept. */
	uint32_t count;
	/* The number (from 1) of the interval that the last switch-out began. */
	uint32_t last_out;
	/* The number of the unknown interval that a missed switch-out left; 0: none. */
	uint32_t gap;
	/* When the first kept interval really began, if that moment is not kept; else 0. */
	uint64_t first_began;
	bool closed;
};

/* An interval without waker, system call and CPU. */
static inline struct pw_interval pw_interval(uint64_t from, enum pw_state state, enum pw_detail detail)
{
	return (struct pw_interval){.from = from,
				    .by = PW_NO_WAKER,
				    .syscall = -1,
				    .cpu = PW_NO_CPU,
				    .state = (uint8_t)state,
				    .detail = (uint8_t)detail};
}

/* The last interval; NULL: there is none. */
static inline struct pw_interval *pw_timeline_tail(const struct timeline *tl)
{
	const struct pw_block *last = tl->thread->last;

	return tl->count ? &tl->thread->last->at[last->count - 1] : NULL;
}

/* When the last interval began, even if that moment is not kept. There is one. */
static inline uint64_t pw_timeline_tail_began(const struct timeline *tl)
{
	return tl->count == 1 && tl->first_began ? tl->first_began : pw_timeline_tail(tl)->from;
}

/* The interval that many before the last; NULL: there are not that many. */
struct pw_interval *pw_timeline_before(const struct timeline *tl, uint32_t back);

/*
 * Appends an interval, which ends the tail where it begins. It replaces a tail that
 * would last no time, and never begins before the tail. Returns 0 or -ENOMEM.
 */
int pw_timeline_push(struct timeline *tl, struct pw_interval iv);
/* Removes the tail: the interval before it is open again. */
void pw_timeline_pop(struct timeline *tl);
/* Turns the tail into an unknown interval. */
void pw_timeline_forget_tail(struct timeline *tl);

/* Ends the timeline; intervals that begin later go, but for the first one. */
void pw_timeline_close(struct timeline *tl, uint64_t end);
void pw_timeline_reopen(struct timeline *tl);

/* Frees all intervals; the totals stay. */
void pw_timeline_clear(struct timeline *tl);
/* Frees what was before; the totals stay, and the interval that lasts then begins there. */
void pw_timeline_cut(struct timeline *tl, uint64_t at);

#endif
