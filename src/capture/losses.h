/* SPDX-License-Identifier: GPL-2.0-only */
/* What a recording lacks: records that found no room in a ring, and program runs that the kernel skipped. */
#ifndef PW_LOSSES_H
#define PW_LOSSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shared/cpu_ring.h"
#include "shared/event.h"

struct bpf_object;

struct pw_losses {
	/* The map itself, one entry per CPU. */
	const struct pw_cpu_loss *cpus;
	unsigned int n_cpus;
};

/* map_fd is of the map `losses`. Returns 0 or a negative errno; closed with pw_losses_close either way. */
int pw_losses_open(struct pw_losses *losses, int map_fd, unsigned int n_cpus);
void pw_losses_close(struct pw_losses *losses);

/* Records lost until now. */
uint64_t pw_losses_total(const struct pw_losses *losses);
/*
 * Hands on a LOST event, at time ts, for each CPU whose last losses no record has reported.
 * Returns 0 or the first negative number of fn.
 */
int pw_losses_hand_on(const struct pw_losses *losses, uint64_t ts, pw_event_fn fn, void *context);

/*
 * Runs of the object's programs that the kernel skipped because another run had not
 * finished on that CPU. *counted becomes whether this kernel counts them. Unless text is
 * NULL, "PROGRAM=RUNS" of each program that lost any is written to it, separated by blanks.
 */
uint64_t pw_skipped_runs(struct bpf_object *object, char *text, size_t size, bool *counted);

#endif
