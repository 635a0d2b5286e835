// SPDX-License-Identifier: GPL-2.0-only
#include "report/perfetto/packet.h"

#include <errno.h>
#include <string.h>

#include "util/syscalls.h"

#define SEQUENCE 1

static const char *const event_names[PW_NAME_COUNT] = {
	[PW_NAME_ZOMBIE] = "zombie",
	[PW_NAME_ZOMBIE_AT_MOST] = "zombie, at most so long",
	[PW_NAME_ZOMBIE_UNREAPED] = "zombie, not reaped",
	[PW_NAME_FIRST_RUN] = "first run",
	[PW_NAME_LOST] = "records lost",
	[PW_NAME_UNKNOWN] = "unknown",
	[PW_NAME_NO_CPU] = "running, CPU not known",
};

static const char *const note_names[PW_NOTES_END] = {
	[PW_NOTE_PID] = "pid",
	[PW_NOTE_TID] = "tid",
	[PW_NOTE_NS_PID] = "ns_pid",
	[PW_NOTE_UID] = "uid",
	[PW_NOTE_NAME] = "comm",
	[PW_NOTE_CGROUP] = "cgroup",
	[PW_NOTE_EXE] = "exe",
	[PW_NOTE_ARGV] = "argv",
	[PW_NOTE_PARENT] = "parent",
	[PW_NOTE_ADOPTER] = "adopter",
	[PW_NOTE_SEEDED] = "seeded",
	[PW_NOTE_AFTER_NS] = "after_ns",
	[PW_NOTE_BEGUN_BEFORE_NS] = "exit_began_before_ns",
	[PW_NOTE_CODE] = "exit_code",
	[PW_NOTE_SIGNAL] = "signal",
	[PW_NOTE_CORE] = "core_dumped",
	[PW_NOTE_PRECISION] = "precision",
	[PW_NOTE_BY] = "reaped_by",
	[PW_NOTE_HOW] = "reaped_how",
	[PW_NOTE_LATENCY_NS] = "reap_latency_ns",
	[PW_NOTE_TOTALS_NS] = "totals_ns",
	[PW_NOTE_RUNNING] = "running",
	[PW_NOTE_READY] = "ready",
	[PW_NOTE_BLOCKED] = "blocked",
	[PW_NOTE_STOPPED] = "stopped",
	[PW_NOTE_ZOMBIE] = "zombie",
	[PW_NOTE_UNKNOWN] = "unknown",
	[PW_NOTE_CPU_NS] = "cpu_ns",
	[PW_NOTE_VOLUNTARY] = "voluntary_switches",
	[PW_NOTE_INVOLUNTARY] = "involuntary_switches",
	[PW_NOTE_WAKEUPS] = "wakeups",
	[PW_NOTE_MIGRATIONS] = "migrations",
	[PW_NOTE_CPU] = "cpu",
	[PW_NOTE_VALUE] = "value",
	[PW_NOTE_END_VALUE] = "end_value",
	[PW_NOTE_COUNT] = "count",
	[PW_NOTE_FINDINGS] = "findings",
	[PW_NOTE_VERSION] = "procwatch",
	[PW_NOTE_REAP_HOOK] = "reaps_seen_at",
	[PW_NOTE_REPARENT_HOOK] = "new_parents_seen_at",
	[PW_NOTE_SWITCH_HOOK] = "switches_seen_at",
	[PW_NOTE_RECEIVED] = "records",
	[PW_NOTE_LOST] = "records_lost",
	[PW_NOTE_SKIPPED] = "program_runs_skipped",
	[PW_NOTE_HOLES] = "switches_not_raised",
	[PW_NOTE_DEMO] = "demo",
	[PW_NOTE_CLAIMS] = "the_course_says",
	[PW_NOTE_ID] = "id",
	[PW_NOTE_TEXT] = "claim",
	[PW_NOTE_HELD] = "held",
	[PW_NOTE_EVIDENCE] = "evidence",
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
 * Times are CLOCK_MONOTONIC. Scheduling events can only be in CLOCK_BOOTTIME, which
 * differs by the time the machine was suspended: here the two are one.
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

/* All of it in one packet: no other can be placed in time before the clocks are known. */
void pw_trace_begin(struct pw_trace *t, FILE *out, uint64_t monotonic, int64_t realtime)
{
	size_t interned;

	*t = (struct pw_trace){.out = out};
	start_packet(t, monotonic, SEQUENCE_STATE_CLEARED | SEQUENCE_NEEDS_STATE);
	interned = pw_proto_open(&t->packet, PACKET_INTERNED_DATA);
	for (uint64_t i = 1; i < PW_NAME_COUNT; i++)
		intern(&t->packet, INTERNED_EVENT_NAMES, i, event_names[i]);
	for (uint64_t i = 1; i < PW_NOTES_END; i++)
		intern(&t->packet, INTERNED_NOTE_NAMES, i, note_names[i]);
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
	if (!t->told[nr]) {
		t->told[nr] = true;
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
