/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intervals and signals of the last stretch of time are kept. Time before that is
 * finalized: it is in the totals and is not revised any more, whatever the account
 * of a task shows later.
 */
#include "model/retention.h"

#include <stdlib.h>
#include <string.h>

/* The kept time is cut by this fraction of it at a time: rarely, and quickly. */
#define STEP 16
/* The last moments are kept whatever the bound, because their records may still complete each other. */
#define LEAST_NS 100000000u
/* Older lost ranges are merged into one for each CPU. */
#define MANY_LOST 4096

void pw_model_keep(struct pw_model *m, const struct pw_keep *keep)
{
	m->retention.keep = *keep;
}

uint64_t pw_model_kept_from(const struct pw_model *m)
{
	return m->retention.kept_from;
}

/* The array of signals is up to twice as large as what it holds. */
static size_t interval_bytes(const struct pw_model *m)
{
	return m->counters.timeline_bytes + 2 * m->processes.n_signals * sizeof(*m->processes.signals);
}

size_t pw_model_bytes(const struct pw_model *m)
{
	return interval_bytes(m) + m->processes.bytes;
}

/* ---- cutting */

/* False: there was nothing to cut. */
static bool cut_threads(struct process *p, uint64_t at)
{
	bool any = false;

	for (struct thread *t = first_thread(&p->pub); t; t = next_thread(t))
		any |= pw_thread_cut(t, at);
	return any;
}

static bool has_intervals(const struct process *p)
{
	for (const struct thread *t = first_thread(&p->pub); t; t = next_thread(t))
		if (t->timeline.count)
			return true;
	return false;
}

static void shrink_signals(struct process_table *table)
{
	struct pw_signal_record *smaller;

	if (table->signals_room <= 64 || table->n_signals * 4 > table->signals_room)
		return;
	smaller = realloc(table->signals, table->signals_room / 2 * sizeof(*smaller));
	if (!smaller)
		return;
	table->signals = smaller;
	table->signals_room /= 2;
}

/* False: there was nothing to drop. */
static bool drop_signals(struct process_table *table, uint64_t at)
{
	size_t n = 0;

	while (n < table->n_signals && table->signals[n].at < at)
		n++;
	table->n_signals -= n;
	if (n)
		memmove(table->signals, table->signals + n, table->n_signals * sizeof(*table->signals));
	shrink_signals(table);
	return n;
}

static struct pw_lost_range *range_of(struct pw_lost_range *ranges, size_t n, uint16_t cpu)
{
	for (size_t i = 0; i < n; i++)
		if (ranges[i].cpu == cpu)
			return &ranges[i];
	return NULL;
}

/* Merges all lost ranges but the latest into one for each CPU, with its first and last moment. */
static void merge_lost(struct pw_model *m)
{
	size_t kept = 0, old = m->n_lost - MANY_LOST / 2;

	for (size_t i = 0; i < old; i++) {
		struct pw_lost_range range = m->lost[i], *same = range_of(m->lost, kept, range.cpu);

		if (!same) {
			m->lost[kept++] = range;
			continue;
		}
		same->count += range.count;
		if (range.from < same->from)
			same->from = range.from;
		if (range.to > same->to)
			same->to = range.to;
	}
	memmove(m->lost + kept, m->lost + old, (m->n_lost - old) * sizeof(*m->lost));
	m->n_lost -= old - kept;
}

/* Drops what was before that moment. */
static int cut(struct pw_model *m, uint64_t at)
{
	struct process **link = &m->processes.with_intervals;
	bool any = drop_signals(&m->processes, at);

	while (*link) {
		struct process *p = *link;
		int err = pw_process_finalize(p, at);

		if (err)
			return err;
		any |= cut_threads(p, at);
		p->listed = has_intervals(p);
		if (p->listed)
			link = &p->next_listed;
		else
			*link = p->next_listed;
	}
	pw_missed_drop_before(&m->sched, at);
	if (m->n_lost > MANY_LOST)
		merge_lost(m);
	if (any && at > m->retention.kept_from)
		m->retention.kept_from = at;
	m->retention.begin = at;
	return 0;
}

/* ---- the bounds */

/* Cuts the oldest part of the kept time. *done false: there is none to spare. */
static int cut_step(struct pw_model *m, bool *done)
{
	const uint64_t now = m->counters.now, begin = m->retention.begin;
	const uint64_t latest = now > LEAST_NS ? now - LEAST_NS : 0;

	*done = begin < latest;
	return *done ? cut(m, begin + (latest - begin + STEP - 1) / STEP) : 0;
}

/* Processes that ended within the kept time stay: when they are too many, it gets shorter. */
static int bound_processes(struct pw_model *m, size_t most)
{
	bool more = true;

	while (more && m->processes.bytes > most) {
		int err = pw_fold(m, m->retention.begin, most - most / STEP, &more);

		if (!err && more && m->processes.bytes > most)
			err = cut_step(m, &more);
		if (err)
			return err;
	}
	return 0;
}

static int bound_intervals(struct pw_model *m, size_t most)
{
	bool more = true;

	while (more && interval_bytes(m) > most) {
		int err = cut_step(m, &more);

		if (err)
			return err;
	}
	return 0;
}

static int bound_bytes(struct pw_model *m)
{
	size_t half = m->retention.keep.bytes / 2;
	int err = bound_intervals(m, half);

	if (!err)
		err = bound_processes(m, half);
	m->retention.look_again = m->counters.now + LEAST_NS;
	return err;
}

int pw_retention_enforce(struct pw_model *m)
{
	const struct pw_keep *keep = &m->retention.keep;
	const uint64_t now = m->counters.now;

	if (keep->ns && now - m->retention.begin > keep->ns + keep->ns / STEP) {
		int err = cut(m, now - keep->ns);

		if (err)
			return err;
	}
	if (!keep->bytes || now < m->retention.look_again)
		return 0;
	if (interval_bytes(m) <= keep->bytes / 2 && m->processes.bytes <= keep->bytes / 2)
		return 0;
	return bound_bytes(m);
}

int pw_retention_finish(struct pw_model *m, uint64_t end_ns)
{
	const struct retention *r = &m->retention;

	if (!r->keep.ns || !r->begin || end_ns - r->begin <= r->keep.ns)
		return 0;
	return cut(m, end_ns - r->keep.ns);
}

/* ---- what was folded */

uint64_t pw_model_folded(const struct pw_model *m)
{
	return m->retention.n_folded;
}

size_t pw_model_earlier_count(const struct pw_model *m)
{
	return m->retention.n_earlier;
}

const struct pw_earlier *pw_model_earlier(const struct pw_model *m, size_t i)
{
	return i < m->retention.n_earlier ? &m->retention.earlier[i] : NULL;
}
