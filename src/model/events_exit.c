/* SPDX-License-Identifier: GPL-2.0-only */
/* Exits and signals, among them the exit notice to the parent. */
#include <errno.h>
#include <string.h>

#include "model/cpu.h"
#include "model/events.h"
#include "model/identity.h"
#include "model/state.h"
#include "util/array.h"

/* ---- exit */

static int new_process(struct process_table *table, const struct pw_exit *ev, struct process **out)
{
	struct pw_parent parent = {.from = ev->h.start, .pid = ev->parent_tgid, .bounded = true};

	return pw_process_new(table, ev->tgid, ev->h.start, ev->h.start, &parent, ev->comm, out);
}

/* The owner of the thread's tid has vanished, unless it is the process's own leader, whose start was unknown. */
static void vacate_tid(const struct process_table *table, const struct pw_exit *ev, const struct process *p)
{
	const struct owner *o = pw_index_newest(&table->index, ev->h.tid);

	if (!o)
		return;
	if (p && ev->h.tid == ev->tgid && !o->start && ev->h.start <= p->pub.start)
		return;
	pw_owner_vanished(o, ev->h.ts);
}

/* Makes the thread of an exit whose birth was lost, and its process if need be. */
static int make_late(struct process_table *table, const struct pw_exit *ev, struct thread **out)
{
	struct owner *o = pw_index_newest(&table->index, ev->tgid);
	struct process *p = o && o->process->pub.pid == ev->tgid ? o->process : NULL;
	int err;

	vacate_tid(table, ev, p);
	if (!p || p->pub.exited) {
		err = new_process(table, ev, &p);
		if (err)
			return err;
	} else if (ev->h.tid == ev->tgid && o->process == p && !o->start) {
		pw_process_set_start(p, o, ev->h.start);
	}
	o = pw_index_find(&table->index, ev->h.tid, ev->h.start);
	if (o && o->thread) { /* the model had assumed this leader */
		*out = o->thread;
		return 0;
	}
	return pw_process_add_thread(p, ev->h.tid, ev->h.start, ev->comm, NULL, out);
}

static int find_or_make(struct process_table *table, const struct pw_exit *ev, struct thread **out)
{
	int err;

	if (pw_index_find(&table->index, ev->h.tid, ev->h.start)) {
		err = pw_identify(table, &ev->h, ev->h.tid, ev->h.start, ACT_EXIT, out);
		if (err || *out)
			return err;
	}
	return make_late(table, ev, out);
}

/* If the parent at the exit is another one than the model has, a move was missed. */
static int check_parent(struct process *p, uint32_t parent_tgid, uint64_t ts)
{
	const struct pw_parent *last = &p->pub.parents[p->pub.n_parents - 1];
	struct pw_parent to = {.from = ts, .pid = parent_tgid, .why = PW_BY_REPARENT, .bounded = true};
	const struct owner *o;

	if (!parent_tgid || last->pid == parent_tgid)
		return 0;
	o = pw_index_newest(&p->table->index, parent_tgid);
	if (parent_tgid == 1 || (o && o->process->pub.ns_pid == 1))
		to.adopter = PW_ADOPTER_INIT;
	if (o && o->process->pub.pid == parent_tgid && !o->process->pub.exited) {
		to.start = o->process->pub.start;
		memcpy(to.comm, o->process->pub.comm, sizeof(to.comm));
	}
	/* It stays in its old parent's list, because the record of the move itself may still come. */
	return pw_parent_add(p, &to);
}

int pw_feed_exit(struct pw_model *m, const struct pw_exit *ev)
{
	struct process *p;
	struct thread *t;
	int err = find_or_make(&m->processes, ev, &t);

	if (err)
		return err;
	p = process_of(t);
	if (t->dead || p->pub.exited) {
		pw_contradiction(&p->group);
		return 0;
	}
	pw_cpu_evict(&m->sched, ev->h.cpu, t, ev->h.ts);
	t->exiting = true;
	t->exiting_at = ev->h.ts;
	p->last_exit = ev->h.ts;
	p->last_status = ev->wait_status;
	p->autoreap = ev->autoreap;
	p->pub.exit_signal = ev->exit_signal;
	return check_parent(p, ev->parent_tgid, ev->h.ts);
}

/* ---- signals */

/*
 * do_notify_parent is called by the last thread, so no other one has yet to enter
 * do_exit; a tracer's notice of one thread differs in that.
 */
static void feed_notice(struct pw_model *m, const struct pw_signal *ev)
{
	struct process *p;
	struct owner *o;

	pw_process_leader_named(&m->processes, ev->h.tid, ev->h.start);
	o = pw_index_find(&m->processes.index, ev->h.tid, ev->h.start);
	p = o ? o->process : NULL;
	/* The child may be unwatched (--no-children), or may have ended while its parent was seeded. */
	if (!p || p->pub.pid != ev->from_tgid)
		return;
	p->notice_at = ev->h.ts;
	p->notice_tells = ev->status_told;
	p->notice_status = ev->wait_status;
	if (!p->pub.exited && !pw_process_all_exiting(p))
		return;
	p->pub.notified_at = ev->h.ts;
	if (!p->pub.exited && o->thread && o->thread->timeline.count) {
		pw_cpu_evict(&m->sched, ev->h.cpu, o->thread, ev->h.ts);
		o->thread->ran_to_end = pw_timeline_tail(&o->thread->timeline)->state == PW_RUNNING;
	}
	pw_process_ended(p, ev->h.ts);
}

int pw_feed_signal(struct pw_model *m, const struct pw_signal *ev)
{
	struct process_table *table = &m->processes;
	int err = pw_array_reserve(&table->signals, &table->signals_room, table->n_signals + 1,
				   sizeof(*table->signals));

	if (err)
		return err;
	table->signals[table->n_signals++] = (struct pw_signal_record){.at = ev->h.ts,
								       .from_tid = ev->h.tid,
								       .from_pid = ev->from_tgid,
								       .to_pid = ev->to_tgid,
								       .sig = ev->sig,
								       .code = ev->code,
								       .result = ev->result};
	if (ev->exit_notice == 1)
		feed_notice(m, ev);
	return 0;
}
