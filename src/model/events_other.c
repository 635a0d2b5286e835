/* SPDX-License-Identifier: GPL-2.0-only */
/* Lost records, cgroup paths, and the marks of programs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/events.h"
#include "model/identity.h"
#include "model/state.h"
#include "util/array.h"

int pw_feed_lost(struct pw_model *m, const struct pw_lost *ev)
{
	int err = pw_array_reserve(&m->lost, &m->lost_room, m->n_lost + 1, sizeof(*m->lost));

	if (err)
		return err;
	m->lost[m->n_lost++] = (struct pw_lost_range){
		.from = ev->first, .to = ev->last, .count = ev->count, .cpu = ev->h.cpu};
	m->counters.stats.lost += ev->count;
	m->sched.any_lost = true;
	if (ev->last > m->sched.lost_until)
		m->sched.lost_until = ev->last;
	pw_missed_take_back(&m->sched, ev->first, ev->last);
	return 0;
}

int pw_feed_cgroup(struct pw_model *m, const struct pw_cgroup *ev)
{
	struct process_table *table = &m->processes;
	int err = pw_array_reserve(&table->cgroups, &table->cgroups_room, table->n_cgroups + 1,
				   sizeof(*table->cgroups));
	char *path;

	if (err)
		return err;
	path = strndup(ev->path, sizeof(ev->path));
	if (!path)
		return -ENOMEM;
	table->cgroups[table->n_cgroups++] = (struct cgroup){ev->cgroup_id, path};
	for (size_t i = 0; i < table->count; i++)
		if (table->at[i]->pub.cgroup_id == ev->cgroup_id && !table->at[i]->pub.cgroup)
			table->at[i]->pub.cgroup = path;
	return 0;
}

int pw_feed_mark_name(struct pw_model *m, const struct pw_mark_name *ev)
{
	int err = pw_array_reserve(&m->mark_names, &m->mark_names_room, m->n_mark_names + 1,
				   sizeof(*m->mark_names));
	char *name;

	if (err)
		return err;
	name = strndup(ev->name, sizeof(ev->name));
	if (!name)
		return -ENOMEM;
	m->mark_names[m->n_mark_names++] = (struct mark_name){ev->number, name};
	return 0;
}

/* The numbers usually come in order, from 1 on. */
static const char *name_of(const struct pw_model *m, uint32_t number)
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
	struct pw_passed mark = {.at = ev->h.ts, .value = (int64_t)ev->value, .valued = ev->valued};
	struct thread *t;
	int err = pw_identify(&m->processes, &ev->h, ev->h.tid, ev->h.start, ACT_OTHER, &t);

	if (err || !t)
		return err;
	mark.name = name_of(m, ev->name);
	if (!mark.name) {
		pw_contradiction(t->group);
		return 0;
	}
	return pw_marks_add(t, mark);
}
