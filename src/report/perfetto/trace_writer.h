/* SPDX-License-Identifier: GPL-2.0-only */
/* What the writers of processes share: the report, the view filter, and where each process is in the trace. */
#ifndef PW_PERFETTO_TRACE_WRITER_H
#define PW_PERFETTO_TRACE_WRITER_H

#include "report/perfetto/packet.h"
#include "report/view_filter.h"

struct pw_trace_writer {
	struct pw_trace *trace;
	const struct pw_report *report;
	const struct pw_view_filter *filter;
	/* The selected processes, sorted by address for the search. */
	struct pw_ranked_process *by_address;
	/* The ranks of the selected processes, in order of birth. */
	size_t *by_birth;
	/* How many tracks of threads with marks were made so far. */
	uint64_t mark_tracks;
	/* The name of the event that is being made. */
	struct pw_text label;
};

/* Borrows all three. Returns 0 or -ENOMEM; call pw_trace_writer_free in both cases. */
int pw_trace_writer_init(struct pw_trace_writer *w, struct pw_trace *trace, const struct pw_report *r,
			 const struct pw_view_filter *filter);
void pw_trace_writer_free(struct pw_trace_writer *w);

/* A process by its rank, which is its place in the filter. */
const struct pw_process *pw_trace_writer_process(const struct pw_trace_writer *w, size_t rank);
/* Finds the rank of the process that had this pid at this time (ns), if the trace shows it then. */
bool pw_trace_writer_find(const struct pw_trace_writer *w, uint32_t pid, uint64_t at, size_t *rank);
/* Where a process begins in the trace, in ns. A seeded process begins where the snapshot found it. */
uint64_t pw_trace_writer_start_of(const struct pw_trace_writer *w, const struct pw_process *process);
/* Whether the trace shows an event of the process at this time (ns). 0 is no time. */
bool pw_trace_writer_shows(const struct pw_trace_writer *w, const struct pw_process *process, uint64_t at);

/* "WORDS PID NAME" as valid UTF-8; words may be "". The result is valid until the next call. */
const char *pw_trace_writer_label(struct pw_trace_writer *w, const char *words, uint32_t pid,
				  const char *comm);

#endif
