/* SPDX-License-Identifier: GPL-2.0-only */
/* On and off the CPU, and woken: the hot path of the whole machine. */
#ifndef PW_SWITCH_H
#define PW_SWITCH_H

static __always_inline struct wake_slot *slot_of(__u32 tid)
{
	__u32 i = tid & wake_slot_mask;

	return bpf_map_lookup_elem(&wake_slots, &i);
}

static __always_inline void send_wake(__u32 tid, __u64 start, __u32 waker, __u64 woken, bool irq)
{
	struct pw_wake *e = reserve(sizeof(*e), PW_EV_WAKE, tid, start);

	if (!e)
		return;
	e->woken = woken;
	e->waker_tid = waker;
	e->pad = 0;
	if (irq)
		e->h.flags |= PW_WAKER_IRQ;
	submit(e);
}

/*
 * Runs in the waker's context, but perhaps before the sleeper's own switch-out:
 * it knows who, not when.
 */
SEC("tp_btf/sched_waking")
int BPF_PROG(on_waking, struct task_struct *t)
{
	__u32 tid = t->pid;
	struct wake_slot *slot;

	if (!is_watched(tid))
		return 0;
	slot = slot_of(tid);
	if (!slot || (slot->tid && slot->tid != tid))
		return 0;
	slot->tid = tid;
	slot->start = t->start_time;
	slot->woken = 0;
	slot->waker_tid = current_tid();
	slot->in_irq = in_interrupt();
	return 0;
}

/* The task is on a runqueue: it knows when, but perhaps from another CPU than the waker's. */
SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *t)
{
	__u32 tid = t->pid;
	struct wake_slot *slot = slot_of(tid);

	if (!slot)
		return 0;
	if (slot->tid == tid) /* only a watched task has a slot */
		slot->woken = bpf_ktime_get_ns();
	else if (is_watched(tid))
		send_wake(tid, t->start_time, current_tid(), bpf_ktime_get_ns(), in_interrupt());
	return 0;
}

static __always_inline void fill_prev(struct pw_switch *e, __u64 *ctx, struct task_struct *prev)
{
	__u32 state = switch_prev_state(ctx, prev);

	e->h.flags |= PW_PREV_WATCHED;
	e->prev_state = state;
	if (ctx[0]) /* preempt: whatever its state says, it was still runnable */
		e->h.flags |= PW_PREEMPTED;
	e->prev_runtime = prev->se.sum_exec_runtime;
	e->prev_nvcsw = prev->nvcsw;
	e->prev_nivcsw = prev->nivcsw;
	e->prev_exit_state = prev->exit_state;
	e->prev_syscall = state & TASK_BLOCKED ? sleeping_syscall(prev) : -1;
}

static __always_inline void fill_next(struct pw_switch *e, struct task_struct *next)
{
	struct wake_slot *slot = slot_of(next->pid);

	e->h.flags |= PW_NEXT_WATCHED;
	e->next_start = next->start_time;
	if (!slot || slot->tid != e->next_tid)
		return;
	e->woken = slot->woken;
	e->waker_tid = slot->waker_tid;
	if (slot->in_irq)
		e->h.flags |= PW_WAKER_IRQ;
	slot->tid = 0;
}

static __always_inline void tell_orphans(__u32 tid, __u64 start, __u32 tgid);

SEC("tp_btf/sched_switch")
int on_switch(__u64 *ctx)
{
	struct task_struct *prev = (struct task_struct *)ctx[1], *next = (struct task_struct *)ctx[2];
	bool prev_watched = is_watched(prev->pid), next_watched = is_watched(next->pid);
	struct pw_switch *e;

	if (!prev_watched && !next_watched)
		return 0;
	if (prev_watched && prev->exit_state)
		tell_orphans(prev->pid, prev->start_time, prev->tgid);
	e = reserve(sizeof(*e), PW_EV_SWITCH, prev->pid, prev->start_time);
	if (!e)
		return 0;
	e->next_tid = next->pid;
	e->woken = 0;
	if (prev_watched)
		fill_prev(e, ctx, prev);
	if (next_watched)
		fill_next(e, next);
	submit(e);
	return 0;
}

#endif
