/* SPDX-License-Identifier: GPL-2.0-only */
/* Reaps, frees, and children that get a new parent. */
#include <string.h>

#include "model/events.h"
#include "model/state.h"

/* ---- reap */

/* A task that reaps while it exits did not call wait. */
static bool is_exiting(const struct process_table *table, uint32_t tid)
{
	const struct owner *o = pw_index_newest(&table->index, tid);

	return o && o->thread && o->thread->exiting;
}

static void set_reaper(struct process *p, const struct pw_reap *ev, enum pw_reap_how how)
{
	p->pub.reaped = how;
	p->pub.reaper_pid = ev->by_tgid;
	pw_copy_comm(p->pub.reaper_comm, ev->by_comm);
	p->pub.reap_hook = ev->hook;
	p->reap_seen = true;
}

/*
 * The waiter may be preempted between release_task() and its return to user space,
 * so this event can follow even the free. The free stays the upper bound, and the
 * reaper comes from here if it was the parent.
 */
static void set_late_reaper(struct process *p, const struct pw_reap *ev)
{
	if (ev->hook == PW_REAP_WAIT && p->pub.parents[p->pub.n_parents - 1].pid == ev->by_tgid)
		set_reaper(p, ev, PW_REAPED_WAIT);
}

static void reaped_by_itself(struct process *p, const struct pw_reap *ev)
{
	p->reap_seen = true;
	if (!p->pub.reaped)
		pw_process_reap_itself(p);
	p->pub.reap_hook = ev->hook;
}

static void reaped_by(struct process *p, const struct pw_reap *ev)
{
	if (!p->pub.reaped)
		p->table->zombies--;
	/* A dying parent also releases the zombies whose new parent ignores SIGCHLD (exit_notify). */
	set_reaper(p, ev, is_exiting(p->table, ev->by_tid) ? PW_REAPED_AUTO : PW_REAPED_WAIT);
	p->pub.zombie_from = p->pub.exit_at;
	p->pub.zombie_to = p->pub.reap_at = ev->h.ts > p->pub.exit_at ? ev->h.ts : p->pub.exit_at;
	pw_child_unlink(p);
}

int pw_feed_reap(struct pw_model *m, const struct pw_reap *ev)
{
	struct process *p;

	pw_process_leader_named(&m->processes, ev->h.tid, ev->h.start);
	p = pw_process_find(&m->processes, ev->h.tid, ev->h.start);
	if (!p) {
		m->counters.stats.unknown_tasks++;
		return 0;
	}
	if (p->reap_seen)
		return 0;
	if (p->pub.reaped == PW_REAPED_UNOBSERVED) {
		set_late_reaper(p, ev);
		return 0;
	}
	pw_process_ended(p, pw_process_ended_at(p, ev->h.ts));
	if (ev->by_tgid == p->pub.pid)
		reaped_by_itself(p, ev);
	else
		reaped_by(p, ev);
	return 0;
}

/* ---- free */

static void free_thread(struct process *p, struct thread *t, uint64_t ts)
{
	if (t->pub.tid == p->pub.pid)
		p->leader_replaced = false; /* it was the old leader */
	pw_process_thread_gone(p, t, ts);
}

static void free_leader(struct process *p, uint64_t ts)
{
	if (p->pub.exited)
		pw_process_gone(p, ts);
	else if (p->leader_replaced) /* the old leader */
		p->leader_replaced = false;
	else if (pw_process_all_exiting(p) || p->table->sched->any_lost)
		pw_process_vanished(p, ts);
	else
		pw_contradiction(&p->group);
}

int pw_feed_free(struct pw_model *m, const struct pw_free *ev)
{
	struct owner *o;

	pw_process_leader_named(&m->processes, ev->h.tid, ev->h.start);
	o = pw_index_find(&m->processes.index, ev->h.tid, ev->h.start);
	if (!o)
		m->counters.stats.unknown_tasks++;
	else if (o->thread && o->thread != pw_process_leader(o->process))
		free_thread(o->process, o->thread, ev->h.ts);
	else
		free_leader(o->process, ev->h.ts);
	return 0;
}

/* ---- a new parent */

static enum pw_adopter adopter_of(const struct pw_reparent *ev)
{
	if (ev->ns_init)
		return PW_ADOPTER_INIT;
	return ev->subreaper ? PW_ADOPTER_SUBREAPER : PW_ADOPTER_NONE;
}

static int add_adoption(struct process *child, const struct pw_reparent *ev)
{
	struct pw_parent *last = &child->pub.parents[child->pub.n_parents - 1];
	struct pw_parent to = {.from = ev->h.ts,
			       .pid = ev->new_tgid,
			       .start = ev->new_start,
			       .why = PW_BY_REPARENT,
			       .adopter = adopter_of(ev)};

	pw_copy_comm(to.comm, ev->comm);
	if (!last->bounded || last->why != PW_BY_REPARENT || last->pid != ev->new_tgid)
		return pw_parent_add(child, &to);
	to.from = last->from; /* the child's own exit showed the move first */
	*last = to;
	return 0;
}

static int move_child(struct process_table *table, struct process *child, const struct pw_reparent *ev)
{
	struct process *adopter;
	int err;

	if (ev->new_tgid == ev->tgid) { /* another thread of the same parent, which nobody outside can see */
		child->parent_tid = ev->new_tid;
		return 0;
	}
	err = add_adoption(child, ev);
	adopter = pw_process_find(table, ev->new_tgid, ev->new_start);
	pw_child_unlink(child);
	if (adopter && adopter != child)
		pw_child_link(adopter, child, ev->new_tid);
	return err;
}

int pw_feed_reparent(struct pw_model *m, const struct pw_reparent *ev)
{
	struct owner *o = pw_index_find(&m->processes.index, ev->h.tid, ev->h.start);

	if (!o) {
		m->counters.stats.unknown_tasks++;
		return 0;
	}
	for (struct process *c = o->process->first_child, *next; c; c = next) {
		int err = 0;

		next = c->next_sibling;
		if (c->parent_tid == ev->h.tid && (!ev->child || ev->child == c->pub.pid))
			err = move_child(&m->processes, c, ev);
		if (err)
			return err;
	}
	return 0;
}
