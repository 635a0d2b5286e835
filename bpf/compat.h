/* SPDX-License-Identifier: GPL-2.0-only */
/* Every difference between kernels, each in one place with its reason. */
#ifndef PW_COMPAT_H
#define PW_COMPAT_H

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

/* The same from a pointer the verifier does not know the type of. */
static __always_inline __u32 task_state_probed(struct task_struct *t)
{
	struct task_struct___5_13 *old = (void *)t;

	if (bpf_core_field_exists(t->__state))
		return BPF_CORE_READ(t, __state);
	return BPF_CORE_READ(old, state);
}

/*
 * sched_switch passes prev_state from 5.18 on (fa2c3254d7cf), last among its
 * arguments since 9c2136be0878. Before, it must be read from the task. On 5.18
 * to 6.x the argument is stale where a pending signal made the task runnable
 * again; task_struct then says 0.
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
 * Whether a task's own account tells when it was put on a runqueue
 * (CONFIG_SCHED_INFO), by a clock that the task leads to (CONFIG_FAIR_GROUP_SCHED):
 * so on every distribution's kernel.
 */
static __always_inline bool enqueueing_is_told(void)
{
	return bpf_core_field_exists(((struct task_struct *)0)->sched_info.last_queued) &&
	       bpf_core_field_exists(((struct task_struct *)0)->se.cfs_rq);
}

/*
 * Whether the code that is now waking somebody runs in an interrupt, so that the
 * current task is only its victim. No helper tells. x86-64 keeps preempt_count in a
 * per-CPU variable (inside pcpu_hot from 6.2 to 6.13), which a typed ksym finds
 * only with CONFIG_KALLSYMS_ALL; but the distance from it to the runqueue, another
 * per-CPU variable that the current task leads to, is known to user space
 * (src/capture/preempt.h), and so are its bits. Where the distance is not, only
 * the idle task gives interrupts away.
 */
const volatile __u32 interrupt_bits = 0;

#if defined(__TARGET_ARCH_arm64)
/* arm64 keeps it in the task itself: preempt_count() is the current one's. */
static __always_inline bool in_interrupt(void)
{
	struct task_struct *t = (struct task_struct *)bpf_get_current_task();

	return (__u32)BPF_CORE_READ(t, thread_info.preempt.count) & interrupt_bits;
}
#else
static __always_inline bool in_interrupt(void)
{
	__u32 count = 0;
	void *rq;

	if (!preempt_count_from_rq)
		return (__u32)bpf_get_current_pid_tgid() == 0;
	/* A typed pointer, which is read directly, came in 5.11. */
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		rq = bpf_get_current_task_btf()->se.cfs_rq->rq;
	else
		rq = BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), se.cfs_rq, rq);
	bpf_probe_read_kernel(&count, sizeof(count), rq + preempt_count_from_rq);
	return count & interrupt_bits;
}
#endif

/*
 * Where a machine keeps what a task entered the kernel with: the number of the
 * system call, negative for none, and its third argument, which is still there at
 * its return; and how a task of 32 bits is known, whose numbers are another table's.
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
 * The registers with which a task entered the kernel. bpf_task_pt_regs is there
 * from 5.15 on (dd6e10fbd9fb); before, they lie at the top of its stack, with
 * nothing above them on x86-64 and arm64.
 */
static __always_inline struct pt_regs *user_regs(struct task_struct *t)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		return (struct pt_regs *)bpf_task_pt_regs(t);
	return BPF_CORE_READ(t, stack) + kernel_stack_bytes - bpf_core_type_size(struct pt_regs);
}

/*
 * The system call a task sleeps in; -1: none (a fault, a kernel thread) or not
 * known (a 32-bit caller).
 */
static __always_inline __s16 sleeping_syscall(struct task_struct *t)
{
	if (t->flags & (PF_KTHREAD | PF_IO_WORKER | PF_USER_WORKER))
		return -1;
	if (IS_COMPAT(t))
		return -1;
	/* A typed pointer is read directly: a sixth of the cost of a switch less. */
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

/*
 * One of the numbers of a pid: that in the namespace at a level, 0 being the
 * initial one. numbers[1] became a flexible array in 6.5 (b69f0aeb0689), so it is
 * indexed by hand.
 */
static __always_inline struct upid *upid_at(struct pid *pid, __u32 level)
{
	return (void *)pid + bpf_core_field_offset(struct pid, numbers) +
	       level * bpf_core_type_size(struct upid);
}

static __always_inline __u32 number_at(struct pid *pid, __u32 level)
{
	struct upid *upid = upid_at(pid, level);

	return BPF_CORE_READ(upid, nr);
}

/* The number in the pid's own, innermost namespace. */
static __always_inline __u32 innermost_number(struct pid *pid)
{
	__u32 level = BPF_CORE_READ(pid, level);

	return number_at(pid, level);
}

/* The state of the thread group: live is decremented before every hook of an exit (5.10 to 7.3). */
static __always_inline bool group_is_dead(struct task_struct *t)
{
	return BPF_CORE_READ(t, signal, live.counter) == 0;
}

/* What wait() will report when the whole group has ended (wait_task_zombie, kernel/exit.c). */
static __always_inline __u32 group_wait_status(struct task_struct *t)
{
	if (BPF_CORE_READ(t, signal, flags) & SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(t, signal, group_exit_code);
	return BPF_CORE_READ(t, group_leader, exit_code);
}

#endif
