/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * A CPU marks a record as begun before it reads the clock, by a store that may
 * wait in its store buffer while the clock is read: far less than this.
 */
static const struct timespec store_time = {.tv_nsec = 50000};

int pw_merge_open(struct pw_merge *s)
{
	s->heap = calloc(s->switches.n_cpus + 1, sizeof(*s->heap));
	return s->heap ? 0 : -ENOMEM;
}

void pw_merge_close(struct pw_merge *s)
{
	pw_ring_close(&s->ring);
	pw_switch_rings_close(&s->switches);
	free(s->heap);
	memset(s, 0, sizeof(*s));
}

/* Source 0 is the ring, source n the CPU n - 1. NULL: it has no more. */
static const struct pw_event *first_of(const struct pw_merge *s, uint32_t source)
{
	const struct pw_switch *sw;

	if (!source)
		return pw_ring_first(&s->ring);
	sw = pw_switch_rings_first(&s->switches, &s->switches.cpus[source - 1]);
	return sw ? &sw->h : NULL;
}

static void take_from(struct pw_merge *s, uint32_t source)
{
	if (source)
		s->switches.cpus[source - 1].taken++;
	else
		pw_ring_take(&s->ring);
}

/* Where the clock is coarse, what is not a switch goes first: an exit comes before the switch that follows it. */
static bool earlier(const struct pw_merge *s, uint32_t a, uint32_t b)
{
	uint64_t x = first_of(s, s->heap[a])->ts, y = first_of(s, s->heap[b])->ts;

	return x < y || (x == y && s->heap[a] < s->heap[b]);
}

/* The source at this place may be later than those below it. */
static void sink(struct pw_merge *s, uint32_t i)
{
	for (;;) {
		uint32_t least = i, left = 2 * i + 1, right = left + 1, moved = s->heap[i];

		if (left < s->n && earlier(s, left, least))
			least = left;
		if (right < s->n && earlier(s, right, least))
			least = right;
		if (least == i)
			return;
		s->heap[i] = s->heap[least];
		s->heap[least] = moved;
		i = least;
	}
}

static void gather(struct pw_merge *s)
{
	s->n = 0;
	for (uint32_t source = 0; source <= s->switches.n_cpus; source++)
		if (first_of(s, source))
			s->heap[s->n++] = source;
	for (uint32_t i = s->n / 2; i-- > 0;)
		sink(s, i);
}

/* Takes the earliest record's source on; it leaves the heap when it has no more. */
static void advance(struct pw_merge *s)
{
	take_from(s, s->heap[0]);
	if (!first_of(s, s->heap[0]))
		s->heap[0] = s->heap[--s->n];
	sink(s, 0);
}

int pw_merge_drain(struct pw_merge *s, pw_event_fn fn, void *context, uint64_t *until)
{
	/* Whatever has an earlier time than this was begun, or its room reserved, before we look. */
	uint64_t limit = pw_clock_ns();
	int err;

	nanosleep(&store_time, NULL);
	err = pw_switch_rings_look(&s->switches);
	err = err ? err : pw_ring_look(&s->ring);
	if (err)
		return err == -EAGAIN ? 0 : err;
	gather(s);
	while (!err && s->n) {
		const struct pw_event *event = first_of(s, s->heap[0]);

		if (event->ts >= limit)
			break;
		err = fn(context, event);
		s->received++;
		advance(s);
	}
	*until = limit;
	pw_switch_rings_release(&s->switches);
	pw_ring_release(&s->ring);
	return err;
}
