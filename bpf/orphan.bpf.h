/* SPDX-License-Identifier: GPL-2.0-only */
/* The children of a dying task, and their new parent. */
#ifndef PW_BPF_ORPHAN_H
#define PW_BPF_ORPHAN_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "config.bpf.h"
#include "emit.bpf.h"
#include "maps.bpf.h"
#include "task.bpf.h"

static __always_inline void remember_child(struct orphans *o, int i, struct list_head *link)
{
	struct task_struct *child = (void *)link - bpf_core_field_offset(struct task_struct, sibling);

	o->child[i] = (__u64)child;
	o->start[i] = BPF_CORE_READ(child, start_time);
	o->pid[i] = BPF_CORE_READ(child, pid);
}

/*
 * exit_notify gives all children of a dying thread to one new parent. Which one it is shows
 * afterwards in a child: the first, or the last if another thread of the group has reaped
 * the first meanwhile.
 */
static __always_inline void remember_children(struct task_struct *t)
{
	struct list_head *head = (void *)t + bpf_core_field_offset(struct task_struct, children);
	struct list_head *first = BPF_CORE_READ(head, next), *last = BPF_CORE_READ(head, prev);
	__u32 tid = BPF_CORE_READ(t, pid);
	struct orphans o = {};

	if (first == head || !first)
		return;
	remember_child(&o, 0, first);
	remember_child(&o, 1, last);
	bpf_map_update_elem(&dying_parents, &tid, &o, BPF_ANY);
}

/* The present parent of a child remembered at its parent's exit; NULL if the child is gone. */
static __always_inline struct task_struct *parent_now(struct orphans *o, int i)
{
	struct task_struct *child = (struct task_struct *)o->child[i];

	if (!child || BPF_CORE_READ(child, start_time) != o->start[i] ||
	    (__u32)BPF_CORE_READ(child, pid) != o->pid[i] || BPF_CORE_READ(child, exit_state) == EXIT_DEAD)
		return NULL;
	return BPF_CORE_READ(child, real_parent);
}

static __always_inline bool is_ns_init(struct task_struct *t)
{
	struct pid *pid = BPF_CORE_READ(t, group_leader, thread_pid);

	return pid && innermost_pid(pid) == 1;
}

static __always_inline void send_reparent(__u32 tid, __u64 start, __u32 tgid, struct task_struct *to,
					  __u32 child)
{
	struct signal_struct *signal = BPF_CORE_READ(to, signal);
	struct pw_reparent *e = reserve(sizeof(*e), PW_EV_REPARENT, tid, start);

	if (!e)
		return;
	e->tgid = tgid;
	e->new_tid = BPF_CORE_READ(to, pid);
	e->new_tgid = BPF_CORE_READ(to, tgid);
	e->new_start = BPF_CORE_READ(to, group_leader, start_time);
	e->child = child;
	e->ns_init = is_ns_init(to);
	e->subreaper = BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper);
	BPF_CORE_READ_STR_INTO(&e->comm, to, group_leader, comm);
	submit(e);
}

/* To be called once the children have their new parent: at the exit signal and at the last switch. */
static __always_inline void send_new_parent(__u32 tid, __u64 start, __u32 tgid)
{
	struct orphans *o;
	struct task_struct *to;

	if (!walk_children)
		return;
	o = bpf_map_lookup_elem(&dying_parents, &tid);
	if (!o)
		return;
	to = parent_now(o, 0);
	if (!to)
		to = parent_now(o, 1);
	if (to && (__u32)BPF_CORE_READ(to, pid) != tid)
		send_reparent(tid, start, tgid, to, 0);
	bpf_map_delete_elem(&dying_parents, &tid);
}

#endif
