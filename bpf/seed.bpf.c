/* SPDX-License-Identifier: GPL-2.0-only */
/* Seeding: passes over all tasks, and processes that move into a selected cgroup. */
#include "seed.bpf.h"

#include <bpf/bpf_tracing.h>

/*
 * One pass over all tasks, in order of their PIDs. It may visit a child before its parent
 * is watched, so user space makes passes until one finds no new task. It may visit a
 * thread before its leader; the leader is sent first all the same, for a process begins
 * with its leader.
 */
SEC("iter/task")
int seed_pass(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	__u32 tid, tgid;

	if (!t)
		return 0;
	tid = BPF_CORE_READ(t, pid);
	tgid = BPF_CORE_READ(t, tgid);
	if (is_seeded(tid) || (!is_watched(tid) && !is_selected(t, tid, tgid)))
		return 0;
	if (tid != tgid && !is_seeded(tgid))
		send_seed(BPF_CORE_READ(t, group_leader), tgid);
	send_seed(t, tid);
	return 0;
}

/* A process moved into another cgroup. */
SEC("?tp_btf/cgroup_attach_task")
int BPF_PROG(on_cgroup_attach, struct cgroup *to, const char *path, struct task_struct *leader)
{
	if (!is_watched(leader->pid))
		seed_if_matches(leader);
	return 0;
}
