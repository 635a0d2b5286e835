/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attaching a program to places of a file. To attach or detach waits for the
 * kernel (a grace period of RCU, tens of milliseconds and more): where it can
 * take all places of a file at once it waits once.
 */
#ifndef PW_UPROBES_H
#define PW_UPROBES_H

#include <stddef.h>
#include <stdint.h>

#define PW_TRACE_UPROBE_MULTI 48 /* BPF_TRACE_UPROBE_MULTI, 6.6 (89ae89f53d20) */

/* Offsets in the file; 0 for no semaphore. */
struct pw_uprobe {
	uint64_t offset, semaphore, cookie;
};

/*
 * All places at once; the program must have been loaded with the expected attach
 * type PW_TRACE_UPROBE_MULTI. Returns the link's descriptor, or a negative errno:
 * then none is attached.
 */
int pw_uprobes_attach(int program, const char *path, const struct pw_uprobe *places, size_t n);
/* One place. Returns as above. */
int pw_uprobe_attach(int program, const char *path, const struct pw_uprobe *place);

#endif
