/* SPDX-License-Identifier: GPL-2.0-only */
/* Death: exit, the notice to the parent, and where the children went. */
#ifndef PW_DEATH_H
#define PW_DEATH_H

/* ---- children of the dying */

static __always_inline void remember_child(struct orphans *o, int i, struct list_head *link)
{
	struct task_struct *child = (void *)link - bpf_core_field_offset(struct task_struct, sibling);

	o->child[i] = (__u64)child;
	o->start[i] = BPF_CORE_READ(child, start_time);
	o->pid[i] = BPF_CORE_READ(child, pid);
}

/*
 * exit_notify hands all children of a dying thread to one new parent. Which one
 * is seen afterwards by looking at a child again: the first, or the last if the
 * first was reaped meanwhile by another thread of the group.
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

/* The present parent of a child remembered at its parent's exit; NULL if it is gone. */
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

	return pid && innermost_number(pid) == 1;
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

/* Called when the children have been handed over: at the notice and at the last switch. */
static __always_inline void tell_orphans(__u32 tid, __u64 start, __u32 tgid)
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

/*
 * With the process-level orphan in hand and its new parent already set, under
 * tasklist_lock: exact, and once per orphan (reparent_leader, kernel/exit.c).
 */
static __always_inline int orphaned(struct task_struct *child, struct task_struct *father)
{
	if (!father || !is_watched(BPF_CORE_READ(child, pid)))
		return 0;
	send_reparent(BPF_CORE_READ(father, pid), BPF_CORE_READ(father, start_time),
		      BPF_CORE_READ(father, tgid), BPF_CORE_READ(child, real_parent),
		      BPF_CORE_READ(child, pid));
	return 0;
}

SEC("?fentry/kill_orphaned_pgrp")
int BPF_PROG(on_orphan_fentry, struct task_struct *child, struct task_struct *father)
{
	return orphaned(child, father);
}

SEC("?kprobe/kill_orphaned_pgrp")
int BPF_KPROBE(on_orphan_kprobe, struct task_struct *child, struct task_struct *father)
{
	return orphaned(child, father);
}

/* ---- exit */

static __always_inline void put_zombie(struct pid *pid, __u32 level, const struct zombie *z)
{
	struct upid *upid = upid_at(pid, level);
	struct zombie_key key = {.pid_ns = (__u64)BPF_CORE_READ(upid, ns), .nr = BPF_CORE_READ(upid, nr)};

	bpf_map_update_elem(&zombies, &key, z, BPF_ANY);
}

/* A waiter is in the zombie's own PID namespace or, for a namespace's init, one above. */
static __always_inline void remember_numbers(struct task_struct *leader, const struct zombie *z)
{
	struct pid *pid = BPF_CORE_READ(leader, thread_pid);
	__u32 level;

	if (!pid)
		return;
	level = BPF_CORE_READ(pid, level);
	put_zombie(pid, level, z);
	if (level)
		put_zombie(pid, level - 1, z);
}

/* Of a thread group that is dead: what its reap will be known by. */
static __always_inline void remember_zombie(struct task_struct *t)
{
	struct task_struct *leader = BPF_CORE_READ(t, group_leader);
	struct zombie z = {.task = (__u64)leader, .start = BPF_CORE_READ(leader, start_time)};
	__u64 sighand = (__u64)BPF_CORE_READ(leader, sighand);

	z.pid = BPF_CORE_READ(leader, pid);
	if (track_waits)
		remember_numbers(leader, &z);
	if (track_sighands && sighand)
		bpf_map_update_elem(&zombie_sighands, &sighand, &z, BPF_ANY);
}

/* Whether the parent will let the kernel reap: 1 it ignores SIGCHLD, 2 it said SA_NOCLDWAIT. */
static __always_inline __u8 parent_autoreaps(struct task_struct *parent, int exit_signal)
{
	struct sighand_struct *sighand = BPF_CORE_READ(parent, sighand);

	if (exit_signal != SIGCHLD || !sighand)
		return 0;
	if ((__u64)BPF_CORE_READ(sighand, action[SIGCHLD - 1].sa.sa_handler) == SIG_IGN)
		return 1;
	return BPF_CORE_READ(sighand, action[SIGCHLD - 1].sa.sa_flags) & SA_NOCLDWAIT ? 2 : 0;
}

static __always_inline void fill_exit(struct pw_exit *e, struct task_struct *t)
{
	struct task_struct *leader = BPF_CORE_READ(t, group_leader);
	struct task_struct *parent = BPF_CORE_READ(leader, real_parent);

	e->tgid = BPF_CORE_READ(t, tgid);
	e->parent_tgid = BPF_CORE_READ(parent, tgid);
	e->wait_status = group_wait_status(t);
	e->exit_signal = BPF_CORE_READ(leader, exit_signal);
	e->autoreap = parent_autoreaps(parent, e->exit_signal);
	e->runtime = BPF_CORE_READ(t, se.sum_exec_runtime);
	e->nvcsw = BPF_CORE_READ(t, nvcsw);
	e->nivcsw = BPF_CORE_READ(t, nivcsw);
	BPF_CORE_READ_STR_INTO(&e->comm, t, comm);
}

static __always_inline int exit_event(struct task_struct *t)
{
	__u32 tid = BPF_CORE_READ(t, pid);
	bool group_dead = group_is_dead(t);
	struct pw_exit *e;

	if (!is_watched(tid) && !is_told_at_its_end(t, tid))
		return 0;
	if (walk_children)
		remember_children(t);
	if (group_dead)
		remember_zombie(t);
	e = reserve(sizeof(*e), PW_EV_EXIT, tid, BPF_CORE_READ(t, start_time));
	if (!e)
		return 0;
	fill_exit(e, t);
	if (group_dead)
		e->h.flags |= PW_GROUP_DEAD;
	submit(e);
	return 0;
}

/* The classic form runs with preemption off on every kernel; tp_btf on 7.x can be skipped. */
SEC("?tp/sched/sched_process_exit")
int on_exit(void *ctx)
{
	return exit_event(current_task());
}

SEC("?tp_btf/sched_process_exit")
int BPF_PROG(on_exit_btf, struct task_struct *t)
{
	return exit_event(t);
}

/* ---- signals, and the notice that a process is waitable */

/* The number that the current process has in another task's PID namespace. */
static __always_inline __u32 my_pid_for(struct task_struct *other)
{
	struct pid *mine = BPF_CORE_READ(current_task(), group_leader, thread_pid);
	struct pid *theirs = BPF_CORE_READ(other, thread_pid);
	__u32 level = theirs ? BPF_CORE_READ(theirs, level) : 0;

	if (!mine || level > BPF_CORE_READ(mine, level))
		return 0;
	return number_at(mine, level);
}

/*
 * do_notify_parent of the sender's own group: raised by the last thread to go, in
 * exit_notify or when it releases itself, with tasklist_lock held. A dying parent
 * also sends such notices for its zombie children, to their new parent: there the
 * pid is another.
 */
static __always_inline bool is_exit_notice(struct pw_signal *e, struct task_struct *to)
{
	struct task_struct *t = current_task();

	return e->code >= 1 && e->code <= 3 && (BPF_CORE_READ(t, flags) & PF_EXITING) && group_is_dead(t) &&
	       e->info_pid == my_pid_for(to) && e->sig == BPF_CORE_READ(t, group_leader, exit_signal);
}

SEC("tp_btf/signal_generate")
int BPF_PROG(on_signal, int sig, struct kernel_siginfo *info, struct task_struct *to, int group, int result)
{
	__u32 tid = current_tid();
	struct task_struct *t;
	struct pw_signal *e;

	if (!is_watched(tid) && !is_watched(to->pid))
		return 0;
	t = current_task();
	if (BPF_CORE_READ(t, flags) & PF_EXITING)
		tell_orphans(tid, BPF_CORE_READ(t, start_time), current_tgid());
	e = reserve(sizeof(*e), PW_EV_SIGNAL, tid, BPF_CORE_READ(t, start_time));
	if (!e)
		return 0;
	e->from_tgid = current_tgid();
	e->to_tid = to->pid;
	e->to_tgid = to->tgid;
	e->to_start = BPF_CORE_READ(to, group_leader, start_time);
	e->sig = sig;
	e->result = result;
	e->code = 0;
	e->info_pid = 0;
	if ((__u64)info > 2) { /* not SEND_SIG_NOINFO or SEND_SIG_PRIV; may be NULL on 6.13 and later */
		e->code = BPF_CORE_READ(info, si_code);
		e->info_pid = BPF_CORE_READ(info, _sifields._kill._pid);
	}
	e->exit_notice = e->status_told = is_exit_notice(e, to);
	e->wait_status = e->exit_notice ? group_wait_status(t) : 0;
	submit(e);
	return 0;
}

#endif
