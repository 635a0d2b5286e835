/* SPDX-License-Identifier: GPL-2.0-only */
/* What a trace has of each process, beside its threads' states. A rank is a process's place in the filter. */
#ifndef PW_PERFETTO_PROCESSES_H
#define PW_PERFETTO_PROCESSES_H

#include "report/perfetto/trace_writer.h"

/* Writes the names of a process and of its threads, the descriptors of its tracks, and the ends no switch shows. */
void pw_write_process_metadata(struct pw_trace_writer *w, size_t rank);

/*
 * Writes the process's own track: a slice from its fork to its reap, with the zombie
 * interval as a slice of its own, and its execs, names, new parents, exit and reap.
 */
void pw_write_process_track(struct pw_trace_writer *w, size_t rank);

/* Writes the marks of its threads, each on the thread's own track. Returns 0 or -ENOMEM. */
int pw_write_process_marks(struct pw_trace_writer *w, size_t rank);

#endif
