/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adds what the kernel's records lack and user space can look up: the path of a cgroup,
 * and the program and arguments of a process that ran before the recording. Each becomes an
 * event of its own, right after the birth. It also attaches to the marks of every program
 * that a watched process executes.
 */
#ifndef PW_ENRICH_H
#define PW_ENRICH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/usdt.h"
#include "shared/event.h"

struct pw_enrich {
	pw_event_fn fn;
	void *context;
	/* /proc shows the PIDs of an inner PID namespace. */
	bool proc_is_inner;
	/* The cgroup2 file system; 0: not looked for yet, -1: none. */
	int cgroup_fd;
	/* The ids of the cgroups that have been handed on. */
	uint64_t *cgroups;
	size_t n_cgroups, cgroup_room;
	struct pw_usdt *usdt;
};

/* Sets where the events go from now on. */
void pw_enrich_to(struct pw_enrich *enrich, pw_event_fn fn, void *context);
/* A pw_event_fn whose context is the struct pw_enrich. */
int pw_enrich_event(void *enrich, const struct pw_event *event);
void pw_enrich_close(struct pw_enrich *enrich);

#endif
