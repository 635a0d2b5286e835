/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader's side of the CPUs' rings of switches: of each CPU, its records in
 * order of time, read in place.
 */
#ifndef PW_SWITCH_RINGS_H
#define PW_SWITCH_RINGS_H

#include <stddef.h>
#include <stdint.h>

#include "shared/cpu_ring.h"

/* The records of one CPU that a look found: [taken, seen). */
struct pw_switch_ring {
	struct pw_cpu *shared;
	const struct pw_switch *records;
	uint64_t taken, seen;
};

struct pw_switch_rings {
	struct pw_switch_ring *cpus;
	uint32_t n_cpus;
	uint64_t slots; /* of each CPU, a power of two */
	void *shared_map, *record_map; /* as they were mapped */
};

/* The two maps' descriptors. Negative errno; closed with pw_switch_rings_close either way. */
int pw_switch_rings_open(struct pw_switch_rings *s, int cpus_fd, int switches_fd, uint32_t n_cpus,
			 uint64_t slots);
void pw_switch_rings_close(struct pw_switch_rings *s);

/*
 * Sees what there is. -EAGAIN: a CPU is in the middle of a record; its time may
 * be any since it was begun.
 */
int pw_switch_rings_look(struct pw_switch_rings *s);

/* The oldest record of a CPU that was seen and not taken; NULL: none. */
const struct pw_switch *pw_switch_rings_first(const struct pw_switch_rings *s,
					      const struct pw_switch_ring *r);
/* Gives the room of what was taken back to the kernel. */
void pw_switch_rings_release(struct pw_switch_rings *s);

#endif
