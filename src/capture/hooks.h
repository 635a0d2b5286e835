/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which hooks this kernel offers, decided by its BTF and by really loading and
 * attaching; never by its version.
 */
#ifndef PW_HOOKS_H
#define PW_HOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

enum pw_hook_form {
	PW_HOOK_NONE,
	PW_HOOK_FENTRY,
	PW_HOOK_KPROBE,
	PW_HOOK_SLAB,
	PW_HOOK_WAITS,
	PW_HOOK_FREE,
	PW_HOOK_CHILDREN
};

#define PW_WHY_LEN 128

struct pw_hooks {
	int switch_state_arg; /* index of prev_state among sched_switch's arguments; -1: not passed */
	bool programs_preemptible; /* most programs can be, and are then skipped for everybody else on that CPU (7.0) */
	bool marks_at_once; /* all marks of a file by one attachment */
	bool orders_stores; /* programs can put a record before the word that it is whole */
	bool maps_are_locked; /* maps count against RLIMIT_MEMLOCK */
	bool tracefs; /* classic tracepoints can be attached */
	int preempt_count_from_rq; /* bytes; 0: it is not there */
	uint32_t interrupt_bits; /* of preempt_count */
	bool tells_interrupts; /* from tasks as wakers, by preempt_count, wherever it is */
	int tracepoint; /* a perf event that is open since it was tried; -1: none */
	enum pw_hook_form reap; /* FENTRY, KPROBE, SLAB, WAITS or FREE */
	enum pw_hook_form reparent; /* FENTRY, KPROBE or CHILDREN */
	char why_no_fentry[PW_WHY_LEN]; /* empty where all of it works */
	char why_no_kprobe[PW_WHY_LEN];
	char why_no_slab[PW_WHY_LEN];
	char why_no_tracefs[PW_WHY_LEN];
	char why_no_marks[PW_WHY_LEN];
	uint64_t wanted_for_tracefs; /* the capabilities (caps.h) whose lack that is, if any */
};

/*
 * Looks. May mount tracefs, in a mount namespace made for this process, where the
 * machine has none mounted. -ENOTSUP (no BTF) or -EPERM with error filled.
 */
int pw_hooks_probe(struct pw_hooks *hooks, struct pw_error *error);
/* To be called after the programs have been attached, which is when it takes no time. */
void pw_hooks_close(struct pw_hooks *hooks);

/*
 * Whether the kernel is locked down so far that BPF may read nothing. modes becomes
 * what it says ("none [integrity] confidentiality"), or empty where it says nothing.
 */
bool pw_hooks_locked_down(char *modes, size_t size);

/* The rungs of the ladder by name, the best first; NULL ends them. */
extern const char *const pw_hook_rungs[];

/* Takes one rung instead of the best that works. -ENOTSUP with error filled where it does not. */
int pw_hooks_force(struct pw_hooks *hooks, const char *rung, struct pw_error *error);

/* In words, for the reports: "wait4's return", ... */
const char *pw_hook_reap_name(const struct pw_hooks *hooks);
const char *pw_hook_reparent_name(const struct pw_hooks *hooks);
const char *pw_hook_switch_name(const struct pw_hooks *hooks);

#endif
