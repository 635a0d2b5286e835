/* SPDX-License-Identifier: GPL-2.0-only */
/* The reader's side of the CPU rings: each holds the switches of one CPU in order of time, and is read in place. */
#ifndef PW_SWITCH_RINGS_H
#define PW_SWITCH_RINGS_H

#include <stddef.h>
#include <stdint.h>

#include "shared/cpu_ring.h"

/* The records of one CPU that the last scan found are those from taken to seen, without the latter. */
struct pw_switch_ring {
	struct pw_cpu *shared;
	const struct pw_switch *records;
	uint64_t taken, seen;
};

struct pw_switch_rings {
	struct pw_switch_ring *cpus;
	uint32_t n_cpus;
	/* Records that each CPU has room for, a power of two. */
	uint64_t slots;
	/* The two maps as they were mapped. */
	void *shared_map, *record_map;
};

/* Takes the descriptors of the maps cpus and switches. Returns 0 or a negative errno; close it either way. */
int pw_switch_rings_open(struct pw_switch_rings *s, int cpus_fd, int switches_fd, uint32_t n_cpus,
			 uint64_t slots);
void pw_switch_rings_close(struct pw_switch_rings *s);

/*
 * Finds the records that are complete. Returns 0, or -EAGAIN if a CPU is in the middle of
 * a record, whose time may be any moment since it was begun.
 */
int pw_switch_rings_scan(struct pw_switch_rings *s);

/* The oldest record of a CPU that was scanned and not taken; NULL: none. */
const struct pw_switch *pw_switch_rings_first(const struct pw_switch_rings *s,
					      const struct pw_switch_ring *r);
/* Gives the room of the taken records back to the kernel. */
void pw_switch_rings_release(struct pw_switch_rings *s);

#endif
