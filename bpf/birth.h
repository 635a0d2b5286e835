/* SPDX-License-Identifier: GPL-2.0-only */
/* Birth and name: fork, exec, rename. */
#ifndef PW_BIRTH_H
#define PW_BIRTH_H

/* The number a process has in its own PID namespace. */
static __always_inline __u32 innermost_pid(struct task_struct *t)
{
	struct pid *pid = BPF_CORE_READ(t, group_leader, thread_pid);

	return pid ? innermost_number(pid) : 0;
}

static __always_inline void fill_birth(struct pw_birth *e, struct task_struct *t)
{
	struct task_struct *parent = BPF_CORE_READ(t, real_parent);

	e->tgid = BPF_CORE_READ(t, tgid);
	e->parent_tid = BPF_CORE_READ(parent, pid);
	e->parent_tgid = BPF_CORE_READ(parent, tgid);
	e->parent_start = BPF_CORE_READ(parent, group_leader, start_time);
	e->uid = BPF_CORE_READ(t, cred, uid.val);
	e->ns_pid = innermost_pid(t);
	e->cgroup_id = BPF_CORE_READ(t, cgroups, dfl_cgrp, kn, id);
	e->exit_signal = BPF_CORE_READ(t, exit_signal);
	BPF_CORE_READ_STR_INTO(&e->comm, t, comm);
	BPF_CORE_READ_STR_INTO(&e->parent_comm, parent, group_leader, comm);
}

/* The kernel's account of a task that is new; that of one which is not is in seed.h. */
static __always_inline void fill_new(struct pw_birth *e)
{
	e->state = e->exit_state = e->exit_code = e->on_cpu = 0;
	e->runtime = e->nvcsw = e->nivcsw = 0;
}

/*
 * The new task is complete and has not run. Unlike sched_process_fork this hook
 * sees io_uring workers too, and on 7.x no run of it is skipped: it is raised
 * with interrupts off.
 */
SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_birth, struct task_struct *t)
{
	struct pw_birth *e;

	if (!adopt_into_watch(t, current_tid()))
		return 0;
	e = reserve(sizeof(*e), PW_EV_BIRTH, t->pid, t->start_time);
	if (!e)
		return 0;
	fill_birth(e, t);
	fill_new(e);
	submit(e);
	return 0;
}

#include "seed.h"

/*
 * argv is read from the new memory, where exec has just written it: reading the
 * caller's pages at the system call's entry misses what is not yet faulted in.
 */
static __always_inline __u32 read_argv(struct pw_exec *e, struct task_struct *t)
{
	unsigned long from = BPF_CORE_READ(t, mm, arg_start), to = BPF_CORE_READ(t, mm, arg_end);
	__u64 length = to - from;

	if (length > PW_ARGV_LEN - 1) {
		length = PW_ARGV_LEN - 1;
		e->h.flags |= PW_TRUNCATED;
	}
	/* The verifier of 5.10 wants to see the bound on the very register it checks. */
	asm volatile("" : "+r"(length));
	if (length > PW_ARGV_LEN - 1)
		return 0;
	return bpf_probe_read_user(e->argv, length, (void *)from) ? 0 : length;
}

static __always_inline int exec_event(struct task_struct *t, __u32 old_tid, const void *filename)
{
	__u32 zero = 0, length;
	struct pw_exec *e = bpf_map_lookup_elem(&exec_scratch, &zero);

	if (!e)
		return 0;
	e->h.start = BPF_CORE_READ(t, start_time);
	e->h.tid = BPF_CORE_READ(t, pid);
	e->h.cpu = bpf_get_smp_processor_id();
	e->h.kind = PW_EV_EXEC;
	e->h.flags = 0;
	e->old_tid = old_tid;
	BPF_CORE_READ_STR_INTO(&e->comm, t, comm);
	bpf_probe_read_kernel_str(e->exe, sizeof(e->exe), filename);
	e->argv_len = length = read_argv(e, t);
	e->h.ts = bpf_ktime_get_ns();
	if (length > PW_ARGV_LEN)
		return 0;
	if (bpf_ringbuf_output(&ring, e, offsetof(struct pw_exec, argv) + length, wake_flags(e->h.ts)))
		count_loss();
	return 0;
}

/* The classic form runs with preemption off on every kernel; tp_btf on 7.x can be skipped. */
SEC("?tp/sched/sched_process_exec")
int on_exec(struct trace_event_raw_sched_process_exec *ctx)
{
	if (!is_watched(ctx->pid) && !joins(current_task()))
		return 0;
	return exec_event(current_task(), ctx->old_pid, (void *)ctx + (ctx->__data_loc_filename & 0xffff));
}

SEC("?tp_btf/sched_process_exec")
int BPF_PROG(on_exec_btf, struct task_struct *t, pid_t old_pid, struct linux_binprm *bprm)
{
	if (!is_watched(t->pid) && !joins(t))
		return 0;
	return exec_event(t, old_pid, bprm->filename);
}

SEC("tp_btf/task_rename")
int BPF_PROG(on_rename, struct task_struct *t, const char *comm)
{
	struct pw_rename *e;

	if (!is_watched(t->pid))
		return only_names && joins_as(t, comm);
	e = reserve(sizeof(*e), PW_EV_RENAME, t->pid, t->start_time);
	if (!e)
		return 0;
	bpf_probe_read_kernel_str(e->comm, sizeof(e->comm), comm);
	submit(e);
	return 0;
}

#endif
