/* SPDX-License-Identifier: GPL-2.0-only */
/* Births: how processes and their threads come into the model. */
#include <string.h>

#include "model/cpu.h"
#include "model/events.h"
#include "model/state.h"
#include "shared/task_state.h"

static const char *cgroup_path(const struct process_table *table, uint64_t id)
{
	for (size_t i = table->n_cgroups; i-- > 0;)
		if (table->cgroups[i].id == id)
			return table->cgroups[i].path;
	return NULL;
}

static void describe(struct process *p, const struct pw_birth *b)
{
	p->pub.ns_pid = b->ns_pid;
	p->pub.uid = b->uid;
	p->pub.cgroup_id = b->cgroup_id;
	p->pub.cgroup = cgroup_path(p->table, b->cgroup_id);
	p->pub.seeded = b->h.flags & PW_SEEDED;
	if (b->h.tid == b->tgid)
		p->pub.exit_signal = b->exit_signal;
}

static int new_process(struct process_table *table, const struct pw_birth *b, struct process **out)
{
	bool is_leader = b->h.tid == b->tgid, seeded = b->h.flags & PW_SEEDED;
	struct pw_parent record = {.from = b->h.start,
				   .pid = b->parent_tgid,
				   .start = b->parent_start,
				   .why = PW_BY_FORK,
				   .bounded = !is_leader || seeded};
	struct process *p, *parent;
	int err;

	pw_copy_comm(record.comm, b->parent_comm);
	err = pw_process_new(table, b->tgid, b->h.start, seeded ? b->h.ts : b->h.start, &record, b->comm, &p);
	if (err)
		return err;
	*out = p;
	describe(p, b);
	parent = pw_process_find(table, b->parent_tgid, b->parent_start);
	if (parent && parent != p) {
		pw_child_link(parent, p, b->parent_tid);
		if (!seeded)
			pw_image_inherit(p, parent);
	}
	if (is_leader)
		return 0;
	/* The birth of the thread's leader was lost: the next event that names the leader has its start. */
	return pw_index_add(&table->index, b->tgid, 0, b->h.start, NULL, p);
}

/* The snapshot found a zombie: its leader ended before anything was observed. */
static void born_dead(struct process *p, struct thread *t, const struct pw_birth *b)
{
	pw_timeline_clear(&t->timeline);
	memset(t->pub.totals, 0, sizeof(t->pub.totals));
	t->pub.from = 0;
	t->pub.end = t->pub.exit = b->h.ts;
	t->exiting = t->dead = t->timeline.closed = true;
	t->exit_state = b->exit_state;
	p->n_live--;
	p->last_status = p->pub.wait_status = b->exit_code;
	p->pub.status_known = true;
	p->pub.exited = true;
	p->pub.exit_at = p->pub.zombie_from = b->h.ts;
	p->table->alive--;
	p->table->zombies++;
}

/* The snapshot found a zombie leader and took the process for ended, but here is another thread of it. */
static int undo_born_dead(struct process *p)
{
	struct thread *leader = pw_process_leader(p);
	uint64_t at = p->pub.exit_at;

	p->table->alive++;
	p->table->zombies--;
	p->pub.exited = p->pub.status_known = false;
	p->pub.exit_at = p->pub.zombie_from = 0;
	p->leader_early = true;
	leader->timeline.closed = false;
	leader->pub.exit = 0;
	return pw_timeline_push(&leader->timeline, pw_interval(at, PW_ZOMBIE, PW_LEADER_ENDED));
}

/* The process that a new thread belongs to; made, if the birth of its leader was not observed. */
static int process_of_thread(struct process_table *table, const struct pw_birth *b, struct process **out)
{
	struct owner *o = pw_index_newest(&table->index, b->tgid);
	struct process *p = o && o->process->pub.pid == b->tgid ? o->process : NULL;
	const struct thread *leader;

	if (!p)
		return new_process(table, b, out);
	*out = p;
	if (!p->pub.exited)
		return 0;
	leader = pw_process_leader(p);
	if (!p->pub.reaped && leader && !leader->timeline.count && b->h.flags & PW_SEEDED)
		return undo_born_dead(p);
	pw_owner_vanished(o, b->h.ts);
	return new_process(table, b, out);
}

/* Another thread of an unknown leader came first, and this event is the leader's birth. */
static bool is_late_leader(const struct owner *o, const struct pw_birth *b)
{
	return o && !o->start && b->h.tid == b->tgid && !o->process->pub.exited &&
	       b->h.start <= o->process->pub.start;
}

/* The process of a new task. *known: the task is in the model already. */
static int find_or_make(struct process_table *table, const struct pw_birth *b, struct process **out,
			bool *known)
{
	struct owner *o = pw_index_newest(&table->index, b->h.tid);

	*known = false;
	if (is_late_leader(o, b)) {
		*out = o->process;
		*known = o->thread != NULL; /* all known threads had ended, so the model had to assume it */
		pw_process_set_start(o->process, o, b->h.start);
		describe(o->process, b);
		return 0;
	}
	if (o) /* the tid was free when the new task was born */
		pw_owner_vanished(o, o->process->pub.exited ? b->h.start : b->h.ts);
	if (b->h.tid == b->tgid)
		return new_process(table, b, out);
	return process_of_thread(table, b, out);
}

int pw_feed_birth(struct pw_model *m, const struct pw_birth *b)
{
	struct process_table *table = &m->processes;
	bool seeded = b->h.flags & PW_SEEDED, known;
	struct process *p;
	struct thread *t;
	int err;

	if (pw_index_find(&table->index, b->h.tid, b->h.start))
		return 0; /* the snapshot found it, and its fork was observed as well */
	/* The timelines of the other threads show nothing of a thread that is just being released. */
	if (seeded && (b->exit_state & EXIT_DEAD || (b->exit_state && b->h.tid != b->tgid)))
		return 0;
	err = find_or_make(table, b, &p, &known);
	if (err || known)
		return err;
	err = pw_process_add_thread(p, b->h.tid, b->h.start, b->comm, b, &t);
	if (err)
		return err;
	if (seeded && b->exit_state && p->n_live == 1)
		born_dead(p, t, b);
	else if (t->cpu != PW_NO_CPU)
		return pw_cpu_take(t);
	return 0;
}
