/* SPDX-License-Identifier: GPL-2.0-only */
/* Merges all records of the kernel side into one stream in order of time. */
#ifndef PW_MERGE_H
#define PW_MERGE_H

#include <stdint.h>

#include "capture/ring.h"
#include "capture/switch_rings.h"
#include "shared/event.h"
#include "util/heap.h"

/* The sources, each in order of time: the BPF ring buffer and the ring of each CPU. */
struct pw_merge {
	struct pw_ring ring;
	struct pw_switch_rings switches;
	/* The sources that have a record, the one with the earliest first. */
	struct pw_heap sources;
	/* Records handed on. */
	uint64_t received;
};

/* Ring and switches must be open. Returns 0 or -ENOMEM. */
int pw_merge_open(struct pw_merge *m);
/* Closes the ring and the switches too. */
void pw_merge_close(struct pw_merge *m);

/*
 * Hands on every record that no later one can precede. *until becomes the moment before
 * which everything has been handed on; while a record is still being written, nothing is
 * handed on and *until stays. Returns 0, the first negative number of fn, or -ENOMEM.
 */
int pw_merge_drain(struct pw_merge *m, pw_event_fn fn, void *context, uint64_t *until);

#endif
