/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known about a recording besides its events: the machine, the target
 * and the time window. Capture fills it, a recording stores it, reports show it.
 */
#ifndef PW_SESSION_H
#define PW_SESSION_H

#include <stddef.h>
#include <stdint.h>

enum pw_target_kind { PW_TARGET_RUN, PW_TARGET_ATTACH, PW_TARGET_SYSTEM };

/* A string is NULL where nothing is known, or where a comment says so. The session owns none of them. */
struct pw_session {
	/* uname -r, uname -m, /proc/sys/kernel/random/boot_id */
	const char *kernel, *machine, *boot_id;
	unsigned int cpus;
	/* As in the "hooks" of the JSON report. */
	const char *hook_reap, *hook_reparent, *hook_switch;
	enum pw_target_kind target;
	/* NULL-terminated; NULL when nothing was launched. */
	const char *const *command;
	/* The demo's name; NULL when the target was no demo. */
	const char *demo;
	const uint32_t *pids;
	size_t n_pids;
	/* The other selections, in words ("name 'nginx*', uid 33"); NULL: none. */
	const char *filter;
	/* CLOCK_MONOTONIC: where the window begins. */
	uint64_t start_ns;
	uint64_t duration_ns;
	/* The same moment in CLOCK_REALTIME, ns since the epoch. */
	int64_t start_wall_ns;
	/* Records received, records dropped because the ring was full, and BPF program runs the kernel skipped. */
	uint64_t received, lost, skipped;
	/* Which programs were skipped how often, "on_exit=2 on_wait4=1"; may be NULL. */
	const char *skipped_by;
};

#endif
