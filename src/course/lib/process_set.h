/* SPDX-License-Identifier: GPL-2.0-only */
/* Several processes of a demo that play the same role. */
#ifndef PW_PROCESS_SET_H
#define PW_PROCESS_SET_H

#include "course/lib/evidence.h"
#include "course/lib/roles.h"

#define PW_PROCESS_SET_MAX 32

/* In order of birth. */
struct pw_process_set {
	size_t count;
	const struct pw_process *of[PW_PROCESS_SET_MAX];
};

/* The descendants of main whose name begins so; "": all of them. */
struct pw_process_set pw_process_set_of(const struct pw_demo_run *run, const char *begin);
/* True if there are so many; if not, the evidence says how many there are. */
bool pw_process_set_counts(const struct pw_process_set *group, size_t count, struct pw_evidence *why);
/* True if every one has exited; if not, the evidence says how many have not. */
bool pw_process_set_ended(const struct pw_process_set *group, struct pw_evidence *why);
/* True if main reaped every one before it exited itself. Adds how many were reaped. */
bool pw_process_set_reaped(const struct pw_process_set *group, const struct pw_process *main,
			   struct pw_evidence *why);
/* The most of them that were in a pause at the same time; *pauses: how many pauses there were in all. */
size_t pw_most_at_once(const struct pw_process_set *group, size_t *pauses);
/* How many of them slept in that system call until another one of them woke them. */
size_t pw_woken_by_each_other(const struct pw_process_set *group, int syscall);

#endif
