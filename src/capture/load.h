/* SPDX-License-Identifier: GPL-2.0-only */
/* Loading the BPF programs: which of them, with maps how large, for which targets; and why it fails. */
#ifndef PW_LOAD_H
#define PW_LOAD_H

#include <stddef.h>
#include <stdint.h>

#include "capture/hooks.h"
#include "capture/selection.h"
#include "util/error.h"

struct procwatch_bpf;

struct pw_load {
	const struct pw_hooks *hooks;
	/* The number of possible CPUs. */
	unsigned int cpus;
	/* The size of all rings together: what is wanted, and after loading what it became. */
	size_t ring_bytes;
	/* The result; the caller destroys it. */
	struct procwatch_bpf *bpf;
	/* A line for the user if the rings had to be smaller, else empty. */
	char notice[192];
};

/* Half of ring_bytes is for switches. The size of the BPF ring buffer for all other records, in bytes. */
size_t pw_load_ring_bytes(const struct pw_load *load);
/* The binary logarithm of the number of switches that each CPU ring has room for. */
uint32_t pw_load_switch_shift(const struct pw_load *load);

/*
 * Loads the programs, with smaller rings if a limit on memory requires it. Returns 0, or a
 * negative errno with error filled: which capability is missing, which limit is too low.
 */
int pw_load(struct pw_load *load, const struct pw_selection *select, struct pw_error *error);

#endif
