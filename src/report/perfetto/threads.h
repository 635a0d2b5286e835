/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The threads' states, as the kernel's scheduling events. The intervals of all threads
 * are merged by time, and each change becomes the switches, wake-ups and ends it is made
 * of. Memory holds one iterator per thread, never the intervals.
 */
#ifndef PW_PERFETTO_THREADS_H
#define PW_PERFETTO_THREADS_H

#include "report/perfetto/packet.h"
#include "report/view_filter.h"

/* end: when the recording ended, in ns. Returns 0 or -ENOMEM; pw_trace_end reports errors of the stream. */
int pw_trace_threads(struct pw_trace *trace, const struct pw_report *r, const struct pw_view_filter *filter,
		     uint64_t end);

#endif
