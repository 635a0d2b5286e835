/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which hooks this kernel offers, decided by its BTF and by really loading and
 * attaching; never by its version.
 */
#ifndef PW_HOOKS_H
#define PW_HOOKS_H

#include <stdbool.h>

#include "util/error.h"

enum pw_hook_form {
	PW_HOOK_NONE,
	PW_HOOK_FENTRY,
	PW_HOOK_KPROBE,
	PW_HOOK_WAITS,
	PW_HOOK_FREE,
	PW_HOOK_CHILDREN
};

struct pw_hooks {
	int switch_state_arg; /* index of prev_state among sched_switch's arguments; -1: not passed */
	bool tracefs; /* classic tracepoints can be attached */
	int preempt_count_from_rq; /* bytes, to tell interrupts from tasks as wakers; 0: cannot be told */
	enum pw_hook_form reap; /* FENTRY, KPROBE, WAITS or FREE */
	enum pw_hook_form reparent; /* FENTRY, KPROBE or CHILDREN */
	char why_no_fentry[128]; /* empty where it works */
	char why_no_kprobe[128];
	char why_no_tracefs[128];
};

/*
 * Looks. May mount tracefs, in a mount namespace made for this process, where the
 * machine has none mounted. -ENOTSUP (no BTF) or -EPERM with error filled.
 */
int pw_hooks_probe(struct pw_hooks *hooks, struct pw_error *error);

/* In words, for the reports: "wait4's return", ... */
const char *pw_hook_reap_name(const struct pw_hooks *hooks);
const char *pw_hook_reparent_name(const struct pw_hooks *hooks);
const char *pw_hook_switch_name(const struct pw_hooks *hooks);

#endif
