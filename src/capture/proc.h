/* SPDX-License-Identifier: GPL-2.0-only */
/* What /proc says of a process: where no event tells. */
#ifndef PW_PROC_H
#define PW_PROC_H

#include <stdbool.h>
#include <stdint.h>

struct pw_proc {
	char state; /* the letter ps shows */
	uint64_t start_ticks; /* its start, in clock ticks since boot */
};

/* Looks at /proc/NUMBER/stat. False: there is no such process. */
bool pw_proc_read(uint32_t number, struct pw_proc *proc);
/* Whether it is the one that began then (ns of CLOCK_MONOTONIC), and not one that has its number now. */
bool pw_proc_began(const struct pw_proc *proc, uint64_t start);

#endif
