/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes that have ended: what their reap will be recognized by. */
#ifndef PW_BPF_ZOMBIE_H
#define PW_BPF_ZOMBIE_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "compat.bpf.h"
#include "config.bpf.h"
#include "maps.bpf.h"

static __always_inline void remember_pid(struct pid *pid, __u32 level, const struct zombie *z)
{
	struct upid *upid = upid_at(pid, level);
	struct zombie_key key = {.pid_ns = (__u64)BPF_CORE_READ(upid, ns), .pid = BPF_CORE_READ(upid, nr)};

	bpf_map_update_elem(&zombies, &key, z, BPF_ANY);
}

/* A waiter is in the zombie's own PID namespace or, for a namespace's init, one above. */
static __always_inline void remember_pids(struct task_struct *leader, const struct zombie *z)
{
	struct pid *pid = BPF_CORE_READ(leader, thread_pid);
	__u32 level;

	if (!pid)
		return;
	level = BPF_CORE_READ(pid, level);
	remember_pid(pid, level, z);
	if (level)
		remember_pid(pid, level - 1, z);
}

/* Call it with any task of a thread group that is dead. */
static __always_inline void remember_zombie(struct task_struct *t)
{
	struct task_struct *leader = BPF_CORE_READ(t, group_leader);
	struct zombie z = {.task = (__u64)leader, .start = BPF_CORE_READ(leader, start_time)};
	__u64 sighand = (__u64)BPF_CORE_READ(leader, sighand);

	z.pid = BPF_CORE_READ(leader, pid);
	if (track_waits)
		remember_pids(leader, &z);
	if (track_sighands && sighand)
		bpf_map_update_elem(&zombie_sighands, &sighand, &z, BPF_ANY);
}

#endif
