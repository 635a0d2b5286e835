/* SPDX-License-Identifier: GPL-2.0-only */
/* Lanes to events. Nothing is trusted, because a recording may come from anywhere. */
#include <errno.h>

#include "recording/block.h"

static uint64_t take_split(struct pw_block_in *b, enum pw_lane low)
{
	const uint64_t value = pw_take_u8(&b->lanes[low]);

	return value | pw_take_varint(&b->lanes[low + 1]) << 8;
}

/* Returns the number of a task. 0: there is no such task, or memory is short (*err). */
static uint32_t take_task(struct pw_block_in *b, uint32_t expected, uint64_t ts, int *err)
{
	struct pw_taker *body = &b->lanes[PW_LANE_BODY];
	const uint64_t code = pw_take_varint(&b->lanes[PW_LANE_TASK]);
	uint32_t number;

	if (code == 1)
		return expected;
	if (code)
		return code - 1 < b->tasks.n ? b->tasks.n - (uint32_t)(code - 1) : 0;
	number = (uint32_t)pw_take_varint(body);
	number = pw_tasks_add(&b->tasks, number, ts - pw_unzigzag(pw_take_varint(body)));
	*err = number ? 0 : -ENOMEM;
	return number;
}

/* ---- a switch */

static uint8_t take_way(struct pw_block_in *b, struct pw_switch *sw)
{
	struct pw_taker *odd = &b->lanes[PW_LANE_ODD];
	unsigned int number = pw_take_u8(&b->lanes[PW_LANE_STATE]);
	struct pw_way way = {0};

	if (number) {
		b->lanes[PW_LANE_STATE].bad |= number >= b->tasks.n_ways;
		way = number < b->tasks.n_ways ? b->tasks.ways[number] : way;
	} else {
		way.state = (uint32_t)pw_take_varint(odd);
		way.syscall = (int16_t)pw_unzigzag(pw_take_varint(odd));
		way.exit_state = pw_take_u8(odd);
		number = pw_way_add(&b->tasks, &way);
	}
	sw->prev_state = way.state;
	sw->prev_syscall = way.syscall;
	sw->prev_exit_state = way.exit_state;
	return (uint8_t)number;
}

static uint8_t take_prev(struct pw_block_in *b, struct pw_switch *sw, uint32_t prev, uint8_t bits)
{
	struct pw_taker *odd = &b->lanes[PW_LANE_ODD];
	const uint8_t way = take_way(b, sw);
	const struct pw_expected expected =
		pw_expect(&b->tasks.at[prev], sw->h.ts, sw->prev_state, sw->h.flags);

	sw->prev_runtime = expected.runtime + pw_unzigzag(take_split(b, PW_LANE_RUN_LOW));
	sw->prev_nvcsw = expected.nvcsw;
	sw->prev_nivcsw = expected.nivcsw;
	if (bits & PW_SWITCH_BIT_COUNTERS) {
		sw->prev_nvcsw += (uint32_t)pw_take_varint(odd);
		sw->prev_nivcsw += (uint32_t)pw_take_varint(odd);
	}
	return way;
}

static int take_switch(struct pw_block_in *b)
{
	const uint8_t bits = pw_take_u8(&b->lanes[PW_LANE_BITS]);
	struct pw_switch *sw = &b->event.as_switch;
	uint32_t prev = b->tasks.cpu[sw->h.cpu], next;
	uint8_t way = 0;
	int err = 0;

	memset((char *)sw + sizeof(sw->h), 0, sizeof(*sw) - sizeof(sw->h));
	if (bits & PW_SWITCH_BIT_PREV)
		prev = take_task(b, 0, sw->h.ts, &err);
	next = err ? 0 : take_task(b, pw_tasks_next(&b->tasks, sw->h.cpu), sw->h.ts, &err);
	if (!prev || !next)
		return err ? err : -EBADMSG;
	sw->h.tid = b->tasks.at[prev].tid;
	sw->h.start = b->tasks.at[prev].start;
	sw->next_tid = b->tasks.at[next].tid;
	sw->next_start = b->tasks.at[next].start;
	if (sw->h.flags & PW_PREV_WATCHED)
		way = take_prev(b, sw, prev, bits);
	if (bits & PW_SWITCH_BIT_WOKEN) {
		sw->woken = sw->h.ts - take_split(b, PW_LANE_WOKEN_LOW);
		sw->waker_tid = b->tasks.at[next].waker;
		if (bits & PW_SWITCH_BIT_WAKER)
			sw->waker_tid = (uint32_t)pw_take_varint(&b->lanes[PW_LANE_ODD]);
	}
	pw_tasks_learn(&b->tasks, sw, prev, next, way, bits & PW_SWITCH_BIT_WOKEN);
	return 0;
}

/* ---- everything else */

static void store(uint8_t *at, const struct pw_field *field, uint64_t value)
{
	uint32_t u32 = (uint32_t)value;
	uint16_t u16 = (uint16_t)value;

	switch (field->size) {
	case 1:
		*at = (uint8_t)value;
		break;
	case 2:
		memcpy(at, &u16, sizeof(u16));
		break;
	case 4:
		memcpy(at, &u32, sizeof(u32));
		break;
	default:
		memcpy(at, &value, sizeof(value));
		break;
	}
}

/* Takes up to max bytes; more are an error. Returns how many. */
static size_t take_text(struct pw_taker *in, uint8_t *to, size_t max, const char *expected)
{
	const uint64_t code = pw_take_varint(in);
	const uint64_t n = code ? code - 1 : strlen(expected);
	const uint8_t *text = (const uint8_t *)expected;

	if (code)
		text = n <= max ? pw_take(in, n) : NULL;
	if (!text || n > max) {
		in->bad = true;
		return 0;
	}
	memcpy(to, text, n);
	return n;
}

static void take_field(struct pw_block_in *b, struct pw_taker *in, uint32_t number, size_t i)
{
	struct pw_event *event = &b->event.h;
	const struct pw_field *field = &pw_fields[event->kind].at[i];
	uint8_t *at = (uint8_t *)event + field->offset;
	uint64_t value;
	size_t n;

	if (!pw_left(in)) { /* an older minor version did not have it */
		memset(at, 0, field->size);
		if (field->type == PW_ARGV)
			b->event.as_exec.argv_len = 0;
		return;
	}
	switch (field->type) {
	case PW_NUMBER:
		value = pw_expect_number(&b->tasks, &b->last, event, number, i) +
			pw_unzigzag(pw_take_varint(in));
		b->last.at[event->kind][i] = value;
		store(at, field, value);
		break;
	case PW_TEXT:
		n = take_text(in, at, field->size - 1u, pw_expect_text(&b->tasks, event, number, i));
		memset(at + n, 0, field->size - n);
		break;
	case PW_ARGV:
		b->event.as_exec.argv_len = (uint32_t)take_text(in, at, field->size, "");
		break;
	}
}

static int take_other(struct pw_block_in *b, bool *known)
{
	struct pw_taker *body = &b->lanes[PW_LANE_BODY];
	struct pw_event *event = &b->event.h;
	int err = 0;
	const uint32_t number = take_task(b, b->tasks.cpu[event->cpu], event->ts, &err);
	const uint64_t n = pw_take_varint(body);
	struct pw_taker record = {.at = body->at};

	if (!number || !pw_take(body, n))
		return err ? err : -EBADMSG;
	record.end = body->at;
	event->tid = b->tasks.at[number].tid;
	event->start = b->tasks.at[number].start;
	*known = pw_event_size(event->kind) != 0;
	for (size_t i = 0; *known && i < pw_fields[event->kind].n; i++)
		take_field(b, &record, number, i);
	if (*known && !record.bad)
		pw_tasks_learn_process(&b->tasks, event, number);
	return record.bad ? -EBADMSG : 0;
}

/* ---- all of them */

static bool all_sound(const struct pw_block_in *b, bool over)
{
	for (size_t i = 0; i < PW_LANE_COUNT; i++)
		if (b->lanes[i].bad || (over && b->lanes[i].at != b->lanes[i].end))
			return false;
	return true;
}

static int take_event(struct pw_block_in *b, bool *known)
{
	struct pw_event *h = &b->event.h;
	int err;

	h->kind = pw_take_u8(&b->lanes[PW_LANE_KIND]);
	h->flags = pw_take_u8(&b->lanes[PW_LANE_FLAGS]);
	h->cpu = (uint16_t)pw_take_varint(&b->lanes[PW_LANE_CPU]);
	h->ts = b->tasks.ts + take_split(b, PW_LANE_TIME_LOW);
	b->tasks.ts = h->ts;
	*known = true;
	err = h->kind == PW_EV_SWITCH ? take_switch(b) : take_other(b, known);
	b->done++;
	if (!err && !all_sound(b, false))
		err = -EBADMSG;
	return err;
}

int pw_block_next(struct pw_block_in *b, const struct pw_event **event)
{
	bool known = false;
	int err = 0;

	*event = NULL;
	while (!err && !known && b->done < b->count)
		err = take_event(b, &known);
	if (!err && known)
		*event = &b->event.h;
	else if (!err && !all_sound(b, true))
		err = -EBADMSG;
	return err;
}
