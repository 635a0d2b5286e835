/* SPDX-License-Identifier: GPL-2.0-only */
/* Switches: on and off the CPU, the hot path of the whole machine. */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "compat.bpf.h"
#include "emit.bpf.h"
#include "orphan.bpf.h"
#include "wake.bpf.h"
#include "watch.bpf.h"

#define READ_ONCE(x)	 (*(volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile typeof(x) *)&(x) = (v))

/* ---- this CPU's ring of switches */

/* Room for a switch with its head filled in; NULL: there is none. c is this CPU's. */
static __always_inline struct pw_switch *begin_switch(struct pw_cpu *c, __u32 cpu, struct task_struct *prev)
{
	const __u32 mask = (1u << switch_ring_shift) - 1;
	__u32 i = (cpu << switch_ring_shift) | ((__u32)c->head & mask);
	struct pw_switch *e = bpf_map_lookup_elem(&switches, &i);

	if (!e)
		return NULL;
	if (c->head - c->tail_seen > mask) {
		c->tail_seen = READ_ONCE(c->tail);
		if (c->head - c->tail_seen > mask) {
			count_loss();
			return NULL;
		}
	}
	WRITE_ONCE(c->begun, c->head + 1);
	e->h = (struct pw_event){.ts = bpf_ktime_get_ns(),
				 .start = prev->start_time,
				 .tid = prev->pid,
				 .cpu = cpu,
				 .kind = PW_EV_SWITCH};
	return e;
}

/* A record that is reserved and discarded at once does nothing but wake the reader. */
static __noinline void wake_reader(void)
{
	void *nothing = bpf_ringbuf_reserve(&ring, 8, 0);

	if (nothing)
		bpf_ringbuf_discard(nothing, BPF_RB_FORCE_WAKEUP);
}

/*
 * The record must be complete before the reader can see that it is. x86 keeps the order of
 * stores; elsewhere an atomic operation that returns a value is a full barrier.
 */
static __always_inline void finish_switch(struct pw_cpu *c, const struct pw_switch *e)
{
#if defined(__TARGET_ARCH_x86)
	barrier();
	WRITE_ONCE(c->head, c->head + 1);
#else
	if (!__sync_fetch_and_add(&c->head, 1))
		barrier();
#endif
	if (!CHECKS_RING(e->h.ts))
		return;
	send_losses();
	c->tail_seen = READ_ONCE(c->tail);
	if (c->head - c->tail_seen > (1u << switch_ring_shift) / 4)
		wake_reader();
}

/* ---- the task that leaves the CPU */

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

/* ---- the task that gets the CPU */

/*
 * Measures how far CLOCK_MONOTONIC is ahead of this CPU's run queue clock. What a switch
 * sees is never less than the true offset, and hardly more where the scheduler has just
 * read its clock, as it does when a task leaves the CPU by itself. Where a wake-up preempts
 * or ends idleness, the run queue's clock stands still until the switch
 * (rq_clock_skip_update). So the least offset seen counts. The clocks drift apart by less
 * than 1 in 4096.
 */
static __always_inline void compare_clocks(struct pw_cpu *c, struct task_struct *on_rq, __u64 now)
{
	__u64 ahead;

	if (!kernel_records_enqueueing())
		return;
	ahead = now - on_rq->se.cfs_rq->rq->clock;
	if (!c->ahead_read || ahead < c->ahead + ((now - c->ahead_read) >> 12)) {
		c->ahead = ahead;
		c->ahead_read = now;
	}
}

/*
 * When a task that is about to run was put on a run queue; 0: unknown. The kernel's own
 * record of it (sched_info_enqueue) is more exact than a program on sched_wakeup could be:
 * between the two lie the preemption check and, from another CPU, whatever delays the
 * handler of an interrupt. A task that was moved to another run queue while it waited was
 * enqueued anew; run_delay grew by its wait so far.
 */
static __always_inline __u64 enqueued_at(struct task_struct *t, __u64 ahead, __u64 now,
					 const struct wake_slot *slot)
{
	__u64 queued;

	if (slot && slot->by_call) {
		queued = slot->before;
	} else {
		queued = kernel_records_enqueueing() ? t->sched_info.last_queued : 0;
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
	struct wake_slot *slot = wake_slot_of(next->pid);

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

/* ---- the hooks */

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
		send_new_parent(prev->pid, prev->start_time, prev->tgid);
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
 * arm64 before 5.12 (5ffa25502b5a) has no atomic operation that returns a value, and so no
 * barrier for finish_switch: switches go through the ring like every other record.
 */
SEC("?tp_btf/sched_switch")
int on_switch_unordered(__u64 *ctx)
{
	return switched(ctx, true);
}
