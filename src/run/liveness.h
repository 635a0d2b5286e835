/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who of the watched is still there. An end or a reap may not have been told of:
 * its record was lost, or the kernel skipped the program, which it counts for most
 * but not for all (perf's guard against recursion, in trace_call_bpf). So once in
 * a while /proc is asked, and often when in doubt.
 */
#ifndef PW_LIVENESS_H
#define PW_LIVENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "model/model.h"

struct pw_liveness {
	const struct pw_capture *capture;
	struct pw_model *model;
	bool proc_is_inner; /* /proc has the numbers of a PID namespace */
	size_t alive, zombies; /* by the last count */
	uint64_t looked_at; /* when /proc was asked, ns */
	bool doubtful; /* an end or a reap may not have been told of */
};

/* Of what the capture watches and the model makes of it; both stay the caller's. */
void pw_liveness_init(struct pw_liveness *r, const struct pw_capture *capture, struct pw_model *model);

/* Counts. now: CLOCK_MONOTONIC, ns. */
void pw_liveness_count(struct pw_liveness *r, uint64_t now);

/*
 * Ends the capture, at *end_ns. Who had vanished from /proc before the last drain,
 * and whose end was not in it, has vanished unheard of: feed is told of a free, an
 * upper bound of the reap. Returns 0 or a negative errno.
 */
int pw_liveness_stop(struct pw_liveness *r, struct pw_capture *capture, pw_event_fn feed, void *context,
		     uint64_t *end_ns);

#endif
