/* SPDX-License-Identifier: GPL-2.0-only */
/* Orphans, reported one by one by the kernel function that gives them a new parent. */
#include "orphan.bpf.h"

#include <bpf/bpf_tracing.h>

#include "watch.bpf.h"

/*
 * Called once per orphaned process, under tasklist_lock, with the new parent already set
 * (reparent_leader, kernel/exit.c): exact.
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
