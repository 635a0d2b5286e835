/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The events of each CPU, as ftrace records them: bundles that hold one CPU's context
 * switches by column, and its other events one by one. A full bundle is written at once,
 * so that a CPU needs some ten KB of memory however long the trace is.
 *
 * Calls come in order of time.
 */
#ifndef PW_PERFETTO_BUNDLE_H
#define PW_PERFETTO_BUNDLE_H

#include "model/model.h"
#include "report/perfetto/change_iter.h"
#include "report/perfetto/packet.h"

#define PW_BUNDLE_NAMES 32

struct pw_bundle {
	/* The switches' columns, packed. */
	struct pw_proto timestamp, prev_state, next_pid, next_prio, next_name;
	/* The other events, as encoded FtraceEvents. */
	struct pw_proto events;
	/* The names that next_name refers to. */
	const char *names[PW_BUNDLE_NAMES];
	size_t n_names;
	/* How many switches and events the bundle holds. */
	size_t count;
	/* The time of the bundle's last switch. */
	uint64_t last;
	/* Everything before this time is in earlier bundles. */
	uint64_t flushed;
	/* The CPU has a switch in the trace. */
	bool begun;
	/* The watched thread that has the CPU; NULL: there is none. */
	const struct pw_thread *current;
	/* A thread left the CPU at this time and in this state; its successor is not known yet. */
	bool leaving;
	uint64_t left_at;
	uint32_t left_state;
};

struct pw_bundles {
	struct pw_trace *trace;
	const struct pw_model *model;
	/* By CPU number. */
	struct pw_bundle *at;
	size_t count, room;
	/* An allocation failed. */
	bool failed;
};

/* Borrows trace and model. */
void pw_bundles_init(struct pw_bundles *b, struct pw_trace *trace, const struct pw_model *model);
/* Writes the rest at this time (ns), marks the CPUs that lost records, and frees. Returns 0 or -ENOMEM. */
int pw_bundles_finish(struct pw_bundles *b, uint64_t ts);

/* At it->at the thread gets the CPU it->cpu. A thread that still has it loses it at that time. */
void pw_bundle_switch_in(struct pw_bundles *b, const struct pw_change_iter *it);
/*
 * At it->at the thread leaves the CPU it->cpu in this state, as sched_switch prints it (bits of TASK_REPORT).
 * False: another thread has taken the CPU before.
 */
bool pw_bundle_switch_out(struct pw_bundles *b, const struct pw_change_iter *it, uint32_t state);

/* Other events of the thread. They are filed under the CPU it->cpu; times are ns. */
/* waker: a tid, or 0 for an interrupt. */
void pw_bundle_waking(struct pw_bundles *b, const struct pw_change_iter *it, uint32_t waker);
void pw_bundle_blocked_in(struct pw_bundles *b, const struct pw_change_iter *it, uint64_t ts, int syscall);
void pw_bundle_rename(struct pw_bundles *b, const struct pw_change_iter *it, uint64_t ts, const char *comm);
void pw_bundle_free(struct pw_bundles *b, const struct pw_change_iter *it);

#endif
