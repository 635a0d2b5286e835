/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader's side of a BPF ring buffer, putting its records in order of time.
 *
 * libbpf's own reader hands records on as they lie and does not say how far it
 * came; but records lie only nearly in order (a task can be held up between
 * reserving room and reading the clock), and knowing what cannot come any more
 * is what makes the order final (stream.c). Layout: kernel/bpf/ringbuf.c, the same since 5.8.
 */
#ifndef PW_RING_H
#define PW_RING_H

#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

struct pw_ring_entry {
	uint64_t ts;
	const struct pw_event *event; /* in the ring itself */
	uint64_t position;
};

struct pw_ring {
	uint64_t *consumer; /* shared page, written by us */
	const uint64_t *producer; /* shared page, written by the kernel */
	const uint8_t *data; /* mapped twice in a row, so that no record is split */
	size_t size; /* bytes, a power of two */
	uint64_t scanned; /* position up to which records are in entries */
	struct pw_ring_entry *entries; /* seen, not yet given back; sorted by ts */
	size_t taken, count, capacity; /* the first of them, taken */
};

/* map_fd is of a BPF_MAP_TYPE_RINGBUF of size bytes. Negative errno. */
int pw_ring_open(struct pw_ring *ring, int map_fd, size_t size);
/*
 * Sees what there is; all of it that was reserved before the call. -EAGAIN: a
 * record is still being written, what lies after it is not seen. Or -ENOMEM.
 */
int pw_ring_look(struct pw_ring *ring);
/* The earliest record seen and not taken, where it lies; NULL: none. */
const struct pw_event *pw_ring_first(const struct pw_ring *ring);
void pw_ring_take(struct pw_ring *ring);
/* Gives the room of what was taken back to the kernel, as far as nothing older is left. */
void pw_ring_release(struct pw_ring *ring);
void pw_ring_close(struct pw_ring *ring);

#endif
