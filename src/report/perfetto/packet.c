/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/perfetto/packet.h"

#include <errno.h>
#include <string.h>

#include "util/kernel_names.h"

#define SEQUENCE 1

static const char *const event_names[PW_NAME_COUNT] = {
	[PW_NAME_ZOMBIE] = "zombie",
	[PW_NAME_ZOMBIE_AT_MOST] = "zombie (upper bound)",
	[PW_NAME_ZOMBIE_UNREAPED] = "zombie, not reaped",
	[PW_NAME_FIRST_RUN] = "first run",
	[PW_NAME_LOST] = "records lost",
	[PW_NAME_UNKNOWN] = "unknown",
	[PW_NAME_NO_CPU] = "running, CPU unknown",
};

static const char *const annotation_names[PW_ANNOTATION_NAME_COUNT] = {
	[PW_ANNOTATION_PID] = "pid",
	[PW_ANNOTATION_TID] = "tid",
	[PW_ANNOTATION_NS_PID] = "ns_pid",
	[PW_ANNOTATION_UID] = "uid",
	[PW_ANNOTATION_COMM] = "comm",
	[PW_ANNOTATION_CGROUP] = "cgroup",
	[PW_ANNOTATION_EXE] = "exe",
	[PW_ANNOTATION_ARGV] = "argv",
	[PW_ANNOTATION_PARENT] = "parent",
	[PW_ANNOTATION_ADOPTER] = "adopter",
	[PW_ANNOTATION_SEEDED] = "seeded",
	[PW_ANNOTATION_AFTER_NS] = "after_ns",
	[PW_ANNOTATION_BEGUN_BEFORE_NS] = "exit_began_before_ns",
	[PW_ANNOTATION_CODE] = "exit_code",
	[PW_ANNOTATION_SIGNAL] = "signal",
	[PW_ANNOTATION_CORE] = "core_dumped",
	[PW_ANNOTATION_PRECISION] = "precision",
	[PW_ANNOTATION_BY] = "reaped_by",
	[PW_ANNOTATION_HOW] = "reaped_how",
	[PW_ANNOTATION_LATENCY_NS] = "reap_latency_ns",
	[PW_ANNOTATION_TOTALS_NS] = "totals_ns",
	[PW_ANNOTATION_RUNNING] = "running",
	[PW_ANNOTATION_READY] = "ready",
	[PW_ANNOTATION_BLOCKED] = "blocked",
	[PW_ANNOTATION_STOPPED] = "stopped",
	[PW_ANNOTATION_ZOMBIE] = "zombie",
	[PW_ANNOTATION_UNKNOWN] = "unknown",
	[PW_ANNOTATION_CPU_NS] = "cpu_ns",
	[PW_ANNOTATION_VOLUNTARY] = "voluntary_switches",
	[PW_ANNOTATION_INVOLUNTARY] = "involuntary_switches",
	[PW_ANNOTATION_WAKEUPS] = "wakeups",
	[PW_ANNOTATION_MIGRATIONS] = "migrations",
	[PW_ANNOTATION_CPU] = "cpu",
	[PW_ANNOTATION_VALUE] = "value",
	[PW_ANNOTATION_END_VALUE] = "end_value",
	[PW_ANNOTATION_COUNT] = "count",
	[PW_ANNOTATION_FINDINGS] = "findings",
	[PW_ANNOTATION_VERSION] = "procwatch",
	[PW_ANNOTATION_REAP_HOOK] = "reaps_seen_at",
	[PW_ANNOTATION_REPARENT_HOOK] = "new_parents_seen_at",
	[PW_ANNOTATION_SWITCH_HOOK] = "switches_seen_at",
	[PW_ANNOTATION_RECEIVED] = "records",
	[PW_ANNOTATION_LOST] = "records_lost",
	[PW_ANNOTATION_SKIPPED] = "program_runs_skipped",
	[PW_ANNOTATION_MISSED_SWITCHES] = "switches_not_raised",
	[PW_ANNOTATION_DEMO] = "demo",
	[PW_ANNOTATION_CLAIMS] = "the_course_says",
	[PW_ANNOTATION_ID] = "id",
	[PW_ANNOTATION_TEXT] = "claim",
	[PW_ANNOTATION_HELD] = "held",
	[PW_ANNOTATION_EVIDENCE] = "evidence",
};

static void start_packet(struct pw_trace *t, uint64_t ts, unsigned int flags)
{
	pw_proto_clear(&t->packet);
	pw_proto_number(&t->packet, PACKET_TIMESTAMP, ts);
	pw_proto_number(&t->packet, PACKET_SEQUENCE_ID, SEQUENCE);
	pw_proto_number(&t->packet, PACKET_SEQUENCE_FLAGS, flags);
}

void pw_packet_open(struct pw_trace *t, uint64_t ts)
{
	start_packet(t, ts, SEQUENCE_NEEDS_STATE);
}

void pw_packet_close(struct pw_trace *t)
{
	uint8_t head[11] = {TRACE_PACKET << 3 | 2};

	if (t->packet.failed)
		return;
	fwrite(head, 1, 1 + pw_proto_encode(head + 1, t->packet.used), t->out);
	fwrite(t->packet.at, 1, t->packet.used, t->out);
}

static void intern(struct pw_proto *p, unsigned int field, uint64_t iid, const char *string)
{
	const size_t entry = pw_proto_open(p, field);

	pw_proto_number(p, INTERNED_IID, iid);
	pw_proto_string(p, INTERNED_STRING, string);
	pw_proto_close(p, entry);
}

static void put_clock(struct pw_proto *p, unsigned int id, uint64_t ns)
{
	const size_t clock = pw_proto_open(p, CLOCK_SNAPSHOT_CLOCKS);

	pw_proto_number(p, CLOCK_ID, id);
	pw_proto_number(p, CLOCK_TIMESTAMP, ns);
	pw_proto_close(p, clock);
}

/*
 * Times are CLOCK_MONOTONIC, but scheduling events can only be in CLOCK_BOOTTIME. The two
 * differ by the time the machine was suspended; the trace sets them equal.
 */
static void put_clocks(struct pw_proto *p, uint64_t monotonic, int64_t realtime)
{
	const size_t snapshot = pw_proto_open(p, PACKET_CLOCK_SNAPSHOT);

	put_clock(p, CLOCK_IS_BOOTTIME, monotonic);
	put_clock(p, CLOCK_IS_MONOTONIC, monotonic);
	if (realtime > 0)
		put_clock(p, CLOCK_IS_REALTIME, (uint64_t)realtime);
	pw_proto_number(p, CLOCK_SNAPSHOT_PRIMARY, CLOCK_IS_MONOTONIC);
	pw_proto_close(p, snapshot);
}

/* One packet for all of it: a reader can place no other packet in time before it knows the clocks. */
void pw_trace_begin(struct pw_trace *t, FILE *out, uint64_t monotonic, int64_t realtime)
{
	size_t interned;

	*t = (struct pw_trace){.out = out};
	start_packet(t, monotonic, SEQUENCE_STATE_CLEARED | SEQUENCE_NEEDS_STATE);
	interned = pw_proto_open(&t->packet, PACKET_INTERNED_DATA);
	for (uint64_t i = 1; i < PW_NAME_COUNT; i++)
		intern(&t->packet, INTERNED_EVENT_NAMES, i, event_names[i]);
	for (uint64_t i = 1; i < PW_ANNOTATION_NAME_COUNT; i++)
		intern(&t->packet, INTERNED_ANNOTATION_NAMES, i, annotation_names[i]);
	pw_proto_close(&t->packet, interned);
	put_clocks(&t->packet, monotonic, realtime);
	pw_packet_close(t);
}

int pw_trace_end(struct pw_trace *t)
{
	const bool failed = t->packet.failed || t->text.failed;

	pw_proto_free(&t->packet);
	pw_text_free(&t->text);
	if (failed)
		return -ENOMEM;
	errno = 0;
	if (fflush(t->out) || ferror(t->out))
		return errno ? -errno : -EIO;
	return 0;
}

void pw_trace_bytes(struct pw_trace *t, struct pw_proto *to, unsigned int field, const char *bytes, size_t n)
{
	pw_text_clear(&t->text);
	pw_text_escaped(&t->text, bytes, n, PW_AS_UTF8);
	pw_proto_bytes(to, field, pw_text_get(&t->text), t->text.length);
}

void pw_trace_task_state(struct pw_trace *t, uint64_t ts, uint32_t tid, unsigned int state)
{
	size_t task;

	pw_packet_open(t, ts);
	task = pw_proto_open(&t->packet, PACKET_TASK_STATE);
	pw_proto_number(&t->packet, TASK_TID, tid);
	pw_proto_number(&t->packet, TASK_STATE, state);
	pw_proto_close(&t->packet, task);
	pw_packet_close(t);
}

uint64_t pw_trace_syscall(struct pw_trace *t, uint64_t ts, int nr)
{
	const char *name;
	char number[32];
	size_t interned;

	if (nr < 0 || nr >= PW_TRACE_SYSCALLS)
		return 0;
	if (!t->syscall_interned[nr]) {
		t->syscall_interned[nr] = true;
		name = pw_syscall_name(nr);
		snprintf(number, sizeof(number), "syscall_%d", nr);
		pw_packet_open(t, ts);
		interned = pw_proto_open(&t->packet, PACKET_INTERNED_DATA);
		intern(&t->packet, INTERNED_KERNEL_SYMBOLS, (uint64_t)nr + 1, name ? name : number);
		pw_proto_close(&t->packet, interned);
		pw_packet_close(t);
	}
	return (uint64_t)nr + 1;
}
