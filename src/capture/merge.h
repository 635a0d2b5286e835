/* SPDX-License-Identifier: GPL-2.0-only */
/* All that the kernel side sends, as one stream in order of time. */
#ifndef PW_MERGE_H
#define PW_MERGE_H

#include <stdint.h>

#include "capture/capture.h"
#include "capture/ring.h"
#include "capture/switch_rings.h"

/* Records that come after one another in time, each a source of its own: the ring, and every CPU's switches. */
struct pw_merge {
	struct pw_ring ring;
	struct pw_switch_rings switches;
	uint32_t *heap; /* the sources that have a record, the one with the earliest on top */
	uint32_t n;
	uint64_t received; /* records handed on */
};

/* Ring and switches must be open. Returns 0 or -ENOMEM; closes them with itself. */
int pw_merge_open(struct pw_merge *s);
void pw_merge_close(struct pw_merge *s);

/*
 * Hands on every record that no later one can precede. *until becomes the moment
 * before which everything has been handed on; it stays when a record was still
 * being written. Returns 0 or the first negative number of fn or -ENOMEM.
 */
int pw_merge_drain(struct pw_merge *s, pw_event_fn fn, void *context, uint64_t *until);

#endif
