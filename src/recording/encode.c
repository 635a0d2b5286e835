/* SPDX-License-Identifier: GPL-2.0-only */
/* Events to lanes. */
#include <errno.h>

#include "recording/block.h"

/* Most numbers are noise in their lowest byte and repeat above it; in a lane of their own, the upper bytes nearly vanish. */
static void put_split(struct pw_block_out *b, enum pw_lane low, uint64_t value)
{
	pw_put_u8(&b->lanes[low], (uint8_t)value);
	pw_put_varint(&b->lanes[low + 1], value >> 8);
}

/* The number of a task, which is added if it is new (*known false). 0: memory is short. */
static uint32_t number_of(struct pw_block_out *b, uint32_t tid, uint64_t start, bool *known)
{
	uint32_t number = pw_tasks_find(&b->tasks, tid, start);

	*known = number != 0;
	return number ? number : pw_tasks_add(&b->tasks, tid, start);
}

/* Most often it is the expected task, else one that was added lately. */
static void put_task(struct pw_block_out *b, uint32_t number, uint32_t expected, bool known, uint64_t ts)
{
	const struct pw_task *task = &b->tasks.at[number];

	if (known && number == expected)
		pw_put_varint(&b->lanes[PW_LANE_TASK], 1);
	else
		pw_put_varint(&b->lanes[PW_LANE_TASK], known ? b->tasks.n - number + 1 : 0);
	if (!known) {
		pw_put_varint(&b->lanes[PW_LANE_BODY], task->tid);
		pw_put_varint(&b->lanes[PW_LANE_BODY], pw_zigzag(ts - task->start));
	}
}

/* ---- a switch */

static uint8_t put_way(struct pw_block_out *b, const struct pw_switch *sw, const struct pw_task *task)
{
	const struct pw_way way = {sw->prev_state, sw->prev_syscall, sw->prev_exit_state};
	unsigned int number = pw_way_find(&b->tasks, task, &way);
	struct pw_bytes *odd = &b->lanes[PW_LANE_ODD];

	pw_put_u8(&b->lanes[PW_LANE_STATE], (uint8_t)number);
	if (number)
		return (uint8_t)number;
	pw_put_varint(odd, way.state);
	pw_put_varint(odd, pw_zigzag((uint64_t)(int64_t)way.syscall));
	pw_put_u8(odd, way.exit_state);
	return (uint8_t)pw_way_add(&b->tasks, &way);
}

/* The way in which prev left, and its account. Returns the number of the way. */
static uint8_t put_prev(struct pw_block_out *b, const struct pw_switch *sw, uint32_t prev, uint8_t *bits)
{
	const struct pw_task *task = &b->tasks.at[prev];
	const struct pw_expected expected = pw_expect(task, sw->h.ts, sw->prev_state, sw->h.flags);
	struct pw_bytes *odd = &b->lanes[PW_LANE_ODD];
	const uint8_t way = put_way(b, sw, task);

	put_split(b, PW_LANE_RUN_LOW, pw_zigzag(sw->prev_runtime - expected.runtime));
	if (sw->prev_nvcsw != expected.nvcsw || sw->prev_nivcsw != expected.nivcsw) {
		*bits |= PW_SWITCH_BIT_COUNTERS;
		pw_put_varint(odd, sw->prev_nvcsw - expected.nvcsw);
		pw_put_varint(odd, sw->prev_nivcsw - expected.nivcsw);
	}
	return way;
}

static void put_wakeup(struct pw_block_out *b, const struct pw_switch *sw, uint32_t next, uint8_t *bits)
{
	*bits |= PW_SWITCH_BIT_WOKEN;
	put_split(b, PW_LANE_WOKEN_LOW, sw->h.ts - sw->woken);
	if (sw->waker_tid != b->tasks.at[next].waker) {
		*bits |= PW_SWITCH_BIT_WAKER;
		pw_put_varint(&b->lanes[PW_LANE_ODD], sw->waker_tid);
	}
}

/* A preempted task is on a run queue anyway; the model does not need its wake-up. */
static bool has_wakeup(const struct pw_block_out *b, const struct pw_switch *sw, uint32_t next)
{
	return sw->woken && (sw->waker_tid || sw->h.flags & PW_WAKER_IRQ || !b->tasks.at[next].taken_off);
}

static int add_switch(struct pw_block_out *b, const struct pw_switch *sw)
{
	const bool prev_watched = sw->h.flags & PW_PREV_WATCHED, next_watched = sw->h.flags & PW_NEXT_WATCHED;
	bool prev_known, next_known;
	uint8_t bits = 0, way = 0;
	uint32_t prev, next;

	/* The start of an unwatched task is unknown. */
	prev = number_of(b, sw->h.tid, prev_watched ? sw->h.start : 0, &prev_known);
	if (prev && prev != b->tasks.cpu[sw->h.cpu]) {
		bits |= PW_SWITCH_BIT_PREV;
		put_task(b, prev, 0, prev_known, sw->h.ts);
	}
	next = number_of(b, sw->next_tid, next_watched ? sw->next_start : 0, &next_known);
	if (!prev || !next)
		return -ENOMEM;
	put_task(b, next, pw_tasks_next(&b->tasks, sw->h.cpu), next_known, sw->h.ts);
	if (prev_watched)
		way = put_prev(b, sw, prev, &bits);
	if (has_wakeup(b, sw, next))
		put_wakeup(b, sw, next, &bits);
	pw_put_u8(&b->lanes[PW_LANE_BITS], bits);
	pw_tasks_learn(&b->tasks, sw, prev, next, way, bits & PW_SWITCH_BIT_WOKEN);
	return 0;
}

/* ---- everything else */

static uint64_t load(const uint8_t *at, const struct pw_field *field)
{
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	switch (field->size) {
	case 1:
		return *at;
	case 2:
		memcpy(&u16, at, sizeof(u16));
		return u16;
	case 4:
		memcpy(&u32, at, sizeof(u32));
		return field->is_signed ? (uint64_t)(int64_t)(int32_t)u32 : u32;
	default:
		memcpy(&u64, at, sizeof(u64));
		return u64;
	}
}

static void put_text(struct pw_bytes *out, const uint8_t *text, size_t n, const char *expected)
{
	if (n == strlen(expected) && memcmp(text, expected, n) == 0) {
		pw_put_u8(out, 0);
		return;
	}
	pw_put_varint(out, n + 1);
	pw_put(out, text, n);
}

static void put_field(struct pw_block_out *b, const struct pw_event *event, uint32_t number, size_t i)
{
	const struct pw_field *field = &pw_fields[event->kind].at[i];
	const uint8_t *at = (const uint8_t *)event + field->offset;
	uint64_t value;
	size_t n;

	switch (field->type) {
	case PW_NUMBER:
		value = load(at, field);
		pw_put_varint(&b->record,
			      pw_zigzag(value - pw_expect_number(&b->tasks, &b->last, event, number, i)));
		b->last.at[event->kind][i] = value;
		break;
	case PW_TEXT:
		n = strnlen((const char *)at, field->size - 1u);
		put_text(&b->record, at, n, pw_expect_text(&b->tasks, event, number, i));
		break;
	case PW_ARGV: /* the record in memory ends where its arguments do */
		n = ((const struct pw_exec *)event)->argv_len;
		put_text(&b->record, at, n < PW_ARGV_LEN ? n : PW_ARGV_LEN, "");
		break;
	}
}

static int add_other(struct pw_block_out *b, const struct pw_event *event)
{
	bool known;
	const uint32_t number = number_of(b, event->tid, event->start, &known);

	if (!number)
		return -ENOMEM;
	put_task(b, number, b->tasks.cpu[event->cpu], known, event->ts);
	b->record.n = 0;
	for (size_t i = 0; i < pw_fields[event->kind].n; i++)
		put_field(b, event, number, i);
	pw_put_varint(&b->lanes[PW_LANE_BODY], b->record.n);
	pw_put(&b->lanes[PW_LANE_BODY], b->record.at, b->record.n);
	pw_tasks_learn_process(&b->tasks, event, number);
	return b->record.failed ? -ENOMEM : 0;
}

static bool failed(const struct pw_block_out *b)
{
	for (size_t i = 0; i < PW_LANE_COUNT; i++)
		if (b->lanes[i].failed)
			return true;
	return false;
}

int pw_block_add(struct pw_block_out *b, const struct pw_event *event)
{
	const bool is_switch = event->kind == PW_EV_SWITCH;
	int err;

	if (!pw_event_size(event->kind))
		return 0;
	if (!b->count)
		b->first_ts = b->tasks.ts = event->ts;
	pw_put_u8(&b->lanes[PW_LANE_KIND], event->kind);
	pw_put_u8(&b->lanes[PW_LANE_FLAGS], event->flags);
	pw_put_varint(&b->lanes[PW_LANE_CPU], event->cpu);
	put_split(b, PW_LANE_TIME_LOW, event->ts - b->tasks.ts);
	err = is_switch ? add_switch(b, (const struct pw_switch *)event) : add_other(b, event);
	b->last_ts = b->tasks.ts = event->ts;
	b->count++;
	return err || failed(b) ? -ENOMEM : 0;
}
