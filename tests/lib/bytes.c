/* SPDX-License-Identifier: GPL-2.0-only */
#include "lib/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sums of many times still fit. */
#define LATEST (UINT64_C(1) << 56)

static uint8_t take(struct bytes *b)
{
	if (!b->left)
		return 0;
	b->left--;
	return *b->at++;
}

static uint64_t take_raw(struct bytes *b)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | take(b);
	return value;
}

static uint64_t take_count(struct bytes *b)
{
	uint8_t first = take(b);

	return first < 0xf8 ? first : take_raw(b);
}

static uint32_t take_tid(struct bytes *b)
{
	static const uint32_t tids[] = {10, 11, 12, 13, 14, 20, 0, 1};
	uint8_t first = take(b);

	return first < 0xf8 ? tids[first & 7] : (uint32_t)take_raw(b);
}

/* Mostly the one start time a tid has; now and then that of another who had it. */
static uint64_t take_start(struct bytes *b, uint32_t tid)
{
	uint8_t first = take(b);

	if (first < 0xc0)
		return 100 + tid % 32;
	if (first < 0xe0)
		return 100 + tid % 32 + first % 4;
	return first < 0xf8 ? b->ts : take_raw(b) % b->ts;
}

/* A moment not long ago. */
static uint64_t take_past(struct bytes *b)
{
	uint8_t first = take(b);

	if (first == 0xff)
		return take_raw(b) % LATEST;
	return first >= b->ts || first == 0xfe ? 0 : b->ts - first;
}

static void take_comm(struct bytes *b, char comm[PW_COMM_LEN])
{
	uint8_t first = take(b);

	memset(comm, 0, PW_COMM_LEN);
	if (first >= 0xf0) /* all of it, and so perhaps no NUL */
		for (int i = 0; i < PW_COMM_LEN; i++)
			comm[i] = (char)take(b);
	else
		comm[0] = (char)first;
}

/* ---- the fields behind the head, kind by kind */

static void take_birth(struct bytes *b, struct pw_birth *e)
{
	static const uint32_t exit_states[] = {0, 0, 0x20, 0x10};

	e->cgroup_id = take(b) % 4;
	e->tgid = take(b) < 0x80 ? e->h.tid : take_tid(b);
	e->parent_tid = take_tid(b);
	e->parent_tgid = take(b) < 0xc0 ? e->parent_tid : take_tid(b);
	e->parent_start = take_start(b, e->parent_tgid);
	e->uid = take(b);
	e->ns_pid = take(b);
	e->exit_signal = take(b) < 0xc0 ? 17 : (int32_t)take(b) - 1;
	take_comm(b, e->comm);
	take_comm(b, e->parent_comm);
	e->state = (uint32_t)take_count(b);
	e->exit_state = exit_states[take(b) & 3];
	e->exit_code = (uint32_t)take_count(b);
	e->on_cpu = take(b) & 1;
	e->runtime = take_count(b);
	e->nvcsw = take_count(b);
	e->nivcsw = take_count(b);
}

static void take_switch(struct bytes *b, struct pw_switch *e)
{
	static const uint32_t states[] = {0, 1, 2, 4, 8, 0x80, 0x80, 0x402};
	static const uint8_t exits[] = {0, 0x20, 0x10, 0x20};
	uint8_t first = take(b);

	e->next_tid = take_tid(b);
	e->next_start = take_start(b, e->next_tid);
	e->prev_state = first < 0xf8 ? states[first & 7] : (uint32_t)take_raw(b);
	e->prev_runtime = take_count(b);
	e->prev_nvcsw = (uint32_t)take_count(b);
	e->prev_nivcsw = (uint32_t)take_count(b);
	e->prev_syscall = (int16_t)(take_count(b) - 1);
	e->prev_exit_state = exits[take(b) & 3];
	e->waker_tid = take_tid(b);
	e->woken = take_past(b);
}

static void take_exit(struct bytes *b, struct pw_exit *e)
{
	e->tgid = take(b) < 0x80 ? e->h.tid : take_tid(b);
	e->parent_tgid = take_tid(b);
	e->wait_status = (uint32_t)take_count(b);
	e->exit_signal = take(b) < 0xc0 ? 17 : (int32_t)take(b) - 1;
	e->autoreap = take(b) & 3;
	e->runtime = take_count(b);
	e->nvcsw = (uint32_t)take_count(b);
	e->nivcsw = (uint32_t)take_count(b);
	take_comm(b, e->comm);
}

static void take_signal(struct bytes *b, struct pw_signal *e)
{
	uint8_t first = take(b);

	e->from_tgid = first < 0x80 ? e->h.tid : take_tid(b);
	e->to_tid = take_tid(b);
	e->to_tgid = e->to_tid;
	e->to_start = take_start(b, e->to_tgid);
	e->sig = first & 0x40 ? 17 : (int32_t)take_count(b);
	e->code = (int32_t)take_count(b) - 6;
	e->info_pid = e->h.tid;
	e->result = (int32_t)take(b) % 6;
	e->exit_notice = first & 1;
}

static void take_reparent(struct bytes *b, struct pw_reparent *e)
{
	uint8_t first = take(b);

	e->tgid = first & 1 ? e->h.tid : take_tid(b);
	e->new_tid = take_tid(b);
	e->new_tgid = first & 2 ? e->new_tid : take_tid(b);
	e->new_start = take_start(b, e->new_tgid);
	e->child = first & 4 ? 0 : take_tid(b);
	e->ns_init = first >> 3 & 1;
	e->subreaper = first >> 4 & 1;
	take_comm(b, e->comm);
}

static void take_reap(struct bytes *b, struct pw_reap *e)
{
	e->by_tid = take_tid(b);
	e->by_tgid = take(b) < 0xc0 ? e->by_tid : take_tid(b);
	e->hook = take(b) % 3;
	take_comm(b, e->by_comm);
}

static void take_lost(struct bytes *b, struct pw_lost *e)
{
	e->count = take_count(b);
	e->first = take_past(b);
	e->last = take_past(b);
	if (e->last < e->first)
		e->last = e->first;
}

/* An exec record ends with its argv: one that reads on is to be caught. */
static struct pw_event *take_exec(struct bytes *b, const struct pw_event *head)
{
	struct pw_exec e = {.h = *head, .argv_len = take(b)};
	size_t size = offsetof(struct pw_exec, argv) + e.argv_len;
	void *cut = malloc(size);

	e.old_tid = take(b) < 0x80 ? head->tid : take_tid(b);
	take_comm(b, e.comm);
	e.exe[0] = '/';
	for (int i = 1; i < 8; i++)
		e.exe[i] = (char)take(b);
	for (uint32_t i = 0; i < e.argv_len; i++)
		e.argv[i] = (char)take(b);
	return cut ? memcpy(cut, &e, size) : NULL;
}

static void take_mark(struct bytes *b, struct pw_mark *e)
{
	e->name = take(b) % 8;
	e->valued = take(b) & 1;
	e->value = e->valued ? (uint64_t)(int8_t)take(b) << (take(b) & 63) : 0;
}

static void take_mark_name(struct bytes *b, struct pw_mark_name *e)
{
	e->number = take(b) % 8;
	snprintf(e->name, sizeof(e->name), "mark %u", take(b) % 3u);
}

static void take_cgroup(struct bytes *b, struct pw_cgroup *e)
{
	e->cgroup_id = take(b) % 4;
	for (int i = 0; i < 4; i++)
		e->path[i] = (char)take(b);
}

static void take_fields(struct bytes *b, struct pw_event *e)
{
	switch (e->kind) {
	case PW_EV_BIRTH:
		take_birth(b, (struct pw_birth *)e);
		break;
	case PW_EV_SWITCH:
		take_switch(b, (struct pw_switch *)e);
		break;
	case PW_EV_WAKE:
		((struct pw_wake *)e)->waker_tid = take_tid(b);
		((struct pw_wake *)e)->woken = take_past(b);
		break;
	case PW_EV_RENAME:
		take_comm(b, ((struct pw_rename *)e)->comm);
		break;
	case PW_EV_EXIT:
		take_exit(b, (struct pw_exit *)e);
		break;
	case PW_EV_SIGNAL:
		take_signal(b, (struct pw_signal *)e);
		break;
	case PW_EV_REPARENT:
		take_reparent(b, (struct pw_reparent *)e);
		break;
	case PW_EV_REAP:
		take_reap(b, (struct pw_reap *)e);
		break;
	case PW_EV_LOST:
		take_lost(b, (struct pw_lost *)e);
		break;
	case PW_EV_MARK:
		take_mark(b, (struct pw_mark *)e);
		break;
	case PW_EV_MARK_NAME:
		take_mark_name(b, (struct pw_mark_name *)e);
		break;
	case PW_EV_CGROUP:
		take_cgroup(b, (struct pw_cgroup *)e);
		break;
	default:
		break;
	}
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

struct pw_event *take_event(struct bytes *b)
{
	struct pw_event head = {0}, *e;
	size_t size;
	uint8_t step;

	if (!b->left)
		return NULL;
	head.kind = take(b) % (PW_EV_KIND_COUNT + 1);
	step = take(b);
	if (step < 0xfc)
		b->ts += step;
	else if (step == 0xff)
		b->ts = later(b->ts, take_raw(b) % LATEST);
	head.ts = b->ts;
	head.cpu = take(b) & 3;
	head.flags = take(b);
	head.tid = take_tid(b);
	head.start = take_start(b, head.tid);
	if (head.kind == PW_EV_EXEC)
		return take_exec(b, &head);
	size = pw_event_size(head.kind);
	e = calloc(1, size ? size : sizeof(head));
	if (!e)
		return NULL;
	*e = head;
	take_fields(b, e);
	return e;
}

struct event_list random_events(size_t n_bytes, uint32_t seed)
{
	struct event_list events = {0};
	uint8_t *data = malloc(n_bytes);
	struct bytes b = {.at = data, .left = n_bytes, .ts = FIRST_TS};
	struct pw_event *e;

	if (!data)
		abort();
	for (size_t i = 0; i < n_bytes; i++) {
		seed = seed * 1664525u + 1013904223u;
		data[i] = (uint8_t)(seed >> 24);
	}
	for (e = take_event(&b); e; e = take_event(&b)) {
		if (pw_event_size(e->kind) && event_list_sink(&events, e))
			abort();
		free(e);
	}
	free(data);
	return events;
}
