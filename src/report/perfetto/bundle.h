/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happened on each CPU, as ftrace would have told it: bundles of one CPU's
 * context switches, by column, and of single events. A bundle is written when it
 * is full, so that memory is some ten KB for a CPU, however long the trace.
 *
 * All calls come in order of time.
 */
#ifndef PW_PERFETTO_BUNDLE_H
#define PW_PERFETTO_BUNDLE_H

#include "model/model.h"
#include "report/perfetto/cursor.h"
#include "report/perfetto/packet.h"

#define PW_BUNDLE_NAMES 32

struct pw_bundle {
	struct pw_proto timestamp, prev_state, next_pid, next_prio, next_name; /* of the switches, packed */
	struct pw_proto events; /* encoded FtraceEvents */
	const char *names[PW_BUNDLE_NAMES];
	size_t n_names, n;
	uint64_t last; /* time of the last switch written into it */
	uint64_t flushed; /* all before is in earlier bundles */
	bool begun; /* this CPU has a switch in the trace */
	/* Who has the CPU; and, once it left, when, until it is known who came. */
	const struct pw_thread *on; /* NULL: nobody who is watched */
	bool leaving;
	uint64_t left;
	uint32_t left_state;
};

struct pw_bundles {
	struct pw_trace *trace;
	const struct pw_model *model;
	struct pw_bundle *at; /* by CPU */
	size_t count;
	bool failed;
};

void pw_bundles_begin(struct pw_bundles *b, struct pw_trace *trace, const struct pw_model *model);
/* Writes what is left, marks the CPUs that lost records. Returns 0 or -ENOMEM. */
int pw_bundles_end(struct pw_bundles *b, uint64_t ts);

/* At c->at the cursor's thread gets the CPU c->cpu. Whoever still has it, by the books, loses it now. */
void pw_bundle_on(struct pw_bundles *b, const struct pw_cursor *c);
/*
 * It leaves that CPU, in a state as the tracepoint prints it (bits of TASK_REPORT).
 * False: it had lost the CPU to another before.
 */
bool pw_bundle_off(struct pw_bundles *b, const struct pw_cursor *c, uint32_t state);

/* Single events of the cursor's thread, filed under the CPU where it ran last. by 0: an interrupt. */
void pw_bundle_waking(struct pw_bundles *b, const struct pw_cursor *c, uint32_t by);
void pw_bundle_blocked_in(struct pw_bundles *b, const struct pw_cursor *c, uint64_t ts, int syscall);
void pw_bundle_rename(struct pw_bundles *b, const struct pw_cursor *c, uint64_t ts, const char *comm);
void pw_bundle_free(struct pw_bundles *b, const struct pw_cursor *c);

#endif
