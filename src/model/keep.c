// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory is bounded: intervals and signals of the last stretch are kept. What was
 * before is settled: its time is booked into the totals and not revised any more,
 * whatever a task's account may tell later.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* A stretch is cut by this part of it at a time: seldom enough, and each time only for a moment. */
#define STEP 16
/* The last moments are kept whatever the bound: their records may still complete each other. */
#define LEAST_NS 100000000u
/* Lost ranges beyond them are told as one, a CPU each. */
#define MANY_LOST 4096

void pw_model_keep(struct pw_model *m, const struct pw_keep *keep)
{
	m->keep = *keep;
}

uint64_t pw_model_kept_from(const struct pw_model *m)
{
	return m->kept_from;
}

static size_t stretch_bytes(const struct pw_model *m)
{
	return m->tape_bytes + 2 * m->n_signals * sizeof(*m->signals); /* its array is up to twice as large */
}

size_t pw_model_bytes(const struct pw_model *m)
{
	return stretch_bytes(m) + m->process_bytes;
}

void pw_keep_list(struct process *p)
{
	if (p->listed)
		return;
	p->listed = true;
	p->next_listed = p->model->listed;
	p->model->listed = p;
}

/* An open tape ends where its last interval begins: here it lasts until now. */
static void extend_open(struct process *p, uint64_t at)
{
	for (struct pw_thread *i = p->pub.threads; i; i = i->next) {
		struct thread *t = (struct thread *)i;

		if (!t->closed && t->n && t->pub.end < at)
			t->pub.end = at;
	}
}

static void restore_open(struct process *p)
{
	for (struct pw_thread *i = p->pub.threads; i; i = i->next) {
		struct thread *t = (struct thread *)i;

		if (!t->closed && t->n)
			t->pub.end = pw_tape_tail(t)->from;
	}
}

int pw_settle(struct process *p, uint64_t at)
{
	bool is_last = at == UINT64_MAX;
	struct pw_process_iter *it;
	struct pw_span span;

	if (!is_last)
		extend_open(p, at);
	it = pw_process_iter_new(&p->pub);
	while (it && pw_process_iter_next(it, &span) && span.from < at) {
		bool is_zombie = span.state == PW_ZOMBIE; /* its whole time counts, once: at the last */
		uint64_t from = span.from > p->settled || is_zombie ? span.from : p->settled;
		uint64_t to = span.to < at ? span.to : at;

		if (to > from && (!is_zombie || is_last))
			p->pub.totals[span.state] += to - from;
	}
	pw_process_iter_free(it);
	if (!is_last) {
		restore_open(p);
		p->settled = at;
	}
	return it ? 0 : -ENOMEM;
}

static bool has_intervals(const struct process *p)
{
	for (const struct pw_thread *t = p->pub.threads; t; t = t->next)
		if (((const struct thread *)t)->n)
			return true;
	return false;
}

/* True when something was there to cut. */
static bool cut_tapes(struct process *p, uint64_t at)
{
	bool cut = false;

	for (struct pw_thread *t = p->pub.threads; t; t = t->next) {
		cut |= ((struct thread *)t)->n && t->first->at[0].from < at;
		pw_tape_cut((struct thread *)t, at);
		cut |= pw_marks_cut((struct thread *)t, at);
	}
	return cut;
}

static void shrink_signals(struct pw_model *m)
{
	struct pw_signal_record *smaller;

	if (m->max_signals <= 64 || m->n_signals * 4 > m->max_signals)
		return;
	smaller = realloc(m->signals, m->max_signals / 2 * sizeof(*smaller));
	if (smaller) {
		m->signals = smaller;
		m->max_signals /= 2;
	}
}

static bool drop_signals(struct pw_model *m, uint64_t at)
{
	size_t n = 0;

	while (n < m->n_signals && m->signals[n].at < at)
		n++;
	m->n_signals -= n;
	if (n)
		memmove(m->signals, m->signals + n, m->n_signals * sizeof(*m->signals));
	shrink_signals(m);
	return n;
}

static void drop_holes(struct pw_model *m, uint64_t at)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n_holes; i++)
		if (m->holes[i].to >= at)
			m->holes[kept++] = m->holes[i];
	m->n_holes = kept;
}

static struct pw_lost_range *range_of(struct pw_lost_range *ranges, size_t n, uint16_t cpu)
{
	for (size_t i = 0; i < n; i++)
		if (ranges[i].cpu == cpu)
			return &ranges[i];
	return NULL;
}

/* All ranges but the latest become one for each CPU: what was lost there, and between when and when. */
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

/* Drops what was before. */
static int cut(struct pw_model *m, uint64_t at)
{
	struct process **link = &m->listed, *p;
	bool any = drop_signals(m, at);

	while ((p = *link)) {
		int r = pw_settle(p, at);

		if (r)
			return r;
		any |= cut_tapes(p, at);
		p->listed = has_intervals(p);
		if (p->listed)
			link = &p->next_listed;
		else
			*link = p->next_listed;
	}
	drop_holes(m, at);
	if (m->n_lost > MANY_LOST)
		merge_lost(m);
	if (any && at > m->kept_from)
		m->kept_from = at;
	m->begun = at;
	return 0;
}

/* One step further: the oldest part of the stretch; false: there is none to spare. */
static bool step(struct pw_model *m, int *r)
{
	uint64_t latest = m->now > LEAST_NS ? m->now - LEAST_NS : 0;

	if (m->begun >= latest)
		return false;
	*r = cut(m, m->begun + (latest - m->begun + STEP - 1) / STEP);
	return !*r;
}

/* Processes that ended within the stretch are whole: when they are too many, it gets shorter. */
static int bound_processes(struct pw_model *m, size_t most)
{
	bool later = true;
	int r = 0;

	while (!r && m->process_bytes > most && later) {
		r = pw_fold(m, m->begun, most - most / STEP, &later);
		if (!r && m->process_bytes > most && later)
			later = step(m, &r);
	}
	return r;
}

static int bound_bytes(struct pw_model *m)
{
	size_t half = m->keep.bytes / 2;
	int r = 0;

	while (stretch_bytes(m) > half && step(m, &r))
		;
	if (!r)
		r = bound_processes(m, half);
	m->look_again = m->now + LEAST_NS;
	return r;
}

int pw_keep_enforce(struct pw_model *m)
{
	const struct pw_keep *keep = &m->keep;
	int r = 0;

	if (keep->ns && m->now - m->begun > keep->ns + keep->ns / STEP)
		r = cut(m, m->now - keep->ns);
	if (!r && keep->bytes && m->now >= m->look_again &&
	    (stretch_bytes(m) > keep->bytes / 2 || m->process_bytes > keep->bytes / 2))
		r = bound_bytes(m);
	return r;
}

int pw_keep_finish(struct pw_model *m, uint64_t end_ns)
{
	return m->keep.ns && m->begun && end_ns - m->begun > m->keep.ns ? cut(m, end_ns - m->keep.ns) : 0;
}
