/* SPDX-License-Identifier: GPL-2.0-only */
/* On and off the CPU, and woken: the hot path of the whole machine. */
#ifndef PW_SWITCH_H
#define PW_SWITCH_H

static __always_inline struct wake_slot *slot_of(__u32 tid)
{
	__u32 i = tid & wake_slot_mask;

	return bpf_map_lookup_elem(&wake_slots, &i);
}

/* The idle task wakes nobody for itself: it polls for interrupts of other CPUs. */
static __always_inline bool waker_is_interrupt(void)
{
	return current_tid() == 0 || in_interrupt();
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
 * Whether the kernel notes when this task, which is just being woken, is put on a
 * runqueue. It does so only if it has no such note yet (sched_info_enqueue), and a
 * sleeper may have one: since 6.12 one whose share of the CPU is used up stays on the
 * runqueue for a while (152e11f6df29, DELAY_DEQUEUE), and is enqueued anew when it is
 * moved to another CPU meanwhile. It would seem ready from then on.
 */
static __always_inline bool wakeup_will_be_noted(struct task_struct *t)
{
	return enqueueing_is_told() && !t->sched_info.last_queued;
}

/*
 * Runs in the waker's context, but perhaps before the sleeper's own switch-out,
 * and on another CPU than the one the task will be put on: it knows who, not when.
 */
SEC("tp_btf/sched_waking")
int BPF_PROG(on_waking, struct task_struct *t)
{
	__u32 tid = t->pid;
	struct wake_slot *slot;
	bool irq;

	if (!is_watched(tid))
		return 0;
	slot = slot_of(tid);
	if (!slot)
		return 0;
	if (slot->tid && slot->tid != tid) {
		irq = waker_is_interrupt();
		send_wake(tid, t->start_time, irq ? 0 : current_tid(), bpf_ktime_get_ns(), irq);
		return 0;
	}
	irq = waker_is_interrupt();
	slot->tid = tid;
	slot->waker_tid = irq ? 0 : current_tid();
	slot->by_call = !wakeup_will_be_noted(t);
	slot->before = slot->by_call ? bpf_ktime_get_ns() : t->sched_info.run_delay;
	slot->in_irq = irq;
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

/*
 * How far CLOCK_MONOTONIC is ahead of this CPU's runqueue clock. Seen from a
 * switch it is at least that, and hardly more where the scheduler has just read
 * its clock, as it does when a task leaves the CPU by itself: the least of what is
 * seen counts. Where a wake-up preempts or ends idleness the runqueue's clock
 * stands still until the switch (rq_clock_skip_update). The two drift apart by
 * less than 1 in 4096.
 */
static __always_inline void compare_clocks(struct pw_cpu *c, struct task_struct *on_rq, __u64 now)
{
	__u64 ahead;

	if (!enqueueing_is_told())
		return;
	ahead = now - on_rq->se.cfs_rq->rq->clock;
	if (!c->ahead_read || ahead < c->ahead + ((now - c->ahead_read) >> 12)) {
		c->ahead = ahead;
		c->ahead_read = now;
	}
}

/*
 * When a task that is about to run was put on a runqueue, by the kernel's own
 * account (sched_info_enqueue), which no program on sched_wakeup could tell as
 * exactly: between the two lie the preemption check and, from another CPU, all
 * that delays an interrupt's handler. 0: not known. A task that was moved to
 * another runqueue while it waited is enqueued anew; run_delay grew by its wait
 * so far.
 */
static __always_inline __u64 enqueued_at(struct task_struct *t, __u64 ahead, __u64 now,
					 const struct wake_slot *slot)
{
	__u64 queued;

	if (slot && slot->by_call) {
		queued = slot->before;
	} else {
		queued = enqueueing_is_told() ? t->sched_info.last_queued : 0;
		if (!queued)
			return 0;
		queued += ahead;
		if (slot)
			queued -= t->sched_info.run_delay - slot->before;
	}
	return queued < now ? queued : now - 1;
}

static __always_inline void fill_next(struct pw_switch *e, struct task_struct *next, __u64 ahead)
{
	struct wake_slot *slot = slot_of(next->pid);

	e->h.flags |= PW_NEXT_WATCHED;
	e->next_start = next->start_time;
	e->waker_tid = 0;
	if (slot && slot->tid == e->next_tid) {
		e->waker_tid = slot->waker_tid;
		if (slot->in_irq)
			e->h.flags |= PW_WAKER_IRQ;
		slot->tid = 0;
	} else {
		slot = NULL;
	}
	e->woken = enqueued_at(next, ahead, e->h.ts, slot);
}

static __always_inline void tell_orphans(__u32 tid, __u64 start, __u32 tgid);

static __always_inline int switched(__u64 *ctx, bool through_ring)
{
	struct task_struct *prev = (struct task_struct *)ctx[1], *next = (struct task_struct *)ctx[2];
	__u8 *bytes = all_watch_bytes();
	bool prev_watched = bytes && is_watched_in(bytes, prev->pid);
	bool next_watched = bytes && is_watched_in(bytes, next->pid);
	struct pw_switch *e;
	struct pw_cpu *c;
	__u32 cpu;

	if (!prev_watched && !next_watched)
		return 0;
	cpu = bpf_get_smp_processor_id();
	c = bpf_map_lookup_elem(&cpus, &cpu);
	if (!c)
		return 0;
	if (prev_watched && prev->exit_state)
		tell_orphans(prev->pid, prev->start_time, prev->tgid);
	e = through_ring ? reserve(sizeof(*e), PW_EV_SWITCH, prev->pid, prev->start_time)
			 : begin_switch(c, cpu, prev);
	if (!e)
		return 0;
	compare_clocks(c, prev, e->h.ts);
	e->next_tid = next->pid;
	if (prev_watched)
		fill_prev(e, ctx, prev);
	if (next_watched)
		fill_next(e, next, c->ahead);
	else
		e->woken = 0;
	if (through_ring)
		submit(e);
	else
		finish_switch(c, e);
	return 0;
}

SEC("?tp_btf/sched_switch")
int on_switch(__u64 *ctx)
{
	return switched(ctx, false);
}

/*
 * arm64 before 5.12 (5ffa25502b5a) has no atomic operation that returns a value,
 * and so no barrier for finish_switch: switches go the way of everything else.
 */
SEC("?tp_btf/sched_switch")
int on_switch_unordered(__u64 *ctx)
{
	return switched(ctx, true);
}

/*
 * At the end of a recording: tasks whose wake-up no switch-in will carry any
 * more. If their runqueue's clock was never held against ours, when they were
 * woken is not known.
 */
SEC("iter/task")
int wait_pass(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	struct pw_cpu *c;
	struct wake_slot *slot;
	__u64 queued;
	__u32 tid, cpu;

	if (!t)
		return 0;
	tid = BPF_CORE_READ(t, pid);
	slot = slot_of(tid);
	if (!slot || slot->tid != tid || !is_watched(tid))
		return 0;
	cpu = BPF_CORE_READ(t, wake_cpu);
	c = bpf_map_lookup_elem(&cpus, &cpu);
	queued = slot->before;
	if (!slot->by_call) {
		queued = BPF_CORE_READ(t, sched_info.last_queued);
		if (!queued || !c || !c->ahead_read)
			return 0;
		queued += c->ahead - (BPF_CORE_READ(t, sched_info.run_delay) - slot->before);
	}
	send_wake(tid, BPF_CORE_READ(t, start_time), slot->waker_tid, queued, slot->in_irq);
	return 0;
}

#endif
