/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attaches a BPF program to places in a file. Attaching and detaching wait for an RCU grace
 * period, tens of milliseconds and more. Where the kernel takes all places of a file at
 * once, there is one wait.
 */
#ifndef PW_UPROBES_H
#define PW_UPROBES_H

#include <stddef.h>
#include <stdint.h>

#define PW_TRACE_UPROBE_MULTI 48 /* BPF_TRACE_UPROBE_MULTI, 6.6 (89ae89f53d20) */

/* Offsets in the file; semaphore 0: none. */
struct pw_uprobe {
	uint64_t offset, semaphore, cookie;
};

/*
 * Attaches to all places at once. The program must have been loaded with the expected
 * attach type PW_TRACE_UPROBE_MULTI. Returns the descriptor of the link, or a negative
 * errno; then nothing is attached.
 */
int pw_uprobes_attach(int program, const char *path, const struct pw_uprobe *places, size_t n);
/* Attaches to one place. Returns the same. */
int pw_uprobe_attach(int program, const char *path, const struct pw_uprobe *place);

#endif
