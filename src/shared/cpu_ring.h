/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel side and the reader share besides records: values of BPF array
 * maps, one per CPU. bpf/ includes vmlinux.h first.
 */
#ifndef PW_SHARED_H
#define PW_SHARED_H

#include "shared/event.h"

/*
 * A CPU's ring of switches. A switch is made with interrupts off and its runqueue
 * locked: one writer, which nothing interrupts, so that no atomic operation and no
 * lock is needed. Positions only grow; a record lies at position modulo size.
 */
struct pw_cpu {
	/* written by the CPU */
	__pw_u64 begun; /* records begun: head + 1 while one is being written */
	__pw_u64 head; /* records complete */
	__pw_u64 tail_seen; /* the reader's tail when it was last looked at */
	__pw_u64 ahead; /* ns CLOCK_MONOTONIC is ahead of the runqueue's clock */
	__pw_u64 ahead_read; /* when that was read; 0: never */
	__pw_u64 pad[3];
	/* written by the reader, in a cache line of its own */
	__pw_u64 tail; /* records taken */
	__pw_u64 pad2[7];
};

/* A thread group to attach to, asked for by its number in procwatch's PID namespace. */
struct pw_target_slot {
	__pw_u32 tgid; /* in the initial namespace; 0: not found yet */
	__pw_u32 reused; /* who has the number now began after it was asked for */
};

/* Records that found no room, until a LOST record can be sent. */
struct pw_cpu_loss {
	__pw_u64 total; /* since the beginning */
	__pw_u64 pending; /* not yet told */
	__pw_u64 first, last; /* when */
	__pw_u64 pad[4]; /* a cache line of its own */
};

#endif
