/* SPDX-License-Identifier: GPL-2.0-only */
/* How a record is sent, and how a lost record is counted. */
#ifndef PW_BPF_EMIT_H
#define PW_BPF_EMIT_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "config.bpf.h"
#include "maps.bpf.h"

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

/* Reports what this CPU has lost, if anything and if there is room again. */
__hidden void send_losses(void);

/*
 * A record of a fixed size with its head filled in; NULL: there is no room, which is
 * counted. The time is read after the reservation, so that the records lie in the ring
 * nearly in order of time.
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
 * Waking the reader for each record would cost several times the rest, and the reader's
 * own switches would then be most of the disturbance. So the reader polls, and only a
 * ring that fills up wakes it. How full the ring is, is checked at about one record in
 * 32, chosen by the clock.
 */
#define CHECKS_RING(ts) (((ts) & (31 << 6)) == 0)

static __always_inline __u64 wake_flags(__u64 ts)
{
	if (CHECKS_RING(ts)) {
		send_losses();
		if (bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) >= ring_wake_bytes)
			return BPF_RB_FORCE_WAKEUP;
	}
	return BPF_RB_NO_WAKEUP;
}

static __always_inline void submit(void *record)
{
	bpf_ringbuf_submit(record, wake_flags(((struct pw_event *)record)->ts));
}

#endif
