/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The threads' states, as the kernel's scheduling events: all threads' intervals
 * merged by time, so that each becomes the switches, wake-ups and ends it is made
 * of. What is kept is one place on its tape for each thread, not the intervals.
 */
#ifndef PW_PERFETTO_THREADS_H
#define PW_PERFETTO_THREADS_H

#include "report/perfetto/packet.h"
#include "report/view_filter.h"

/* Returns 0 or -ENOMEM; what the stream says is pw_trace_end's business. end: of the recording. */
int pw_trace_threads(struct pw_trace *trace, const struct pw_report *r, const struct pw_view_filter *filter,
		     uint64_t end);

#endif
