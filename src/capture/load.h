/* SPDX-License-Identifier: GPL-2.0-only */
/* Loading the BPF programs: which of them, with maps how large, for which targets; and why not. */
#ifndef PW_LOAD_H
#define PW_LOAD_H

#include "capture/capture.h"
#include "capture/hooks.h"

struct procwatch_bpf;

struct pw_load {
	const struct pw_hooks *hooks;
	unsigned int cpus; /* possible ones */
	size_t ring_bytes; /* of all buffers, wanted; what it became in the end */
	struct procwatch_bpf *bpf; /* the result; the caller destroys it */
	char notice[192]; /* a line for the user: the ring had to be smaller. Else empty */
};

/* Half of the room is for switches: the bytes of the ring of all else, ... */
size_t pw_load_ring_bytes(const struct pw_load *load);
/* ... and the binary logarithm of the number of switches each CPU has room for. */
uint32_t pw_load_switch_shift(const struct pw_load *load);

/* The inode number of procwatch's PID namespace, as the kernel knows it; 0 without /proc. */
uint32_t pw_own_pid_namespace(void);
#define PW_INIT_PID_NAMESPACE 0xEFFFFFFCu /* PROC_PID_INIT_INO (include/linux/proc_ns.h) */

/* Negative errno with error filled: which capability is missing, which limit is too small. */
int pw_load(struct pw_load *load, const struct pw_selection *select, struct pw_error *error);

#endif
