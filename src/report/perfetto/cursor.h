/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A place in the process of a thread: the state it leaves and the one it enters.
 * To its own intervals the process's zombie interval is added (the leader's), and
 * after the last one comes none, when it is seen to be gone. All is cut to what
 * the view has chosen.
 */
#ifndef PW_PERFETTO_CURSOR_H
#define PW_PERFETTO_CURSOR_H

#include "report/view_filter.h"

/* Perfetto takes a file with a larger number of a CPU for damaged. */
#define PW_TRACE_CPUS 1024

struct pw_cursor {
	size_t rank; /* of the process, in the filter */
	const struct pw_process *process;
	const struct pw_thread *thread;
	uint32_t tid; /* as pw_thread_number */
	struct pw_thread_iter it;
	struct pw_span was, is; /* the change at `at` is from the one to the other */
	bool had, has; /* whether there is a `was`, and an `is` */
	bool zombie_told;
	uint64_t at;
	uint64_t unseen; /* the track of what no scheduling event can tell; 0: none yet */
	uint16_t cpu; /* where it ran last */
	size_t named; /* so many of its process's names were told */
};

/* At its first change; false: nothing of it is chosen. */
bool pw_cursor_begin(struct pw_cursor *c, const struct pw_view_filter *filter, size_t rank,
		     const struct pw_process *process, const struct pw_thread *thread);
/* To the next change; false: there is none. If it had a state then, that is `was`. */
bool pw_cursor_next(struct pw_cursor *c, const struct pw_view_filter *filter);

/* Whether it is on a CPU that is known. */
bool pw_span_on_cpu(const struct pw_span *span);

/*
 * The number a thread goes by. Its own, but for a leader whose number another
 * thread took over with exec: two cannot have one number, and the number it got
 * for its last moments may have been another's before. No task has that of a
 * such a leader: it begins at 2^30.
 */
uint32_t pw_thread_number(const struct pw_process *process, const struct pw_thread *thread);

/*
 * When a thread was gone for good, a process's leader once it was reaped; 0: it was
 * not. from_cpu: its last switch says so.
 */
uint64_t pw_thread_gone(const struct pw_process *process, const struct pw_thread *thread, bool *from_cpu);

#endif
