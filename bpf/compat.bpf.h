/* SPDX-License-Identifier: GPL-2.0-only */
/* Every difference between kernels and machines, each in one place with its reason. */
#ifndef PW_BPF_COMPAT_H
#define PW_BPF_COMPAT_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "config.bpf.h"

/* Constants of the kernel's headers: BTF has none of them. */
#define TASK_DEAD	  0x80
#define TASK_BLOCKED	  0x3
#define EXIT_DEAD	  0x10
#define PF_EXITING	  0x4
#define PF_IO_WORKER	  0x10
#define PF_USER_WORKER	  0x4000 /* 6.4, 54e6842d0775 */
#define PF_KTHREAD	  0x200000
#define SIGNAL_GROUP_EXIT 0x4
#define SIGCHLD		  17
#define SA_NOCLDWAIT	  0x2
#define SIG_IGN		  1

/* ---- the state of a task */

/* state became __state in 5.14 (2f064a59a11f). */
struct task_struct___5_13 {
	volatile long state;
} __attribute__((preserve_access_index));

static __always_inline __u32 task_state(struct task_struct *t)
{
	struct task_struct___5_13 *old = (void *)t;

	if (bpf_core_field_exists(t->__state))
		return t->__state;
	return old->state;
}

/* The same through a pointer whose type the verifier does not know. */
static __always_inline __u32 task_state_probed(struct task_struct *t)
{
	struct task_struct___5_13 *old = (void *)t;

	if (bpf_core_field_exists(t->__state))
		return BPF_CORE_READ(t, __state);
	return BPF_CORE_READ(old, state);
}

/*
 * sched_switch passes prev_state since 5.18 (fa2c3254d7cf), and as its last argument
 * since 9c2136be0878. Earlier kernels do not, so it is read from the task. From 5.18 to
 * 6.x the argument is stale where a pending signal made the task runnable again; the
 * state in task_struct is then 0.
 */
static __always_inline __u32 switch_prev_state(__u64 *ctx, struct task_struct *prev)
{
	if (switch_state_arg == 3) {
		__u32 state = ctx[3];

		return state && !task_state(prev) ? 0 : state;
	}
	return task_state(prev);
}

/*
 * on_cpu is an int until 7.2 and a byte since 7.3. Its first byte serves both, since both
 * machines are little-endian.
 */
static __always_inline __u8 task_on_cpu(struct task_struct *t)
{
	__u8 on_cpu = 0;

	bpf_probe_read_kernel(&on_cpu, sizeof(on_cpu), (void *)t + bpf_core_field_offset(t->on_cpu));
	return on_cpu;
}

/* ---- when a task became ready, and who woke it */

/*
 * Whether the kernel records when a task was put on a run queue (CONFIG_SCHED_INFO), by a
 * clock that the task leads to (CONFIG_FAIR_GROUP_SCHED). Every distribution's kernel does.
 */
static __always_inline bool kernel_records_enqueueing(void)
{
	return bpf_core_field_exists(((struct task_struct *)0)->sched_info.last_queued) &&
	       bpf_core_field_exists(((struct task_struct *)0)->se.cfs_rq);
}

/*
 * Whether the code that is now waking a task runs in an interrupt, so that the current
 * task is only the one that was interrupted. No helper tells.
 */
#if defined(__TARGET_ARCH_arm64)
/* arm64 keeps preempt_count in the task: that of the current task counts. */
static __always_inline bool in_interrupt(void)
{
	struct task_struct *t = (struct task_struct *)bpf_get_current_task();

	return (__u32)BPF_CORE_READ(t, thread_info.preempt.count) & interrupt_bits;
}
#else
/*
 * x86-64 keeps preempt_count in a per-CPU variable (inside pcpu_hot from 6.2 to 6.13). A
 * typed ksym finds that only with CONFIG_KALLSYMS_ALL. But the current task leads to the
 * run queue, which is another per-CPU variable, and user space knows the distance between
 * the two (src/capture/preempt.h). If the distance is unknown, only wake-ups from the idle
 * task count as interrupts.
 */
static __always_inline bool in_interrupt(void)
{
	__u32 count = 0;
	void *rq;

	if (!preempt_count_from_rq)
		return (__u32)bpf_get_current_pid_tgid() == 0;
	/* A typed pointer, which can be read directly, came in 5.11. */
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		rq = bpf_get_current_task_btf()->se.cfs_rq->rq;
	else
		rq = BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), se.cfs_rq, rq);
	bpf_probe_read_kernel(&count, sizeof(count), rq + preempt_count_from_rq);
	return count & interrupt_bits;
}
#endif

/* ---- system calls */

/*
 * The register that holds the number of the system call (negative: none), the register
 * that holds the third argument and still does at the return, and how to recognize a
 * 32-bit task, whose numbers are those of another table.
 */
#if defined(__TARGET_ARCH_arm64)
#define SYSCALL_FIELD syscallno
#define THIRD_FIELD   user_regs.regs[2]
#define IS_COMPAT(t)  ((t)->thread_info.flags & 1 << 22) /* TIF_32BIT */
#else
#define SYSCALL_FIELD orig_ax
#define THIRD_FIELD   dx
#define IS_COMPAT(t)  ((t)->thread_info.status & 2) /* TS_COMPAT */
#endif

/*
 * The registers with which a task entered the kernel. bpf_task_pt_regs exists since 5.15
 * (dd6e10fbd9fb). On earlier kernels they are read at the top of the task's stack: x86-64
 * and arm64 keep nothing above them.
 */
static __always_inline struct pt_regs *user_regs(struct task_struct *t)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		return (struct pt_regs *)bpf_task_pt_regs(t);
	return BPF_CORE_READ(t, stack) + kernel_stack_bytes - bpf_core_type_size(struct pt_regs);
}

/*
 * The system call a task sleeps in. -1: none (a page fault, a kernel thread), or unknown
 * (a 32-bit caller).
 */
static __always_inline __s16 sleeping_syscall(struct task_struct *t)
{
	if (t->flags & (PF_KTHREAD | PF_IO_WORKER | PF_USER_WORKER))
		return -1;
	if (IS_COMPAT(t))
		return -1;
	/* A typed pointer is read directly, which saves a sixth of the cost of a switch. */
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		return ((struct pt_regs *)bpf_task_pt_regs(t))->SYSCALL_FIELD;
	return BPF_CORE_READ(user_regs(t), SYSCALL_FIELD);
}

/* The third argument of the system call that the current task is returning from. */
static __always_inline unsigned long third_argument(void)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		return BPF_CORE_READ(user_regs(bpf_get_current_task_btf()), THIRD_FIELD);
	return BPF_CORE_READ(user_regs((struct task_struct *)bpf_get_current_task()), THIRD_FIELD);
}

/* ---- PIDs in namespaces */

/*
 * A pid has a number in each PID namespace it is visible in; level 0 is the initial
 * namespace. numbers[1] became a flexible array in 6.5 (b69f0aeb0689), so it is indexed by
 * hand.
 */
static __always_inline struct upid *upid_at(struct pid *pid, __u32 level)
{
	return (void *)pid + bpf_core_field_offset(struct pid, numbers) +
	       level * bpf_core_type_size(struct upid);
}

#endif
