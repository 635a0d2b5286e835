/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the writers of processes have in common: the report, the filter, and where in
 * the trace a process is to be found.
 */
#ifndef PW_PERFETTO_STAGE_H
#define PW_PERFETTO_STAGE_H

#include "report/perfetto/packet.h"
#include "report/view_filter.h"

struct pw_stage {
	struct pw_trace *trace;
	const struct pw_report *report;
	const struct pw_view_filter *filter;
	struct pw_place *places; /* of the processes chosen, for the search */
	size_t *births; /* their ranks, in order of birth */
	uint64_t marked; /* tracks of threads that passed marks, so far */
	struct pw_text label; /* what an event or a track is called, as it is made */
};

/* Returns 0 or -ENOMEM; freed with pw_stage_end either way. */
int pw_stage_begin(struct pw_stage *s, struct pw_trace *trace, const struct pw_report *r,
		   const struct pw_view_filter *filter);
void pw_stage_end(struct pw_stage *s);

const struct pw_process *pw_stage_process(const struct pw_stage *s, size_t rank);
/* The rank of the process that had this pid then, if it is chosen and has begun in the trace. */
bool pw_stage_find(const struct pw_stage *s, uint32_t pid, uint64_t at, size_t *rank);
/* Where a process begins in the trace: one that was there before begins where it was found. */
uint64_t pw_stage_from(const struct pw_stage *s, const struct pw_process *process);
/* Whether something that happened to a process then is shown. */
bool pw_stage_shows(const struct pw_stage *s, const struct pw_process *process, uint64_t at);

/* "WORDS PID NAME", fit for a trace, and valid until the next call; words may be "". */
const char *pw_stage_label(struct pw_stage *s, const char *words, uint32_t pid, const char *comm);

#endif
