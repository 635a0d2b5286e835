/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals, among them the one that tells a parent that its child is waitable. */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "emit.bpf.h"
#include "orphan.bpf.h"
#include "task.bpf.h"
#include "watch.bpf.h"

/* The PID of the current process in another task's PID namespace. */
static __always_inline __u32 current_pid_for(struct task_struct *other)
{
	struct pid *own = BPF_CORE_READ(current_task(), group_leader, thread_pid);
	struct pid *others = BPF_CORE_READ(other, thread_pid);
	__u32 level = others ? BPF_CORE_READ(others, level) : 0;

	if (!own || level > BPF_CORE_READ(own, level))
		return 0;
	return pid_at(own, level);
}

/*
 * Whether the signal is do_notify_parent's, for the sender's own thread group. The last
 * thread to end raises it, in exit_notify or when it releases itself, with tasklist_lock
 * held. A dying parent sends the same signals for its zombie children to their new parent;
 * those carry another PID.
 */
static __always_inline bool is_exit_notice(struct pw_signal *e, struct task_struct *to)
{
	struct task_struct *t = current_task();

	return e->code >= 1 && e->code <= 3 && (BPF_CORE_READ(t, flags) & PF_EXITING) && group_is_dead(t) &&
	       e->info_pid == current_pid_for(to) && e->sig == BPF_CORE_READ(t, group_leader, exit_signal);
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
		send_new_parent(tid, BPF_CORE_READ(t, start_time), current_tgid());
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
