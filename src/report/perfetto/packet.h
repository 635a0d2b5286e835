/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace is a stream of packets; each is written as soon as it is complete. All
 * packets form one packet sequence, so that frequent names can be interned as numbers:
 * the first packet interns the fixed names, and a system call's name is interned before
 * its first use.
 *
 * Times are absolute CLOCK_MONOTONIC ns. Untrusted strings become valid UTF-8 on the way.
 */
#ifndef PW_PERFETTO_PACKET_H
#define PW_PERFETTO_PACKET_H

#include <stdio.h>

#include "report/perfetto/proto.h"
#include "report/perfetto/schema.h"
#include "util/text.h"

#define PW_TRACE_SYSCALLS 1024

struct pw_trace {
	FILE *out;
	/* The packet that is being made. */
	struct pw_proto packet;
	/* A string on its way into a packet. */
	struct pw_text text;
	/* The open track event, for pw_proto_close. */
	size_t event;
	/* The field that holds an annotation: it differs in an event, a dictionary and an array. */
	unsigned int annotation_field;
	/* The system calls whose names are interned. */
	bool syscall_interned[PW_TRACE_SYSCALLS];
};

/* The interned names of events and of their annotations; 0 is no name. */
enum pw_trace_name {
	PW_NAME_ZOMBIE = 1,
	PW_NAME_ZOMBIE_AT_MOST,
	PW_NAME_ZOMBIE_UNREAPED,
	PW_NAME_FIRST_RUN,
	PW_NAME_LOST,
	PW_NAME_UNKNOWN,
	PW_NAME_NO_CPU,
	PW_NAME_COUNT,
};
enum pw_annotation_name {
	PW_ANNOTATION_PID = 1,
	PW_ANNOTATION_TID,
	PW_ANNOTATION_NS_PID,
	PW_ANNOTATION_UID,
	PW_ANNOTATION_COMM,
	PW_ANNOTATION_CGROUP,
	PW_ANNOTATION_EXE,
	PW_ANNOTATION_ARGV,
	PW_ANNOTATION_PARENT,
	PW_ANNOTATION_ADOPTER,
	PW_ANNOTATION_SEEDED,
	PW_ANNOTATION_AFTER_NS,
	PW_ANNOTATION_BEGUN_BEFORE_NS,
	PW_ANNOTATION_CODE,
	PW_ANNOTATION_SIGNAL,
	PW_ANNOTATION_CORE,
	PW_ANNOTATION_PRECISION,
	PW_ANNOTATION_BY,
	PW_ANNOTATION_HOW,
	PW_ANNOTATION_LATENCY_NS,
	PW_ANNOTATION_TOTALS_NS,
	PW_ANNOTATION_RUNNING,
	PW_ANNOTATION_READY,
	PW_ANNOTATION_BLOCKED,
	PW_ANNOTATION_STOPPED,
	PW_ANNOTATION_ZOMBIE,
	PW_ANNOTATION_UNKNOWN,
	PW_ANNOTATION_CPU_NS,
	PW_ANNOTATION_VOLUNTARY,
	PW_ANNOTATION_INVOLUNTARY,
	PW_ANNOTATION_WAKEUPS,
	PW_ANNOTATION_MIGRATIONS,
	PW_ANNOTATION_CPU,
	PW_ANNOTATION_VALUE,
	PW_ANNOTATION_END_VALUE,
	PW_ANNOTATION_COUNT,
	PW_ANNOTATION_FINDINGS,
	PW_ANNOTATION_VERSION,
	PW_ANNOTATION_REAP_HOOK,
	PW_ANNOTATION_REPARENT_HOOK,
	PW_ANNOTATION_SWITCH_HOOK,
	PW_ANNOTATION_RECEIVED,
	PW_ANNOTATION_LOST,
	PW_ANNOTATION_SKIPPED,
	PW_ANNOTATION_MISSED_SWITCHES,
	PW_ANNOTATION_DEMO,
	PW_ANNOTATION_CLAIMS,
	PW_ANNOTATION_ID,
	PW_ANNOTATION_TEXT,
	PW_ANNOTATION_HELD,
	PW_ANNOTATION_EVIDENCE,
	PW_ANNOTATION_NAME_COUNT,
};

/*
 * Begins a trace on out, which the caller keeps. The first packet clears the sequence's
 * state, interns the names, and relates the clocks: monotonic and realtime are the same
 * moment in ns; realtime is unknown when it is not positive.
 */
void pw_trace_begin(struct pw_trace *t, FILE *out, uint64_t monotonic, int64_t realtime);
/* Flushes and frees. Returns 0, -ENOMEM if any allocation failed, or the negative errno of writing to out. */
int pw_trace_end(struct pw_trace *t);

/* Opens a packet with this time; the caller writes its contents to t->packet. */
void pw_packet_open(struct pw_trace *t, uint64_t ts);
void pw_packet_close(struct pw_trace *t);

/* Adds untrusted bytes as a string field. */
void pw_trace_bytes(struct pw_trace *t, struct pw_proto *to, unsigned int field, const char *bytes, size_t n);

/* Writes that a thread enters a state (TASK_RUNNABLE, ...) for which the scheduler has no event. */
void pw_trace_task_state(struct pw_trace *t, uint64_t ts, uint32_t tid, unsigned int state);

/* Returns the interned id of a system call's name, which it writes on first use; 0: the number is out of range. */
uint64_t pw_trace_syscall(struct pw_trace *t, uint64_t ts, int nr);

#endif
