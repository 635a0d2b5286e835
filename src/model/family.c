/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parents and children. The kernel links a child to the thread that forked it;
 * when that thread ends, all its children move to one new parent
 * (forget_original_parent, kernel/exit.c).
 */
#include <errno.h>
#include <stdlib.h>

#include "model/processes.h"

int pw_parent_add(struct process *p, const struct pw_parent *parent)
{
	struct pw_parent *parents = realloc(p->pub.parents, (p->pub.n_parents + 1) * sizeof(*parents));

	if (!parents)
		return -ENOMEM;
	parents[p->pub.n_parents++] = *parent;
	p->pub.parents = parents;
	p->table->bytes += sizeof(*parent);
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

void pw_image_inherit(struct process *child, struct process *parent)
{
	struct process *owner = parent->pub.n_execs ? parent : parent->image;

	if (!owner)
		return;
	child->image = owner;
	child->pub.image_of = &owner->pub;
	child->pub.image_index = parent->pub.n_execs ? parent->pub.n_execs - 1 : parent->pub.image_index;
	owner->image_users++;
}

void pw_image_release(struct process *child)
{
	if (child->image)
		child->image->image_users--;
	child->image = NULL;
	child->pub.image_of = NULL;
}
