/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which of the watched processes still exist. The events may miss an exit or a reap: the record
 * was lost, or the kernel skipped the BPF program, which it counts for most programs but not for
 * all (perf's guard against recursion, in trace_call_bpf). So /proc is asked as well: from time to
 * time, and often once something was missed.
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
	/* /proc shows the pids of a PID namespace */
	bool proc_is_inner;
	/* by the last count */
	size_t alive, zombies;
	/* when /proc was last asked, ns */
	uint64_t looked_at;
	/* an exit or a reap may have been missed */
	bool doubtful;
};

/* For the processes that capture watches and model knows; both stay the caller's. */
void pw_liveness_init(struct pw_liveness *r, const struct pw_capture *capture, struct pw_model *model);

/* Updates alive and zombies. now: CLOCK_MONOTONIC, ns. */
void pw_liveness_count(struct pw_liveness *r, uint64_t now);

/*
 * Stops the capture, at *end_ns. A process that had vanished from /proc before the last drain, and
 * whose exit the drain did not bring, was missed: feed gets a free event for it, an upper bound of
 * its reap. Returns 0 or a negative errno.
 */
int pw_liveness_stop(struct pw_liveness *r, struct pw_capture *capture, pw_event_fn feed, void *context,
		     uint64_t *end_ns);

#endif
