/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel's records leave to user space to look up while it can: the path
 * of a control group, and the program and arguments of a process that was running
 * before the recording. Told as events of their own, right behind the birth. And the
 * marks of whatever program begins to run, listened to from then on.
 */
#ifndef PW_ENRICH_H
#define PW_ENRICH_H

#include "capture/capture.h"
#include "capture/usdt.h"

struct pw_enrich {
	pw_event_fn fn;
	void *context;
	bool proc_is_inner; /* /proc has the numbers of a PID namespace */
	int cgroup_fd; /* the cgroup2 file system; 0: not looked for, -1: none */
	uint64_t *cgroups; /* ids told already */
	size_t n_cgroups, max_cgroups;
	struct pw_usdt *marks;
};

/* Where the events go from now on. */
void pw_enrich_to(struct pw_enrich *enrich, pw_event_fn fn, void *context);
/* A pw_event_fn whose context is the struct pw_enrich. */
int pw_enrich_event(void *enrich, const struct pw_event *event);
void pw_enrich_close(struct pw_enrich *enrich);

#endif
