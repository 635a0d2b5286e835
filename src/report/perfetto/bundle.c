// SPDX-License-Identifier: GPL-2.0-only
#include "report/perfetto/bundle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BUNDLE_EVENTS 1024

/* The idle task, and whoever is not watched. */
static const char idle[] = "swapper";

void pw_bundles_begin(struct pw_bundles *b, struct pw_trace *trace, const struct pw_model *model)
{
	*b = (struct pw_bundles){.trace = trace, .model = model};
}

/* The CPU's bundle; NULL when memory is short. */
static struct pw_bundle *bundle_of(struct pw_bundles *b, uint16_t cpu)
{
	if (cpu >= b->count && !b->failed) {
		const size_t count = (size_t)cpu + 1;
		struct pw_bundle *at = realloc(b->at, count * sizeof(*at));

		if (at) {
			memset(at + b->count, 0, (count - b->count) * sizeof(*at));
			b->at = at;
			b->count = count;
		}
		b->failed = !at;
	}
	return b->failed ? NULL : &b->at[cpu];
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

static void put_switches(struct pw_trace *t, struct pw_bundle *c)
{
	const size_t compact = pw_proto_open(&t->packet, BUNDLE_COMPACT);

	put_column(&t->packet, COMPACT_TIMESTAMP, &c->timestamp);
	put_column(&t->packet, COMPACT_PREV_STATE, &c->prev_state);
	put_column(&t->packet, COMPACT_NEXT_PID, &c->next_pid);
	put_column(&t->packet, COMPACT_NEXT_PRIO, &c->next_prio);
	for (size_t i = 0; i < c->n_names; i++)
		pw_trace_bytes(t, &t->packet, COMPACT_NAMES, c->names[i], strnlen(c->names[i], PW_COMM_LEN));
	put_column(&t->packet, COMPACT_NEXT_NAME, &c->next_name);
	pw_proto_close(&t->packet, compact);
}

/* The events were encoded as they came; their tags and lengths are with them. */
static void put_events(struct pw_proto *p, struct pw_proto *events)
{
	p->failed |= events->failed;
	pw_proto_raw(p, events->at, events->used);
	pw_proto_clear(events);
}

static void flush(struct pw_bundles *b, size_t cpu, uint64_t ts)
{
	struct pw_bundle *c = &b->at[cpu];
	struct pw_trace *t = b->trace;
	const bool lost = lost_between(b->model, cpu, c->flushed, ts);
	size_t bundle;

	if (!c->n && !lost)
		return;
	pw_packet_open(t, ts);
	bundle = pw_proto_open(&t->packet, PACKET_FTRACE_EVENTS);
	pw_proto_number(&t->packet, BUNDLE_CPU, cpu);
	put_events(&t->packet, &c->events);
	if (lost)
		pw_proto_number(&t->packet, BUNDLE_LOST_EVENTS, true);
	if (c->n_names)
		put_switches(t, c);
	pw_proto_close(&t->packet, bundle);
	pw_packet_close(t);
	c->n_names = c->n = 0;
	c->last = 0;
	c->flushed = ts;
}

static void close_bundle(struct pw_bundle *c)
{
	pw_proto_free(&c->timestamp);
	pw_proto_free(&c->prev_state);
	pw_proto_free(&c->next_pid);
	pw_proto_free(&c->next_prio);
	pw_proto_free(&c->next_name);
	pw_proto_free(&c->events);
}

/* ---- switches */

static size_t index_of_name(struct pw_bundle *c, const char *name)
{
	size_t i = 0;

	while (i < c->n_names && c->names[i] != name && strncmp(c->names[i], name, PW_COMM_LEN) != 0)
		i++;
	if (i == c->n_names)
		c->names[c->n_names++] = name;
	return i;
}

static void put_switch(struct pw_bundles *b, uint16_t cpu, uint64_t ts, uint32_t prev_state,
		       const struct pw_thread *next)
{
	struct pw_bundle *c = &b->at[cpu];

	if (c->n >= BUNDLE_EVENTS || c->n_names == PW_BUNDLE_NAMES)
		flush(b, cpu, ts);
	pw_proto_varint(&c->timestamp, ts - c->last);
	pw_proto_varint(&c->prev_state, prev_state);
	pw_proto_varint(&c->next_pid, next ? next->tid : 0);
	pw_proto_varint(&c->next_prio, 0);
	pw_proto_varint(&c->next_name, index_of_name(c, next ? next->comm : idle));
	c->last = ts;
	c->n++;
}

/* Who left is told together with who came, or with the idle task once the CPU was seen free. */
static void settle(struct pw_bundles *b, uint16_t cpu)
{
	struct pw_bundle *c = &b->at[cpu];

	if (c->leaving)
		put_switch(b, cpu, c->left, c->left_state, NULL);
	c->leaving = false;
}

void pw_bundle_on(struct pw_bundles *b, uint16_t cpu, uint64_t ts, const struct pw_thread *t)
{
	struct pw_bundle *c = bundle_of(b, cpu);

	if (!c)
		return;
	/* A CPU's first compact switch is only taken as a hint of who is there: it must not be a real one. */
	if (!c->begun)
		put_switch(b, cpu, ts, 0, NULL);
	c->begun = true;
	if (c->left != ts)
		settle(b, cpu);
	put_switch(b, cpu, ts, c->leaving ? c->left_state : 0, t);
	c->leaving = false;
	c->on = t;
}

bool pw_bundle_off(struct pw_bundles *b, uint16_t cpu, uint64_t ts, const struct pw_thread *t, uint32_t state)
{
	struct pw_bundle *c = bundle_of(b, cpu);

	if (!c || c->on != t)
		return false;
	c->on = NULL;
	c->leaving = true;
	c->left = ts;
	c->left_state = state;
	return true;
}

/* ---- single events */

/* An event raised by by; returns the mark of what is in it. */
static size_t open_event(struct pw_bundle *c, size_t *event, uint64_t ts, uint32_t by, unsigned int kind)
{
	*event = pw_proto_open(&c->events, BUNDLE_EVENT);
	pw_proto_number(&c->events, FTRACE_TIMESTAMP, ts);
	pw_proto_number(&c->events, FTRACE_PID, by);
	return pw_proto_open(&c->events, kind);
}

static void close_event(struct pw_bundles *b, uint16_t cpu, uint64_t ts, size_t event, size_t body)
{
	struct pw_bundle *c = &b->at[cpu];

	pw_proto_close(&c->events, body);
	pw_proto_close(&c->events, event);
	if (++c->n >= BUNDLE_EVENTS)
		flush(b, cpu, ts);
}

void pw_bundle_waking(struct pw_bundles *b, uint16_t cpu, uint64_t ts, const struct pw_thread *t, uint32_t by)
{
	struct pw_bundle *c = bundle_of(b, cpu);
	size_t event, body;

	if (!c)
		return;
	body = open_event(c, &event, ts, by, FTRACE_WAKING);
	pw_trace_bytes(b->trace, &c->events, WAKING_COMM, t->comm, strnlen(t->comm, PW_COMM_LEN));
	pw_proto_number(&c->events, WAKING_PID, t->tid);
	close_event(b, cpu, ts, event, body);
}

void pw_bundle_blocked_in(struct pw_bundles *b, uint16_t cpu, uint64_t ts, uint32_t tid, int syscall)
{
	const uint64_t caller = pw_trace_syscall(b->trace, ts, syscall);
	struct pw_bundle *c = caller ? bundle_of(b, cpu) : NULL;
	size_t event, body;

	if (!c)
		return;
	body = open_event(c, &event, ts, tid, FTRACE_BLOCKED_REASON);
	pw_proto_number(&c->events, BLOCKED_PID, tid);
	pw_proto_number(&c->events, BLOCKED_CALLER, caller);
	close_event(b, cpu, ts, event, body);
}

void pw_bundle_rename(struct pw_bundles *b, uint16_t cpu, uint64_t ts, uint32_t tid, const char *comm)
{
	struct pw_bundle *c = bundle_of(b, cpu);
	size_t event, body;

	if (!c)
		return;
	body = open_event(c, &event, ts, tid, FTRACE_RENAME);
	pw_proto_number(&c->events, RENAME_PID, tid);
	pw_trace_bytes(b->trace, &c->events, RENAME_NEW, comm, strnlen(comm, PW_COMM_LEN));
	close_event(b, cpu, ts, event, body);
}

void pw_bundle_free(struct pw_bundles *b, uint16_t cpu, uint64_t ts, const struct pw_thread *t)
{
	struct pw_bundle *c = bundle_of(b, cpu);
	size_t event, body;

	if (!c)
		return;
	body = open_event(c, &event, ts, 0, FTRACE_FREE);
	pw_trace_bytes(b->trace, &c->events, FREE_COMM, t->comm, strnlen(t->comm, PW_COMM_LEN));
	pw_proto_number(&c->events, FREE_PID, t->tid);
	close_event(b, cpu, ts, event, body);
}

int pw_bundles_end(struct pw_bundles *b, uint64_t ts)
{
	for (size_t i = 0; i < pw_model_lost_count(b->model); i++)
		if (pw_model_lost(b->model, i)->cpu < PW_TRACE_CPUS)
			bundle_of(b, pw_model_lost(b->model, i)->cpu);
	for (size_t cpu = 0; cpu < b->count; cpu++) {
		settle(b, (uint16_t)cpu);
		flush(b, cpu, ts);
		close_bundle(&b->at[cpu]);
	}
	free(b->at);
	return b->failed ? -ENOMEM : 0;
}
