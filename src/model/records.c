// SPDX-License-Identifier: GPL-2.0-only
/* What belongs to no single process: signals, losses, names of cgroups. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

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

/* The last of its kind before it began to end. Signals come in order of time. */
void pw_killer_find(struct process *p)
{
	const struct pw_model *m = p->model;
	const uint64_t until = p->pub.exit_begun ? p->pub.exit_begun : p->pub.exit_at;
	const int sig = WTERMSIG((int)p->pub.wait_status);

	p->pub.killer.at = 0;
	if (!WIFSIGNALED((int)p->pub.wait_status))
		return;
	for (size_t i = m->n_signals; i-- > 0 && m->signals[i].at >= p->pub.start;) {
		const struct pw_signal_record *s = &m->signals[i];

		if (s->at <= until && s->to_pid == p->pub.pid && s->sig == sig) {
			p->pub.killer = *s;
			return;
		}
	}
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
	for (size_t i = 0; i < m->n_processes; i++)
		if (m->processes[i]->pub.cgroup_id == ev->cgroup_id && !m->processes[i]->pub.cgroup)
			m->processes[i]->pub.cgroup = path;
	return 0;
}
