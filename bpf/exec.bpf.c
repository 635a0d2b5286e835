/* SPDX-License-Identifier: GPL-2.0-only */
/* A process's program and name: exec and rename. */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "emit.bpf.h"
#include "seed.bpf.h"
#include "task.bpf.h"
#include "watch.bpf.h"

/* An EXEC record is too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pw_exec);
} exec_scratch SEC(".maps");

/*
 * Reads argv from the new memory, where exec has just written it. Reading the caller's
 * pages at the entry of the system call would miss those not yet faulted in.
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

/* The classic form runs with preemption off on every kernel; 7.x can skip tp_btf. */
SEC("?tp/sched/sched_process_exec")
int on_exec(struct trace_event_raw_sched_process_exec *ctx)
{
	if (!is_watched(ctx->pid) && !seed_if_matches(current_task()))
		return 0;
	return exec_event(current_task(), ctx->old_pid, (void *)ctx + (ctx->__data_loc_filename & 0xffff));
}

SEC("?tp_btf/sched_process_exec")
int BPF_PROG(on_exec_btf, struct task_struct *t, pid_t old_pid, struct linux_binprm *bprm)
{
	if (!is_watched(t->pid) && !seed_if_matches(t))
		return 0;
	return exec_event(t, old_pid, bprm->filename);
}

SEC("tp_btf/task_rename")
int BPF_PROG(on_rename, struct task_struct *t, const char *comm)
{
	struct pw_rename *e;

	if (!is_watched(t->pid))
		return only_names && seed_if_name_matches(t, comm);
	e = reserve(sizeof(*e), PW_EV_RENAME, t->pid, t->start_time);
	if (!e)
		return 0;
	bpf_probe_read_kernel_str(e->comm, sizeof(e->comm), comm);
	submit(e);
	return 0;
}
