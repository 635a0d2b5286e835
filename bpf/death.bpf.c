/* SPDX-License-Identifier: GPL-2.0-only */
/* Death: a task enters do_exit. */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "emit.bpf.h"
#include "orphan.bpf.h"
#include "seed.bpf.h"
#include "task.bpf.h"
#include "watch.bpf.h"
#include "zombie.bpf.h"

/* Whether the kernel will reap for the parent: 1 if it ignores SIGCHLD, 2 if it set SA_NOCLDWAIT. */
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

	if (!is_watched(tid) && !seed_at_exit(t, tid))
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

/* The classic form runs with preemption off on every kernel; 7.x can skip tp_btf. */
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
