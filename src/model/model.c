// SPDX-License-Identifier: GPL-2.0-only
/* The model's outside: made, fed, finished, asked. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

void *pw_grow(void *array, size_t n, size_t *max, size_t size)
{
	size_t bigger = *max ? *max * 2 : 64;

	if (n < *max)
		return array;
	array = realloc(array, bigger * size);
	if (array)
		*max = bigger;
	return array;
}

void pw_copy_comm(char to[PW_COMM_LEN], const char *from)
{
	memcpy(to, from, PW_COMM_LEN - 1);
	to[PW_COMM_LEN - 1] = '\0';
}

void pw_contradiction(struct pw_model *m, struct process *p)
{
	m->stats.contradictions++;
	if (p)
		p->pub.contradictions++;
}

struct pw_model *pw_model_new(void)
{
	return calloc(1, sizeof(struct pw_model));
}

void pw_model_free(struct pw_model *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n_processes; i++)
		pw_process_free(m->processes[i]);
	for (size_t i = 0; i < m->n_cgroups; i++)
		free(m->cgroups[i].path);
	for (size_t i = 0; i < m->n_mark_names; i++)
		free(m->mark_names[i].name);
	pw_index_free(&m->index);
	free(m->earlier);
	free(m->processes);
	free(m->cpus);
	free(m->signals);
	free(m->lost);
	free(m->holes);
	free(m->cgroups);
	free(m->mark_names);
	free(m);
}

static int feed(struct pw_model *m, const struct pw_event *ev)
{
	switch (ev->kind) {
#define FEED(number, KIND, name, bytes)                                                                      \
	case PW_EV_##KIND:                                                                                   \
		return pw_feed_##name(m, (const struct pw_##name *)ev);
		PW_EVENT_KINDS(FEED)
#undef FEED
	default:
		pw_contradiction(m, NULL);
		return 0;
	}
}

int pw_model_feed(struct pw_model *m, const struct pw_event *ev)
{
	int r;

	m->stats.events++;
	if (!m->begun)
		m->begun = ev->ts;
	if (ev->ts > m->now)
		m->now = ev->ts;
	r = feed(m, ev);
	return r ? r : pw_keep_enforce(m);
}

int pw_model_finish(struct pw_model *m, uint64_t end_ns)
{
	int r;

	if (end_ns < m->now)
		end_ns = m->now;
	r = pw_keep_finish(m, end_ns);
	for (size_t i = 0; i < m->n_processes; i++) {
		struct pw_process *process = &m->processes[i]->pub;

		process->end = end_ns;
		for (struct pw_thread *t = process->threads; t; t = t->next)
			pw_thread_finish((struct thread *)t, end_ns);
		if (!r)
			r = pw_settle((struct process *)process, UINT64_MAX);
	}
	return r;
}

size_t pw_model_count(const struct pw_model *m)
{
	return m->n_processes;
}

const struct pw_process *pw_model_process(const struct pw_model *m, size_t i)
{
	return i < m->n_processes ? &m->processes[i]->pub : NULL;
}

uint64_t pw_model_first_start(const struct pw_model *m)
{
	return m->first_start;
}

const struct pw_process *pw_model_find(const struct pw_model *m, uint32_t pid, uint64_t at)
{
	const struct owner *o = pw_index_newest(&m->index, pid);

	for (; o; o = pw_index_older(&m->index, o)) {
		const struct pw_process *process = &o->process->pub;

		if (process->pid == pid && process->start <= at &&
		    (!process->reaped || at <= process->reap_at))
			return process;
	}
	return NULL;
}

const struct pw_process *pw_model_find_tid(const struct pw_model *m, uint32_t tid, uint64_t at)
{
	const struct owner *o = pw_index_newest(&m->index, tid);

	for (; o; o = pw_index_older(&m->index, o)) {
		const struct pw_process *process = &o->process->pub;
		const struct pw_thread *t = o->thread ? &o->thread->pub : NULL;

		if (process->pid == tid && process->start <= at &&
		    (!process->reaped || at <= process->reap_at))
			return process;
		if (process->pid != tid && o->from <= at && at <= o->to && t && (!t->exit || at <= t->exit))
			return process;
	}
	return NULL;
}

size_t pw_model_signal_count(const struct pw_model *m)
{
	return m->n_signals;
}

const struct pw_signal_record *pw_model_signal(const struct pw_model *m, size_t i)
{
	return i < m->n_signals ? &m->signals[i] : NULL;
}

const struct pw_model_stats *pw_model_stats(const struct pw_model *m)
{
	return &m->stats;
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
	return m->alive;
}

size_t pw_model_zombies(const struct pw_model *m)
{
	return m->zombies;
}
