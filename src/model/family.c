// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parents and children. A child hangs on the thread that forked it; when that
 * thread ends, the kernel hands all its children to one new parent
 * (forget_original_parent, kernel/exit.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

int pw_parent_add(struct process *p, const struct pw_parent *parent)
{
	struct pw_parent *parents = realloc(p->pub.parents, (p->pub.n_parents + 1) * sizeof(*parents));

	if (!parents)
		return -ENOMEM;
	parents[p->pub.n_parents++] = *parent;
	p->pub.parents = parents;
	p->model->process_bytes += sizeof(*parent);
	return 0;
}

void pw_child_link(struct process *parent, struct process *child, uint32_t parent_tid)
{
	child->parent = parent;
	child->parent_tid = parent_tid;
	child->prev_sibling = NULL;
	child->next_sibling = parent->first_child;
	if (parent->first_child)
		parent->first_child->prev_sibling = child;
	parent->first_child = child;
}

void pw_child_unlink(struct process *child)
{
	if (!child->parent)
		return;
	if (child->prev_sibling)
		child->prev_sibling->next_sibling = child->next_sibling;
	else
		child->parent->first_child = child->next_sibling;
	if (child->next_sibling)
		child->next_sibling->prev_sibling = child->prev_sibling;
	child->parent = NULL;
	child->prev_sibling = child->next_sibling = NULL;
}

static enum pw_adopter adopter_of(const struct pw_reparent *ev)
{
	if (ev->ns_init)
		return PW_ADOPTER_INIT;
	return ev->subreaper ? PW_ADOPTER_SUBREAPER : PW_ADOPTER_NONE;
}

static int move_child(struct pw_model *m, struct process *child, const struct pw_reparent *ev)
{
	struct pw_parent *last = &child->pub.parents[child->pub.n_parents - 1];
	struct pw_parent to = {.from = ev->h.ts,
			       .pid = ev->new_tgid,
			       .start = ev->new_start,
			       .why = PW_BY_REPARENT,
			       .adopter = adopter_of(ev)};
	struct process *adopter;
	int r = 0;

	if (ev->new_tgid == ev->tgid) { /* another thread of the parent: nobody outside can tell */
		child->parent_tid = ev->new_tid;
		return 0;
	}
	pw_copy_comm(to.comm, ev->comm);
	if (last->bounded && last->why == PW_BY_REPARENT && last->pid == ev->new_tgid) {
		to.from = last->from; /* the child's own exit told it first */
		*last = to;
	} else {
		r = pw_parent_add(child, &to);
	}
	adopter = pw_process_find(m, ev->new_tgid, ev->new_start);
	pw_child_unlink(child);
	if (adopter && adopter != child)
		pw_child_link(adopter, child, ev->new_tid);
	return r;
}

int pw_feed_reparent(struct pw_model *m, const struct pw_reparent *ev)
{
	struct owner *o = pw_index_find(&m->index, ev->h.tid, ev->h.start);
	struct process *next;
	int r = 0;

	if (!o) {
		m->stats.strangers++;
		return 0;
	}
	for (struct process *c = o->process->first_child; c && !r; c = next) {
		next = c->next_sibling;
		if (c->parent_tid == ev->h.tid && (!ev->child || ev->child == c->pub.pid))
			r = move_child(m, c, ev);
	}
	return r;
}

/* The parent at a process's exit: if the books have another, a move was missed. */
int pw_parent_seen(struct process *p, uint32_t parent_tgid, uint64_t ts)
{
	const struct pw_parent *last = &p->pub.parents[p->pub.n_parents - 1];
	struct pw_parent to = {.from = ts, .pid = parent_tgid, .why = PW_BY_REPARENT, .bounded = true};
	const struct owner *o;

	if (!parent_tgid || last->pid == parent_tgid)
		return 0;
	o = pw_index_newest(&p->model->index, parent_tgid);
	to.adopter = parent_tgid == 1 || (o && o->process->pub.ns_pid == 1) ? PW_ADOPTER_INIT
									    : PW_ADOPTER_NONE;
	if (o && o->process->pub.pid == parent_tgid && !o->process->pub.exited) {
		to.start = o->process->pub.start;
		memcpy(to.comm, o->process->pub.comm, sizeof(to.comm));
	}
	/* It stays in its old parent's list: the record of the move itself may still come. */
	return pw_parent_add(p, &to);
}
