/* SPDX-License-Identifier: GPL-2.0-only */
/* Wake-ups: who woke a task. When it became ready is decided at its switch-in. */
#include "wake.bpf.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "compat.bpf.h"
#include "emit.bpf.h"
#include "task.bpf.h"
#include "watch.bpf.h"

/* The idle task wakes no task of its own accord: it polls for interrupts of other CPUs. */
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
 * Whether the kernel will record when this task, which is just being woken, is put on a run
 * queue. sched_info_enqueue does so only if last_queued is not set yet, and a sleeper may
 * have it set: since 6.12 a task that has used up its share of the CPU stays on the run
 * queue for a while (152e11f6df29, DELAY_DEQUEUE), and is enqueued anew if it is moved to
 * another CPU meanwhile. It would seem ready from that moment on.
 */
static __always_inline bool wakeup_will_be_recorded(struct task_struct *t)
{
	return kernel_records_enqueueing() && !t->sched_info.last_queued;
}

/*
 * Runs in the waker's context, but perhaps before the sleeper's own switch-out, and on
 * another CPU than the one the task will be put on: this hook knows who, not when.
 */
SEC("tp_btf/sched_waking")
int BPF_PROG(on_waking, struct task_struct *t)
{
	__u32 tid = t->pid;
	struct wake_slot *slot;
	bool irq;

	if (!is_watched(tid))
		return 0;
	slot = wake_slot_of(tid);
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
	slot->by_call = !wakeup_will_be_recorded(t);
	slot->before = slot->by_call ? bpf_ktime_get_ns() : t->sched_info.run_delay;
	slot->in_irq = irq;
	return 0;
}

/*
 * Runs once at the end of a recording, for the tasks whose wake-up no switch-in will carry
 * any more. Without a clock offset for the task's run queue the wake-up time is unknown.
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
	slot = wake_slot_of(tid);
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
