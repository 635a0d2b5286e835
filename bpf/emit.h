/* SPDX-License-Identifier: GPL-2.0-only */
/* What is sent, and how a record that finds no room is accounted for. */
#ifndef PW_EMIT_H
#define PW_EMIT_H

#define READ_ONCE(x)	 (*(volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile typeof(x) *)&(x) = (v))

static __always_inline void count_loss(void)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct pw_cpu_loss *loss = bpf_map_lookup_elem(&losses, &cpu);
	__u64 now = bpf_ktime_get_ns();

	if (!loss)
		return;
	if (!loss->pending)
		loss->first = now;
	loss->last = now;
	/* An interrupt may lose a record in the middle of this: add atomically. */
	__sync_fetch_and_add(&loss->pending, 1);
	__sync_fetch_and_add(&loss->total, 1);
}

/* Once there is room again, says what was lost on this CPU and when. */
static __noinline int tell_loss(void)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct pw_cpu_loss *loss = bpf_map_lookup_elem(&losses, &cpu);
	struct pw_lost *e;

	if (!loss || !loss->pending)
		return 0;
	e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);
	if (!e)
		return 0;
	e->h = (struct pw_event){.ts = bpf_ktime_get_ns(), .cpu = cpu, .kind = PW_EV_LOST};
	e->count = loss->pending;
	e->first = loss->first;
	e->last = loss->last;
	__sync_fetch_and_add(&loss->pending, -e->count);
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
	return 0;
}

/*
 * A record of a fixed size, with its head filled. The time is taken after the
 * reservation: records then lie in the ring nearly in order of time.
 */
static __always_inline void *reserve(__u32 size, __u8 kind, __u32 tid, __u64 start)
{
	struct pw_event *h = bpf_ringbuf_reserve(&ring, size, 0);

	if (!h) {
		count_loss();
		return NULL;
	}
	h->ts = bpf_ktime_get_ns();
	h->start = start;
	h->tid = tid;
	h->cpu = bpf_get_smp_processor_id();
	h->kind = kind;
	h->flags = 0;
	return h;
}

/*
 * A wake-up of the reader for each record would cost several times the rest, and
 * the reader's own switches would then be most of what it disturbs. It polls;
 * only a filling ring wakes it, and to know that the ring is asked now and then:
 * at one record in about 32, chosen by the clock.
 */
#define ASK_RING(ts) (((ts) & (31 << 6)) == 0)

static __always_inline __u64 wake_flags(__u64 ts)
{
	if (ASK_RING(ts)) {
		tell_loss();
		if (bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) >= ring_wake_bytes)
			return BPF_RB_FORCE_WAKEUP;
	}
	return BPF_RB_NO_WAKEUP;
}

static __always_inline void submit(void *record)
{
	bpf_ringbuf_submit(record, wake_flags(((struct pw_event *)record)->ts));
}

/* ---- switches */

/* Room for a switch in this CPU's ring, with its head filled; c is this CPU's. */
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

/* A record that is begun and given up at once moves nothing but the reader. */
static __noinline int wake_reader(void)
{
	void *nothing = bpf_ringbuf_reserve(&ring, 8, 0);

	if (nothing)
		bpf_ringbuf_discard(nothing, BPF_RB_FORCE_WAKEUP);
	return 0;
}

/*
 * The record is whole before the reader may see so: x86 keeps the order of
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
	if (!ASK_RING(e->h.ts))
		return;
	tell_loss();
	c->tail_seen = READ_ONCE(c->tail);
	if (c->head - c->tail_seen > (1u << switch_ring_shift) / 4)
		wake_reader();
}

#endif
