/* SPDX-License-Identifier: GPL-2.0-only */
/* The BIRTH record's fields that a new task and a seeded one fill alike. */
#ifndef PW_BPF_BIRTH_H
#define PW_BPF_BIRTH_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "shared/event.h"
#include "task.bpf.h"

/* The PID of a task's process in that process's own namespace. */
static __always_inline __u32 ns_pid_of(struct task_struct *t)
{
	struct pid *pid = BPF_CORE_READ(t, group_leader, thread_pid);

	return pid ? innermost_pid(pid) : 0;
}

static __always_inline void fill_birth(struct pw_birth *e, struct task_struct *t)
{
	struct task_struct *parent = BPF_CORE_READ(t, real_parent);

	e->tgid = BPF_CORE_READ(t, tgid);
	e->parent_tid = BPF_CORE_READ(parent, pid);
	e->parent_tgid = BPF_CORE_READ(parent, tgid);
	e->parent_start = BPF_CORE_READ(parent, group_leader, start_time);
	e->uid = BPF_CORE_READ(t, cred, uid.val);
	e->ns_pid = ns_pid_of(t);
	e->cgroup_id = BPF_CORE_READ(t, cgroups, dfl_cgrp, kn, id);
	e->exit_signal = BPF_CORE_READ(t, exit_signal);
	BPF_CORE_READ_STR_INTO(&e->comm, t, comm);
	BPF_CORE_READ_STR_INTO(&e->parent_comm, parent, group_leader, comm);
}

#endif
