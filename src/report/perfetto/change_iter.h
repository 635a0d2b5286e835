/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Iterates over the state changes of a thread, cut to the view's window. The process's
 * zombie interval follows the leader's own intervals, and a change to no state follows
 * the last interval when the thread's end is known.
 */
#ifndef PW_PERFETTO_CHANGE_ITER_H
#define PW_PERFETTO_CHANGE_ITER_H

#include "report/view_filter.h"

/* Perfetto takes a file with a CPU number from 1024 on for damaged. */
#define PW_TRACE_CPUS 1024

struct pw_change_iter {
	/* The process's place in the filter. */
	size_t rank;
	const struct pw_process *process;
	const struct pw_thread *thread;
	/* pw_thread_number of the thread. */
	uint32_t tid;
	struct pw_thread_iter intervals;
	/* The change at time `at` leads from one state to the other, if it has them. */
	uint64_t at;
	struct pw_span before, after;
	bool has_before, has_after;
	/* The zombie interval has been returned. */
	bool zombie_done;
	/* The track of what no scheduling event can show; 0: none yet. */
	uint64_t unseen_track;
	/* Where the thread ran last. */
	uint16_t cpu;
	/* How many of the process's names have been written. */
	size_t names_written;
};

/* Starts at the first change. False: the view shows nothing of the thread. */
bool pw_change_iter_init(struct pw_change_iter *it, const struct pw_view_filter *filter, size_t rank,
			 const struct pw_process *process, const struct pw_thread *thread);
/* Moves to the next change. False: there is none; `before` then holds the last state, if it had one. */
bool pw_change_iter_next(struct pw_change_iter *it, const struct pw_view_filter *filter);

/* Whether the thread runs on a known CPU that a trace can show. */
bool pw_span_on_cpu(const struct pw_span *span);

/*
 * The tid a thread has in the trace. It is the thread's own, except for a leader whose
 * tid another thread took over with exec: two threads cannot share one, and the tid the
 * kernel gave the leader for its last moments may have been another's before. Such a
 * leader gets a synthetic tid from 2^30 on, above any real one.
 */
uint32_t pw_thread_number(const struct pw_process *process, const struct pw_thread *thread);

/*
 * When a thread was gone, in ns; 0: its end is not known. A leader is gone once its
 * process is reaped. from_cpu: the thread's last switch shows the end.
 */
uint64_t pw_thread_gone(const struct pw_process *process, const struct pw_thread *thread, bool *from_cpu);

#endif
