/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The values of BPF maps that the kernel side and the reader share, besides records.
 * bpf/ includes vmlinux.h first.
 */
#ifndef PW_CPU_RING_H
#define PW_CPU_RING_H

#include "shared/event.h"

/*
 * The CPU ring: the switches of one CPU. A switch happens with interrupts off and the run
 * queue locked, so that there is one writer, which nothing interrupts: it needs no lock and
 * no atomic operation. Positions only grow; a record is at its position modulo the size.
 */
struct pw_cpu {
	/* Written by the CPU. Records begun: head + 1 while one is being written. */
	__pw_u64 begun;
	/* Records complete. */
	__pw_u64 head;
	/* The reader's tail when the CPU last read it. */
	__pw_u64 tail_seen;
	/* How far CLOCK_MONOTONIC is ahead of the run queue's clock (ns), and when that was read; 0: never. */
	__pw_u64 ahead;
	__pw_u64 ahead_read;
	__pw_u64 pad[3];
	/* Written by the reader, in a cache line of its own. Records taken. */
	__pw_u64 tail;
	__pw_u64 pad2[7];
};

/* A process to attach to; the key is its PID in procwatch's PID namespace. */
struct pw_target_slot {
	/* Its PID in the initial namespace; 0: not found yet. */
	__pw_u32 tgid;
	/* 1: the process with this PID started after the user asked for it. */
	__pw_u32 reused;
};

/* The lost records of one CPU. */
struct pw_cpu_loss {
	/* All of them. */
	__pw_u64 total;
	/* Those that no LOST record has reported yet, and when the first and the last of these were lost. */
	__pw_u64 pending;
	__pw_u64 first, last;
	/* Each CPU has a cache line of its own. */
	__pw_u64 pad[4];
};

#endif
