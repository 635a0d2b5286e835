/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace is packets, each written when it is whole. All of them are one packet
 * sequence, so that names which come often can be numbers (interned): those
 * known beforehand are told by the first packet, system calls before their first use.
 *
 * Times are absolute CLOCK_MONOTONIC ns. Strings from outside become valid UTF-8
 * on their way in.
 */
#ifndef PW_PERFETTO_PACKET_H
#define PW_PERFETTO_PACKET_H

#include <stdio.h>

#include "report/perfetto/proto.h"
#include "report/perfetto/schema.h"
#include "util/text.h"

#define PW_TRACE_SYSCALLS 1024

/* What is written, and where to. */
struct pw_trace {
	FILE *out;
	struct pw_proto packet; /* the one being made */
	struct pw_text text; /* a string on its way into a packet */
	size_t event; /* the mark of the open track event */
	unsigned int notes; /* the field an annotation is written as: of the event, a dictionary, a list */
	bool told[PW_TRACE_SYSCALLS]; /* system calls whose name was written */
};

/* Names of events and of their annotations, as numbers; 0 is none. */
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
enum pw_trace_note {
	PW_NOTE_PID = 1,
	PW_NOTE_TID,
	PW_NOTE_NS_PID,
	PW_NOTE_UID,
	PW_NOTE_NAME,
	PW_NOTE_CGROUP,
	PW_NOTE_EXE,
	PW_NOTE_ARGV,
	PW_NOTE_PARENT,
	PW_NOTE_ADOPTER,
	PW_NOTE_SEEDED,
	PW_NOTE_AFTER_NS,
	PW_NOTE_BEGUN_BEFORE_NS,
	PW_NOTE_CODE,
	PW_NOTE_SIGNAL,
	PW_NOTE_CORE,
	PW_NOTE_PRECISION,
	PW_NOTE_BY,
	PW_NOTE_HOW,
	PW_NOTE_LATENCY_NS,
	PW_NOTE_TOTALS_NS,
	PW_NOTE_RUNNING,
	PW_NOTE_READY,
	PW_NOTE_BLOCKED,
	PW_NOTE_STOPPED,
	PW_NOTE_ZOMBIE,
	PW_NOTE_UNKNOWN,
	PW_NOTE_CPU_NS,
	PW_NOTE_VOLUNTARY,
	PW_NOTE_INVOLUNTARY,
	PW_NOTE_WAKEUPS,
	PW_NOTE_MIGRATIONS,
	PW_NOTE_CPU,
	PW_NOTE_VALUE,
	PW_NOTE_END_VALUE,
	PW_NOTE_COUNT,
	PW_NOTE_FINDINGS,
	PW_NOTE_VERSION,
	PW_NOTE_REAP_HOOK,
	PW_NOTE_REPARENT_HOOK,
	PW_NOTE_SWITCH_HOOK,
	PW_NOTE_RECEIVED,
	PW_NOTE_LOST,
	PW_NOTE_SKIPPED,
	PW_NOTE_HOLES,
	PW_NOTE_DEMO,
	PW_NOTE_CLAIMS,
	PW_NOTE_ID,
	PW_NOTE_TEXT,
	PW_NOTE_HELD,
	PW_NOTE_EVIDENCE,
	PW_NOTES_END,
};

/*
 * Begins a trace with the packet that clears the sequence's state, tells the names
 * and what the clocks said at one moment: CLOCK_MONOTONIC, and CLOCK_REALTIME (not
 * known when it is not positive).
 */
void pw_trace_begin(struct pw_trace *t, FILE *out, uint64_t monotonic, int64_t realtime);
/* Returns 0, or a negative errno when memory was short or out could not be written. */
int pw_trace_end(struct pw_trace *t);

/* A packet of this time; what it is about is written to t->packet. */
void pw_packet_open(struct pw_trace *t, uint64_t ts);
void pw_packet_close(struct pw_trace *t);

/* Bytes from outside as a string field. */
void pw_trace_bytes(struct pw_trace *t, struct pw_proto *to, unsigned int field, const char *bytes, size_t n);

/* A thread enters a state (TASK_RUNNABLE, ...) that no event of the scheduler's tells. */
void pw_trace_task_state(struct pw_trace *t, uint64_t ts, uint32_t tid, unsigned int state);

/* The number under which an event may name a system call; tells the name if need be. 0: it has none. */
uint64_t pw_trace_syscall(struct pw_trace *t, uint64_t ts, int nr);

#endif
