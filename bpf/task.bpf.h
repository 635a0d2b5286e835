/* SPDX-License-Identifier: GPL-2.0-only */
/* Questions about tasks that every kernel answers alike. */
#ifndef PW_BPF_TASK_H
#define PW_BPF_TASK_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "compat.bpf.h"

static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

static __always_inline __u32 current_tid(void)
{
	return (__u32)bpf_get_current_pid_tgid();
}

static __always_inline __u32 current_tgid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

static __always_inline __u32 pid_at(struct pid *pid, __u32 level)
{
	struct upid *upid = upid_at(pid, level);

	return BPF_CORE_READ(upid, nr);
}

/* The PID in the process's own, innermost namespace. */
static __always_inline __u32 innermost_pid(struct pid *pid)
{
	__u32 level = BPF_CORE_READ(pid, level);

	return pid_at(pid, level);
}

/* Whether no thread of the group lives any more: live is decremented before every hook of an exit (5.10 to 7.3). */
static __always_inline bool group_is_dead(struct task_struct *t)
{
	return BPF_CORE_READ(t, signal, live.counter) == 0;
}

/* What wait() reports once the whole group has ended (wait_task_zombie, kernel/exit.c). */
static __always_inline __u32 group_wait_status(struct task_struct *t)
{
	if (BPF_CORE_READ(t, signal, flags) & SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(t, signal, group_exit_code);
	return BPF_CORE_READ(t, group_leader, exit_code);
}

#endif
