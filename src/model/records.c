// SPDX-License-Identifier: GPL-2.0-only
/* What changes no state: signals, losses, names of cgroups, marks. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

int pw_feed_signal(struct pw_model *m, const struct pw_signal *ev)
{
	struct pw_signal_record *signals =
		pw_grow(m->signals, m->n_signals, &m->max_signals, sizeof(*signals));

	if (!signals)
		return -ENOMEM;
	m->signals = signals;
	signals[m->n_signals++] = (struct pw_signal_record){.at = ev->h.ts,
							    .from_tid = ev->h.tid,
							    .from_pid = ev->from_tgid,
							    .to_pid = ev->to_tgid,
							    .sig = ev->sig,
							    .code = ev->code,
							    .result = ev->result};
	if (ev->exit_notice == 1)
		pw_feed_notice(m, ev);
	return 0;
}

int pw_feed_lost(struct pw_model *m, const struct pw_lost *ev)
{
	struct pw_lost_range *lost = pw_grow(m->lost, m->n_lost, &m->max_lost, sizeof(*lost));

	if (!lost)
		return -ENOMEM;
	m->lost = lost;
	lost[m->n_lost++] = (struct pw_lost_range){
		.from = ev->first, .to = ev->last, .count = ev->count, .cpu = ev->h.cpu};
	m->stats.lost += ev->count;
	if (ev->last > m->lost_until)
		m->lost_until = ev->last;
	pw_recount_holes(m, ev->first, ev->last);
	return 0;
}

const char *pw_cgroup_path(const struct pw_model *m, uint64_t id)
{
	for (size_t i = m->n_cgroups; i-- > 0;)
		if (m->cgroups[i].id == id)
			return m->cgroups[i].path;
	return NULL;
}

int pw_feed_cgroup(struct pw_model *m, const struct pw_cgroup *ev)
{
	struct cgroup *cgroups = pw_grow(m->cgroups, m->n_cgroups, &m->max_cgroups, sizeof(*cgroups));
	char *path;

	if (!cgroups)
		return -ENOMEM;
	m->cgroups = cgroups;
	path = strndup(ev->path, sizeof(ev->path));
	if (!path)
		return -ENOMEM;
	cgroups[m->n_cgroups++] = (struct cgroup){ev->cgroup_id, path};
	for (size_t i = 0; i < m->n_lives; i++)
		if (m->lives[i]->pub.cgroup_id == ev->cgroup_id && !m->lives[i]->pub.cgroup)
			m->lives[i]->pub.cgroup = path;
	return 0;
}

int pw_feed_mark_name(struct pw_model *m, const struct pw_mark_name *ev)
{
	struct mark_name *names = pw_grow(m->mark_names, m->n_mark_names, &m->max_mark_names, sizeof(*names));
	char *name;

	if (!names)
		return -ENOMEM;
	m->mark_names = names;
	name = strndup(ev->name, sizeof(ev->name));
	if (!name)
		return -ENOMEM;
	names[m->n_mark_names++] = (struct mark_name){ev->number, name};
	return 0;
}

/* They are told in order of their numbers, from 1 on, so the first look is the last. */
static const char *mark_name(const struct pw_model *m, uint32_t number)
{
	if (number && number <= m->n_mark_names && m->mark_names[number - 1].number == number)
		return m->mark_names[number - 1].name;
	for (size_t i = m->n_mark_names; i-- > 0;)
		if (m->mark_names[i].number == number)
			return m->mark_names[i].name;
	return NULL;
}

int pw_feed_mark(struct pw_model *m, const struct pw_mark *ev)
{
	const char *name = mark_name(m, ev->name);
	uint64_t at = ev->h.ts;
	struct pw_passed *marks;
	struct thread *t;
	int r = pw_subject(m, &ev->h, ev->h.tid, ev->h.start, PW_DEED_OTHER, &t);

	if (r || !t)
		return r;
	if (!name) {
		pw_contradiction(m, t->process);
		return 0;
	}
	marks = pw_grow(t->pub.marks, t->pub.n_marks, &t->max_marks, sizeof(*marks));
	if (!marks)
		return -ENOMEM;
	t->pub.marks = marks;
	/* Like any event of a thread, one that comes late counts as happening with the one before it. */
	if (t->pub.n_marks && at < marks[t->pub.n_marks - 1].at)
		at = marks[t->pub.n_marks - 1].at;
	marks[t->pub.n_marks++] =
		(struct pw_passed){.at = at, .name = name, .value = (int64_t)ev->value, .valued = ev->valued};
	return 0;
}
