/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader's side of a BPF ring buffer, putting its records in order of time.
 *
 * libbpf's own reader hands records on as they lie and does not say how far it
 * came; but records lie only nearly in order (a task can be held up between
 * reserving room and reading the clock), and knowing what cannot come any more
 * is what makes the order final. Layout: kernel/bpf/ringbuf.c, the same since 5.8.
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
	struct pw_ring_entry *entries; /* seen, not yet handed on; sorted by ts */
	size_t count, capacity;
	uint64_t received; /* records handed on */
};

/* map_fd is of a BPF_MAP_TYPE_RINGBUF of size bytes. Negative errno. */
int pw_ring_open(struct pw_ring *ring, int map_fd, size_t size);
/*
 * Hands on every record that no later one can precede. *until becomes the moment
 * before which everything has been handed on; it stays when a record was still
 * being written. Returns 0 or the first negative number of fn or -ENOMEM.
 */
int pw_ring_drain(struct pw_ring *ring, pw_event_fn fn, void *context, uint64_t *until);
void pw_ring_close(struct pw_ring *ring);

#endif
