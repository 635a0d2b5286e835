/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/merge.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "util/clock.h"

/*
 * A CPU marks a record as begun before it reads the clock, by a store that may still wait
 * in its store buffer while the clock is read. No store waits nearly as long as this.
 */
static const struct timespec store_time = {.tv_nsec = 50000};

int pw_merge_open(struct pw_merge *m)
{
	return pw_heap_init(&m->sources, (size_t)m->switches.n_cpus + 1);
}

void pw_merge_close(struct pw_merge *m)
{
	pw_ring_close(&m->ring);
	pw_switch_rings_close(&m->switches);
	pw_heap_free(&m->sources);
	memset(m, 0, sizeof(*m));
}

/* Source 0 is the BPF ring buffer, source n the ring of CPU n - 1. NULL: it has no more. */
static const struct pw_event *first_of(const struct pw_merge *m, uint32_t source)
{
	const struct pw_switch *sw;

	if (!source)
		return pw_ring_first(&m->ring);
	sw = pw_switch_rings_first(&m->switches, &m->switches.cpus[source - 1]);
	return sw ? &sw->h : NULL;
}

static void take_from(struct pw_merge *m, uint32_t source)
{
	if (source)
		m->switches.cpus[source - 1].taken++;
	else
		pw_ring_take(&m->ring);
}

/* On equal times other records precede switches: an exit comes before the switch-out that follows it. */
static bool is_before(const void *merge, uint32_t a, uint32_t b)
{
	const uint64_t x = first_of(merge, a)->ts, y = first_of(merge, b)->ts;

	return x < y || (x == y && a < b);
}

static void gather(struct pw_merge *m)
{
	m->sources.count = 0;
	for (uint32_t source = 0; source <= m->switches.n_cpus; source++)
		if (first_of(m, source))
			pw_heap_add(&m->sources, source);
	pw_heap_build(&m->sources, is_before, m);
}

static int hand_on_until(struct pw_merge *m, pw_event_fn fn, void *context, uint64_t limit)
{
	while (m->sources.count) {
		const uint32_t source = pw_heap_first(&m->sources);
		const struct pw_event *event = first_of(m, source);
		int err;

		if (event->ts >= limit)
			break;
		err = fn(context, event);
		m->received++;
		take_from(m, source);
		if (first_of(m, source))
			pw_heap_sink(&m->sources, 0, is_before, m);
		else
			pw_heap_pop(&m->sources, is_before, m);
		if (err)
			return err;
	}
	return 0;
}

int pw_merge_drain(struct pw_merge *m, pw_event_fn fn, void *context, uint64_t *until)
{
	/* A record with an earlier time than this was begun, or its room reserved, before the rings are scanned. */
	const uint64_t limit = pw_clock_ns();
	int err;

	nanosleep(&store_time, NULL);
	err = pw_switch_rings_scan(&m->switches);
	if (!err)
		err = pw_ring_scan(&m->ring);
	if (err)
		return err == -EAGAIN ? 0 : err;
	gather(m);
	err = hand_on_until(m, fn, context, limit);
	*until = limit;
	pw_switch_rings_release(&m->switches);
	pw_ring_release(&m->ring);
	return err;
}
