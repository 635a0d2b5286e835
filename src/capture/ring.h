/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader's side of a BPF ring buffer; sorts its records by time.
 *
 * libbpf's own reader hands records on as they lie, and does not say how far it has read.
 * But records lie only nearly in order, since a task can be delayed between reserving room
 * and reading the clock; and the order is final only when it is known what can no longer
 * come (merge.c). The layout is that of kernel/bpf/ringbuf.c, unchanged since 5.8.
 */
#ifndef PW_RING_H
#define PW_RING_H

#include <stddef.h>
#include <stdint.h>

#include "shared/event.h"

struct pw_ring_entry {
	uint64_t ts;
	/* In the ring itself. */
	const struct pw_event *event;
	uint64_t position;
};

struct pw_ring {
	/* A shared page that the reader writes. */
	uint64_t *consumer;
	/* A shared page that the kernel writes. */
	const uint64_t *producer;
	/* The data, mapped twice in a row, so that no record is split. */
	const uint8_t *data;
	/* In bytes, a power of two. */
	size_t size;
	/* The position up to which the records are in entries. */
	uint64_t scanned;
	/* Records scanned and not yet given back, sorted by ts. The first `taken` of them are taken. */
	struct pw_ring_entry *entries;
	size_t taken, count, room;
};

/* map_fd is of a BPF_MAP_TYPE_RINGBUF of size bytes. Returns 0 or a negative errno. */
int pw_ring_open(struct pw_ring *ring, int map_fd, size_t size);
/*
 * Finds the records that were reserved before the call. Returns 0; -EAGAIN if a record is
 * still being written, which hides those behind it; or -ENOMEM.
 */
int pw_ring_scan(struct pw_ring *ring);
/* The earliest record that was scanned and not taken, in place; NULL: none. */
const struct pw_event *pw_ring_first(const struct pw_ring *ring);
void pw_ring_take(struct pw_ring *ring);
/* Gives the room of the taken records back to the kernel, up to the oldest record that is left. */
void pw_ring_release(struct pw_ring *ring);
void pw_ring_close(struct pw_ring *ring);

#endif
