/* SPDX-License-Identifier: GPL-2.0-only */
#include "model/identity.h"

/* ---- a new leader */

static void put_first(struct process *p, struct thread *t)
{
	struct pw_thread **link = &p->pub.threads;

	while (*link != &t->pub)
		link = &(*link)->next;
	*link = t->pub.next;
	t->pub.next = p->pub.threads;
	p->pub.threads = &t->pub;
	p->last_thread = t;
	while (next_thread(p->last_thread))
		p->last_thread = next_thread(p->last_thread);
}

/* The old leader gets the tid of the new one. */
static int demote(struct thread *old, uint32_t tid, uint64_t start, uint64_t ts)
{
	struct process *p = process_of(old);

	if (old->dead && !old->timeline.closed) { /* it was not waiting for its threads after all */
		pw_timeline_close(&old->timeline, pw_timeline_tail(&old->timeline)->from);
		old->pub.exit = old->pub.end;
	}
	return pw_index_add(&p->table->index, tid, start, ts, old, p);
}

int pw_leader_replace(struct thread *t, uint64_t ts)
{
	struct process *p = process_of(t);
	struct index *ix = &p->table->index;
	struct thread *old = pw_process_leader(p);
	struct owner *o = pw_index_find(ix, t->pub.tid, t->pub.start);
	uint32_t tid = t->pub.tid;
	uint64_t start = p->pub.start; /* that of the first leader, however many have followed */
	int err;

	if (o)
		o->to = ts;
	err = old ? demote(old, tid, start, ts) : 0;
	if (err)
		return err;
	err = pw_index_add(ix, p->pub.pid, start, ts, t, p);
	if (err)
		return err;
	t->pub.tid = p->pub.pid;
	put_first(p, t);
	p->leader_replaced = true;
	p->leader_early = false;
	err = pw_process_rename(p, ts, t->pub.comm);
	if (err)
		return err;
	for (struct process *c = p->first_child; c; c = c->next_sibling)
		if (c->parent_tid == tid)
			c->parent_tid = p->pub.pid;
	return 0;
}

/* ---- whose event it is */

/* The one thread that has not entered do_exit; NULL: none, or several. */
static struct thread *sole_survivor(const struct process *p)
{
	struct thread *found = NULL;

	for (struct thread *t = first_thread(&p->pub); t; t = next_thread(t)) {
		if (t->dead || t->exiting)
			continue;
		if (found)
			return NULL;
		found = t;
	}
	return found;
}

/* The thread that runs on the event's CPU, if it can have replaced this leader by doing the act. */
static struct thread *candidate_here(const struct sched *sched, const struct pw_event *h,
				     const struct thread *leader, enum act act)
{
	struct thread *here = h->cpu < sched->n_cpus ? sched->cpus[h->cpu].running : NULL;

	if (act != ACT_SWITCH_OUT && act != ACT_LAST_SWITCH && act != ACT_EXIT)
		return NULL;
	if (!here || here == leader || here->group != leader->group || here->exiting)
		return NULL;
	return here;
}

/*
 * The thread that has replaced a leader, which has entered do_exit; NULL: the event
 * is the leader's own. As long as the leader is still exiting, only a thread that
 * runs here can be its successor, and at a switch-out the accounts must agree. A
 * wake-up or a rename may come from any task, and a switch-in proves nothing.
 */
static struct thread *successor_of(const struct sched *sched, const struct pw_event *h,
				   const struct thread *leader, enum act act)
{
	struct thread *here = candidate_here(sched, h, leader, act);

	if (leader->dead)
		return here ? here : sole_survivor(process_of(leader));
	if (!here)
		return NULL;
	if (act == ACT_EXIT)
		return here;
	if (act == ACT_SWITCH_OUT && pw_account_continues(here, (const struct pw_switch *)h))
		return here;
	return NULL;
}

/* The old leader, whose last event already carries the tid of its successor; NULL: it is not that. */
static struct thread *leader_under_new_tid(const struct process_table *table, uint32_t tid, uint64_t start,
					   struct thread **successor)
{
	struct owner *o = pw_index_newest(&table->index, tid);
	struct thread *leader;

	if (!o || !o->thread)
		return NULL;
	leader = pw_process_leader(o->process);
	if (!leader || leader == o->thread || !leader->exiting || o->process->pub.start != start)
		return NULL;
	*successor = o->thread;
	return leader;
}

int pw_identify(struct process_table *table, const struct pw_event *h, uint32_t tid, uint64_t start,
		enum act act, struct thread **out)
{
	struct thread *t, *successor = NULL;
	struct owner *o;

	o = pw_index_newest(&table->index, tid);
	if (o && !o->start)
		pw_process_leader_named(table, tid, start);
	while (o && o->start != start)
		o = pw_index_older(&table->index, o);
	t = o ? o->thread : NULL;
	if (!t) {
		*out = leader_under_new_tid(table, tid, start, &successor);
		if (!*out) {
			table->sched->counters->stats.unknown_tasks++;
			return 0;
		}
		return pw_leader_replace(successor, h->ts);
	}
	*out = t;
	if (!t->exiting || process_of(t)->pub.exited || tid != process_of(t)->pub.pid)
		return 0;
	successor = successor_of(table->sched, h, t, act);
	if (!successor)
		return 0;
	*out = successor;
	return pw_leader_replace(successor, h->ts);
}
