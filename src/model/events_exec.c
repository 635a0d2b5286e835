/* SPDX-License-Identifier: GPL-2.0-only */
/* Exec and renames. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/events.h"
#include "model/identity.h"
#include "model/state.h"

static int copy_exec(struct pw_exec_record *to, const struct pw_exec *ev)
{
	size_t len = ev->argv_len < PW_ARGV_LEN ? ev->argv_len : PW_ARGV_LEN;

	*to = (struct pw_exec_record){.truncated = ev->h.flags & PW_TRUNCATED};
	if (!(ev->h.flags & PW_SEEDED))
		to->at = ev->h.ts;
	to->exe = strndup(ev->exe, sizeof(ev->exe));
	to->argv = malloc(len + 1);
	if (!to->exe || !to->argv) {
		free(to->exe);
		free(to->argv);
		return -ENOMEM;
	}
	memcpy(to->argv, ev->argv, len);
	to->argv[len] = '\0';
	to->argv_len = len && to->argv[len - 1] ? len + 1 : len;
	return 0;
}

static int add_exec(struct process *p, const struct pw_exec *ev)
{
	size_t n = p->pub.n_execs;
	struct pw_exec_record *execs = realloc(p->pub.execs, (n + 1) * sizeof(*execs));
	int err;

	if (!execs)
		return -ENOMEM;
	p->pub.execs = execs;
	err = copy_exec(&execs[n], ev);
	if (err)
		return err;
	p->pub.n_execs++;
	p->table->bytes += pw_exec_bytes(&execs[n]);
	return 0;
}

static struct thread *live_thread(const struct process *p, uint32_t tid)
{
	for (struct thread *t = first_thread(&p->pub); t; t = next_thread(t))
		if (t->pub.tid == tid && !t->dead)
			return t;
	return NULL;
}

/* A thread that calls exec becomes the leader, unless an earlier event has already made it that. */
static int become_leader(struct process *p, const struct pw_exec *ev)
{
	struct thread *caller = NULL;

	if (ev->h.tid == p->pub.pid && ev->old_tid != p->pub.pid)
		caller = live_thread(p, ev->old_tid);
	return caller ? pw_leader_replace(caller, ev->h.ts) : 0;
}

int pw_feed_exec(struct pw_model *m, const struct pw_exec *ev)
{
	struct owner *o = pw_index_find(&m->processes.index, ev->h.tid, ev->h.start);
	struct process *p;
	struct thread *t;
	int err;

	if (!o) {
		m->counters.stats.unknown_tasks++;
		return 0;
	}
	p = o->process;
	err = become_leader(p, ev);
	if (err)
		return err;
	err = pw_identify(&m->processes, &ev->h, ev->h.tid, ev->h.start, ACT_OTHER, &t);
	if (err)
		return err;
	if (t)
		pw_copy_comm(t->pub.comm, ev->comm);
	err = pw_process_rename(p, ev->h.ts, ev->comm);
	if (err)
		return err;
	if (ev->h.flags & PW_SEEDED && p->pub.n_execs)
		return 0; /* it has executed another program since */
	return add_exec(p, ev);
}

int pw_feed_rename(struct pw_model *m, const struct pw_rename *ev)
{
	struct thread *t;
	int err = pw_identify(&m->processes, &ev->h, ev->h.tid, ev->h.start, ACT_OTHER, &t);

	if (err || !t)
		return err;
	pw_copy_comm(t->pub.comm, ev->comm);
	if (t->pub.tid != process_of(t)->pub.pid)
		return 0;
	return pw_process_rename(process_of(t), ev->h.ts, ev->comm);
}
