/* SPDX-License-Identifier: GPL-2.0-only */
/* The interface of the model: made, fed, finished, read. */
#include "model/model.h"

#include <stdlib.h>

#include "model/events.h"
#include "model/retention.h"
#include "model/state.h"

struct pw_model *pw_model_new(void)
{
	struct pw_model *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->sched.counters = &m->counters;
	m->processes.sched = &m->sched;
	return m;
}

void pw_model_free(struct pw_model *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->processes.count; i++)
		pw_process_free(m->processes.at[i]);
	for (size_t i = 0; i < m->processes.n_cgroups; i++)
		free(m->processes.cgroups[i].path);
	for (size_t i = 0; i < m->n_mark_names; i++)
		free(m->mark_names[i].name);
	pw_index_free(&m->processes.index);
	free(m->processes.at);
	free(m->processes.signals);
	free(m->processes.cgroups);
	free(m->sched.cpus);
	free(m->sched.missed);
	free(m->lost);
	free(m->mark_names);
	free(m->retention.earlier);
	free(m);
}

/* ---- feeding */

static int feed(struct pw_model *m, const struct pw_event *ev)
{
	switch (ev->kind) {
#define FEED(number, KIND, name, bytes)                                                                      \
	case PW_EV_##KIND:                                                                                   \
		return pw_feed_##name(m, (const struct pw_##name *)ev);
		PW_EVENT_KINDS(FEED)
#undef FEED
	default:
		m->counters.stats.contradictions++;
		return 0;
	}
}

int pw_model_feed(struct pw_model *m, const struct pw_event *ev)
{
	int err;

	m->counters.stats.events++;
	if (!m->retention.begin)
		m->retention.begin = ev->ts;
	if (ev->ts > m->counters.now)
		m->counters.now = ev->ts;
	err = feed(m, ev);
	if (err)
		return err;
	return pw_retention_enforce(m);
}

int pw_model_finish(struct pw_model *m, uint64_t end_ns)
{
	int err;

	if (end_ns < m->counters.now)
		end_ns = m->counters.now;
	err = pw_retention_finish(m, end_ns);
	for (size_t i = 0; i < m->processes.count; i++) {
		struct process *p = m->processes.at[i];

		p->pub.end = end_ns;
		for (struct thread *t = first_thread(&p->pub); t; t = next_thread(t))
			pw_thread_finish(t, end_ns);
		pw_process_sum_cpu(p);
		if (!err)
			err = pw_process_finalize(p, UINT64_MAX);
	}
	return err;
}

/* ---- reading */

size_t pw_model_count(const struct pw_model *m)
{
	return m->processes.count;
}

const struct pw_process *pw_model_process(const struct pw_model *m, size_t i)
{
	return i < m->processes.count ? &m->processes.at[i]->pub : NULL;
}

uint64_t pw_model_first_start(const struct pw_model *m)
{
	return m->processes.first_start;
}

static bool had_pid(const struct pw_process *process, uint32_t pid, uint64_t at)
{
	return process->pid == pid && process->start <= at && (!process->reaped || at <= process->reap_at);
}

const struct pw_process *pw_model_find(const struct pw_model *m, uint32_t pid, uint64_t at)
{
	const struct index *ix = &m->processes.index;

	for (const struct owner *o = pw_index_newest(ix, pid); o; o = pw_index_older(ix, o))
		if (had_pid(&o->process->pub, pid, at))
			return &o->process->pub;
	return NULL;
}

static bool had_tid(const struct owner *o, uint64_t at)
{
	const struct pw_thread *t = o->thread ? &o->thread->pub : NULL;

	return t && o->process->pub.pid != o->tid && o->from <= at && at <= o->to &&
	       (!t->exit || at <= t->exit);
}

const struct pw_process *pw_model_find_tid(const struct pw_model *m, uint32_t tid, uint64_t at)
{
	const struct index *ix = &m->processes.index;

	for (const struct owner *o = pw_index_newest(ix, tid); o; o = pw_index_older(ix, o))
		if (had_pid(&o->process->pub, tid, at) || had_tid(o, at))
			return &o->process->pub;
	return NULL;
}

size_t pw_model_signal_count(const struct pw_model *m)
{
	return m->processes.n_signals;
}

const struct pw_signal_record *pw_model_signal(const struct pw_model *m, size_t i)
{
	return i < m->processes.n_signals ? &m->processes.signals[i] : NULL;
}

const struct pw_model_stats *pw_model_stats(const struct pw_model *m)
{
	return &m->counters.stats;
}

size_t pw_model_lost_count(const struct pw_model *m)
{
	return m->n_lost;
}

const struct pw_lost_range *pw_model_lost(const struct pw_model *m, size_t i)
{
	return i < m->n_lost ? &m->lost[i] : NULL;
}

size_t pw_model_alive(const struct pw_model *m)
{
	return m->processes.alive;
}

size_t pw_model_zombies(const struct pw_model *m)
{
	return m->processes.zombies;
}
