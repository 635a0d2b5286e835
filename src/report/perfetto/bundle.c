/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/perfetto/bundle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

#define BUNDLE_EVENTS 1024

/* The name of the idle task, which also stands for every thread that is not watched. */
static const char idle[] = "swapper";

void pw_bundles_init(struct pw_bundles *b, struct pw_trace *trace, const struct pw_model *model)
{
	*b = (struct pw_bundles){.trace = trace, .model = model};
}

/* Returns the CPU's bundle; NULL when memory is short. */
static struct pw_bundle *bundle_of(struct pw_bundles *b, uint16_t cpu)
{
	if (b->failed)
		return NULL;
	if (pw_array_reserve(&b->at, &b->room, (size_t)cpu + 1, sizeof(*b->at))) {
		b->failed = true;
		return NULL;
	}
	while (b->count <= cpu)
		b->at[b->count++] = (struct pw_bundle){0};
	return &b->at[cpu];
}

/* ---- a bundle becomes a packet */

static bool lost_between(const struct pw_model *m, size_t cpu, uint64_t from, uint64_t to)
{
	for (size_t i = 0; i < pw_model_lost_count(m); i++) {
		const struct pw_lost_range *range = pw_model_lost(m, i);

		if (range->cpu == cpu && range->from > from && range->from <= to)
			return true;
	}
	return false;
}

static void put_column(struct pw_proto *p, unsigned int field, struct pw_proto *column)
{
	pw_proto_bytes(p, field, column->at, column->used);
	p->failed |= column->failed;
	pw_proto_clear(column);
}

static void put_switches(struct pw_trace *t, struct pw_bundle *bundle)
{
	const size_t compact = pw_proto_open(&t->packet, BUNDLE_COMPACT);

	put_column(&t->packet, COMPACT_TIMESTAMP, &bundle->timestamp);
	put_column(&t->packet, COMPACT_PREV_STATE, &bundle->prev_state);
	put_column(&t->packet, COMPACT_NEXT_PID, &bundle->next_pid);
	put_column(&t->packet, COMPACT_NEXT_PRIO, &bundle->next_prio);
	for (size_t i = 0; i < bundle->n_names; i++)
		pw_trace_bytes(t, &t->packet, COMPACT_NAMES, bundle->names[i],
			       strnlen(bundle->names[i], PW_COMM_LEN));
	put_column(&t->packet, COMPACT_NEXT_NAME, &bundle->next_name);
	pw_proto_close(&t->packet, compact);
}

/* The events are encoded fields already, with their keys. */
static void put_events(struct pw_proto *p, struct pw_proto *events)
{
	p->failed |= events->failed;
	pw_proto_raw(p, events->at, events->used);
	pw_proto_clear(events);
}

static void flush(struct pw_bundles *b, size_t cpu, uint64_t ts)
{
	struct pw_bundle *bundle = &b->at[cpu];
	struct pw_trace *t = b->trace;
	const bool lost = lost_between(b->model, cpu, bundle->flushed, ts);
	size_t message;

	if (!bundle->count && !lost)
		return;
	pw_packet_open(t, ts);
	message = pw_proto_open(&t->packet, PACKET_FTRACE_EVENTS);
	pw_proto_number(&t->packet, BUNDLE_CPU, cpu);
	put_events(&t->packet, &bundle->events);
	if (lost)
		pw_proto_number(&t->packet, BUNDLE_LOST_EVENTS, true);
	if (bundle->n_names)
		put_switches(t, bundle);
	pw_proto_close(&t->packet, message);
	pw_packet_close(t);
	bundle->n_names = bundle->count = 0;
	bundle->last = 0;
	bundle->flushed = ts;
}

static void close_bundle(struct pw_bundle *bundle)
{
	pw_proto_free(&bundle->timestamp);
	pw_proto_free(&bundle->prev_state);
	pw_proto_free(&bundle->next_pid);
	pw_proto_free(&bundle->next_prio);
	pw_proto_free(&bundle->next_name);
	pw_proto_free(&bundle->events);
}

/* ---- switches */

static size_t index_of_name(struct pw_bundle *bundle, const char *name)
{
	size_t i = 0;

	while (i < bundle->n_names && bundle->names[i] != name &&
	       strncmp(bundle->names[i], name, PW_COMM_LEN) != 0)
		i++;
	if (i == bundle->n_names)
		bundle->names[bundle->n_names++] = name;
	return i;
}

static void put_switch(struct pw_bundles *b, uint16_t cpu, uint64_t ts, uint32_t prev_state,
		       const struct pw_change_iter *next)
{
	struct pw_bundle *bundle = &b->at[cpu];

	if (bundle->count >= BUNDLE_EVENTS || bundle->n_names == PW_BUNDLE_NAMES)
		flush(b, cpu, ts);
	pw_proto_varint(&bundle->timestamp, ts - bundle->last);
	pw_proto_varint(&bundle->prev_state, prev_state);
	pw_proto_varint(&bundle->next_pid, next ? next->tid : 0);
	pw_proto_varint(&bundle->next_prio, 0);
	pw_proto_varint(&bundle->next_name, index_of_name(bundle, next ? next->thread->comm : idle));
	bundle->last = ts;
	bundle->count++;
}

/* A switch is written when its successor is known. If none came at once, the CPU was idle in between. */
static void write_switch_to_idle(struct pw_bundles *b, uint16_t cpu)
{
	struct pw_bundle *bundle = &b->at[cpu];

	if (bundle->leaving)
		put_switch(b, cpu, bundle->left_at, bundle->left_state, NULL);
	bundle->leaving = false;
}

void pw_bundle_switch_in(struct pw_bundles *b, const struct pw_change_iter *next)
{
	struct pw_bundle *bundle = bundle_of(b, next->cpu);

	if (!bundle)
		return;
	/* The importer takes a CPU's first compact switch only as a hint of what runs there: it must not be real. */
	if (!bundle->begun)
		put_switch(b, next->cpu, next->at, 0, NULL);
	bundle->begun = true;
	if (bundle->left_at != next->at)
		write_switch_to_idle(b, next->cpu);
	put_switch(b, next->cpu, next->at, bundle->leaving ? bundle->left_state : 0, next);
	bundle->leaving = false;
	bundle->current = next->thread;
}

bool pw_bundle_switch_out(struct pw_bundles *b, const struct pw_change_iter *prev, uint32_t state)
{
	struct pw_bundle *bundle = bundle_of(b, prev->cpu);

	if (!bundle || bundle->current != prev->thread)
		return false;
	bundle->current = NULL;
	bundle->leaving = true;
	bundle->left_at = prev->at;
	bundle->left_state = state;
	return true;
}

/* ---- other events */

struct open_event {
	struct pw_proto *p;
	size_t event, body;
};

/* Opens an event of this kind that the task `by` raised. False: memory is short. */
static bool begin_event(struct pw_bundles *b, const struct pw_change_iter *it, uint64_t ts, uint32_t by,
			unsigned int kind, struct open_event *e)
{
	struct pw_bundle *bundle = bundle_of(b, it->cpu);

	if (!bundle)
		return false;
	e->p = &bundle->events;
	e->event = pw_proto_open(e->p, BUNDLE_EVENT);
	pw_proto_number(e->p, FTRACE_TIMESTAMP, ts);
	pw_proto_number(e->p, FTRACE_PID, by);
	e->body = pw_proto_open(e->p, kind);
	return true;
}

static void end_event(struct pw_bundles *b, const struct pw_change_iter *it, const struct open_event *e)
{
	pw_proto_close(e->p, e->body);
	pw_proto_close(e->p, e->event);
	if (++b->at[it->cpu].count >= BUNDLE_EVENTS)
		flush(b, it->cpu, it->at);
}

static void put_comm(struct pw_bundles *b, const struct open_event *e, unsigned int field, const char *comm)
{
	pw_trace_bytes(b->trace, e->p, field, comm, strnlen(comm, PW_COMM_LEN));
}

void pw_bundle_waking(struct pw_bundles *b, const struct pw_change_iter *it, uint32_t by)
{
	struct open_event e;

	if (!begin_event(b, it, it->at, by, FTRACE_WAKING, &e))
		return;
	put_comm(b, &e, WAKING_COMM, it->thread->comm);
	pw_proto_number(e.p, WAKING_PID, it->tid);
	end_event(b, it, &e);
}

void pw_bundle_blocked_in(struct pw_bundles *b, const struct pw_change_iter *it, uint64_t ts, int syscall)
{
	const uint64_t caller = pw_trace_syscall(b->trace, ts, syscall);
	struct open_event e;

	if (!caller || !begin_event(b, it, ts, it->tid, FTRACE_BLOCKED_REASON, &e))
		return;
	pw_proto_number(e.p, BLOCKED_PID, it->tid);
	pw_proto_number(e.p, BLOCKED_CALLER, caller);
	end_event(b, it, &e);
}

void pw_bundle_rename(struct pw_bundles *b, const struct pw_change_iter *it, uint64_t ts, const char *comm)
{
	struct open_event e;

	if (!begin_event(b, it, ts, it->tid, FTRACE_RENAME, &e))
		return;
	pw_proto_number(e.p, RENAME_PID, it->tid);
	put_comm(b, &e, RENAME_NEW, comm);
	end_event(b, it, &e);
}

void pw_bundle_free(struct pw_bundles *b, const struct pw_change_iter *it)
{
	struct open_event e;

	if (!begin_event(b, it, it->at, 0, FTRACE_FREE, &e))
		return;
	put_comm(b, &e, FREE_COMM, it->thread->comm);
	pw_proto_number(e.p, FREE_PID, it->tid);
	end_event(b, it, &e);
}

int pw_bundles_finish(struct pw_bundles *b, uint64_t ts)
{
	for (size_t i = 0; i < pw_model_lost_count(b->model); i++)
		if (pw_model_lost(b->model, i)->cpu < PW_TRACE_CPUS)
			bundle_of(b, pw_model_lost(b->model, i)->cpu);
	for (size_t cpu = 0; cpu < b->count; cpu++) {
		write_switch_to_idle(b, (uint16_t)cpu);
		flush(b, cpu, ts);
		close_bundle(&b->at[cpu]);
	}
	free(b->at);
	return b->failed ? -ENOMEM : 0;
}
