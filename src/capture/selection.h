/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PW_SELECTION_H
#define PW_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which processes are watched, running ones and later ones. All zero: only those that procwatch launches. */
struct pw_selection {
	/* PIDs in procwatch's PID namespace. */
	const uint32_t *pids;
	size_t n_pids;
	/* When these PIDs were looked up (ns of CLOCK_MONOTONIC): a process started after this has reused the PID. */
	uint64_t asked_at;
	/* Everything but procwatch itself. */
	bool all;
	/* Without the processes they fork. */
	bool no_children;
	/* A glob on the name; NULL: any. A process must match name, user and cgroup, as far as they are given. */
	const char *name;
	bool by_user;
	uint32_t uid;
	/* This cgroup and those below it; 0: any. */
	uint64_t cgroup_id;
};

#endif
