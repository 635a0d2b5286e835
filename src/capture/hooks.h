/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which hooks this kernel offers. Its BTF decides, and an attempt to load and attach; never
 * its version. Where a hook is not available, the next of its fallbacks is used
 * (docs/hooks.md).
 */
#ifndef PW_HOOKS_H
#define PW_HOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/tracefs.h"
#include "util/error.h"

/* How a reap, or a new parent, is observed. */
enum pw_hook_form {
	PW_HOOK_NONE,
	PW_HOOK_FENTRY,
	PW_HOOK_KPROBE,
	PW_HOOK_SLAB,
	PW_HOOK_WAITS,
	PW_HOOK_FREE,
	PW_HOOK_CHILDREN
};

struct pw_hooks {
	/* FENTRY, KPROBE, SLAB, WAITS or FREE. */
	enum pw_hook_form reap;
	/* FENTRY, KPROBE or CHILDREN. */
	enum pw_hook_form reparent;

	/* Why something does not work; empty if it does. */
	char why_no_fentry[PW_WHY_LEN];
	char why_no_kprobe[PW_WHY_LEN];
	char why_no_slab[PW_WHY_LEN];
	char why_no_tracefs[PW_WHY_LEN];
	char why_no_marks[PW_WHY_LEN];

	/* Classic tracepoints can be attached. If not, these capabilities (caps.h) would help. */
	bool tracefs;
	uint64_t wanted_for_tracefs;
	/* A perf event that has been open since tracefs was tried; -1: none. */
	int tracepoint;

	/* The index of prev_state among sched_switch's arguments; -1: it is not passed. */
	int switch_state_arg;
	/* Most programs can be preempted, and the kernel then skips them for every other task on that CPU (7.0). */
	bool programs_preemptible;
	/* One attachment takes all marks of a file. */
	bool marks_at_once;
	/* Programs can complete a record before they publish that it is complete. */
	bool orders_stores;
	/* BPF maps count against RLIMIT_MEMLOCK. */
	bool maps_are_locked;

	/* Bytes from a CPU's run queue to its preempt_count; 0: it is not there. */
	int preempt_count_from_rq;
	/* The bits of preempt_count that are set in an interrupt. */
	uint32_t interrupt_bits;
	/* Wake-ups by interrupts can be told from those by tasks, wherever preempt_count is. */
	bool tells_interrupts;
};

/*
 * Finds out what works here. May mount tracefs for this process (tracefs.h). Returns 0,
 * or -ENOTSUP (no BTF) or -EPERM with error filled.
 */
int pw_hooks_probe(struct pw_hooks *hooks, struct pw_error *error);
/* To be called after the programs have been attached: only then does it take no time. */
void pw_hooks_close(struct pw_hooks *hooks);

/*
 * Whether the kernel is locked down so far that BPF may read no kernel memory. Writes what
 * the kernel says to modes ("none [integrity] confidentiality"), or nothing.
 */
bool pw_hooks_locked_down(char *modes, size_t size);

/* The names of the fallbacks for --hooks, the best first; NULL ends them. */
extern const char *const pw_hook_fallbacks[];

/* Takes one of them instead of the best that works. Returns -ENOTSUP with error filled if it does not work here. */
int pw_hooks_force(struct pw_hooks *hooks, const char *fallback, struct pw_error *error);

/* In words, for the reports: "return of wait4 and waitid", ... */
const char *pw_hook_reap_name(const struct pw_hooks *hooks);
const char *pw_hook_reparent_name(const struct pw_hooks *hooks);
const char *pw_hook_switch_name(const struct pw_hooks *hooks);

#endif
