/* SPDX-License-Identifier: GPL-2.0-only */
/* Blocks: what a newer minor version may add, and what no version may contain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "recording/block.h"

#define HEAD_LEN 24 /* count, first and last time, number of streams */

static struct pw_rename renamed(uint64_t ts, const char *name)
{
	struct pw_rename ev = {.h = {.ts = ts, .start = 7, .tid = 42, .kind = PW_EV_RENAME}};

	strncpy(ev.comm, name, sizeof(ev.comm) - 1);
	return ev;
}

/* A block of three events; kind is that of the second, which has more fields than it should. */
static struct pw_bytes make_block(uint8_t kind)
{
	const struct pw_rename a = renamed(10, "first"), b = renamed(20, "second"), c = renamed(30, "third");
	struct pw_block_out out;
	struct pw_bytes *body, block = {0};
	size_t start;

	assert_int_equal(pw_block_out_init(&out), 0);
	body = &out.lanes[PW_LANE_BODY];
	assert_int_equal(pw_block_add(&out, &a.h), 0);
	start = body->n;
	assert_int_equal(pw_block_add(&out, &b.h), 0);
	pw_put(body, "appended", 8);
	body->at[start] = (uint8_t)(body->at[start] + 8);
	out.lanes[PW_LANE_KIND].at[1] = kind;
	assert_int_equal(pw_block_add(&out, &c.h), 0);
	assert_int_equal(pw_block_pack(&out, &block), 0);
	pw_block_out_free(&out);
	return block;
}

static void expect_name(struct pw_block_in *in, const char *name)
{
	const struct pw_event *event;

	assert_int_equal(pw_block_next(in, &event), 0);
	if (!name) {
		assert_null(event);
		return;
	}
	assert_non_null(event);
	assert_int_equal(event->kind, PW_EV_RENAME);
	assert_int_equal(event->tid, 42);
	assert_string_equal(((const struct pw_rename *)event)->comm, name);
}

static void test_appended_fields_are_passed_over(void **state)
{
	struct pw_bytes block = make_block(PW_EV_RENAME);
	struct pw_block_in in;

	(void)state;
	assert_int_equal(pw_block_in_init(&in), 0);
	assert_int_equal(pw_block_unpack(&in, block.at, block.n), 0);
	expect_name(&in, "first");
	expect_name(&in, "second");
	expect_name(&in, "third");
	expect_name(&in, NULL);
	pw_block_in_free(&in);
	free(block.at);
}

static void test_unknown_kinds_are_passed_over(void **state)
{
	struct pw_bytes block = make_block(200);
	struct pw_block_in in;

	(void)state;
	assert_int_equal(pw_block_in_init(&in), 0);
	assert_int_equal(pw_block_unpack(&in, block.at, block.n), 0);
	expect_name(&in, "first");
	expect_name(&in, "third");
	expect_name(&in, NULL);
	pw_block_in_free(&in);
	free(block.at);
}

static void test_unknown_lanes_are_passed_over(void **state)
{
	struct pw_bytes block = make_block(PW_EV_RENAME), more = {0};
	const size_t table = HEAD_LEN + 8 * PW_LANE_COUNT;
	struct pw_block_in in;

	(void)state;
	pw_put(&more, block.at, table);
	more.at[HEAD_LEN - 4]++;
	pw_put_le(&more, 1000, 4);
	pw_put_le(&more, 3, 4);
	pw_put(&more, block.at + table, block.n - table);
	pw_put(&more, "abc", 3);
	assert_int_equal(pw_block_in_init(&in), 0);
	assert_int_equal(pw_block_unpack(&in, more.at, more.n), 0);
	expect_name(&in, "first");
	pw_block_in_free(&in);
	free(block.at);
	free(more.at);
}

/* Even with a right checksum nothing in a block is trusted. */
static void test_any_changed_byte_is_survived(void **state)
{
	struct pw_bytes block = make_block(PW_EV_RENAME);
	struct pw_block_in in;

	(void)state;
	assert_int_equal(pw_block_in_init(&in), 0);
	for (size_t i = 0; i < 256 * block.n; i++) {
		const uint8_t before = block.at[i / 256];
		const struct pw_event *event = NULL;
		int err;

		block.at[i / 256] = (uint8_t)i;
		err = pw_block_unpack(&in, block.at, block.n);
		for (size_t n = 0; !err && n < 10; n++) {
			err = pw_block_next(&in, &event);
			if (!event)
				break;
		}
		assert_true(!err || err == -EBADMSG);
		block.at[i / 256] = before;
	}
	pw_block_in_free(&in);
	free(block.at);
}

static struct pw_switch switched(uint64_t ts, uint32_t from, uint32_t to, uint32_t state, uint32_t waker)
{
	return (struct pw_switch){
		.h = {.ts = ts,
		      .start = from,
		      .tid = from,
		      .kind = PW_EV_SWITCH,
		      .flags = PW_PREV_WATCHED | PW_NEXT_WATCHED},
		.next_start = to,
		.next_tid = to,
		.prev_state = state,
		.waker_tid = waker,
		.woken = ts - 5,
	};
}

/* The time when a task was enqueued is kept, unless it was preempted and not woken. */
static void test_what_is_kept_of_a_wakeup(void **state)
{
	const struct pw_switch events[] = {
		switched(100, 1, 2, 1, 0), /* nothing is known of 2 */
		switched(200, 2, 1, 0, 0), /* 1 had gone to sleep, its waker was not observed */
		switched(300, 1, 2, 1, 0), /* 2 was preempted */
		switched(400, 2, 1, 0, 9),
		switched(500, 1, 2, 1, 9), /* 2 was preempted, and woken in between all the same */
		switched(600, 2, 1, 0, 9),
		switched(700, 1, 2, 1, 0), /* 2 was preempted: that it had no waker is not kept */
		switched(800, 2, 1, 1, 9),
		switched(900, 1, 2, 1, 0), /* 2 had gone to sleep, its waker was not observed */
	};
	const uint64_t kept[] = {95, 195, 0, 395, 495, 595, 0, 795, 895};
	struct pw_bytes block = {0};
	struct pw_block_out out;
	struct pw_block_in in;

	(void)state;
	assert_int_equal(pw_block_out_init(&out), 0);
	assert_int_equal(pw_block_in_init(&in), 0);
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(pw_block_add(&out, &events[i].h), 0);
	assert_int_equal(pw_block_pack(&out, &block), 0);
	assert_int_equal(pw_block_unpack(&in, block.at, block.n), 0);
	for (size_t i = 0; i < 9; i++) {
		const struct pw_event *event;
		const struct pw_switch *sw;

		assert_int_equal(pw_block_next(&in, &event), 0);
		sw = (const struct pw_switch *)event;
		assert_int_equal(sw->woken, kept[i]);
		if (kept[i])
			assert_int_equal(sw->waker_tid, events[i].waker_tid);
	}
	pw_block_out_free(&out);
	pw_block_in_free(&in);
	free(block.at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_appended_fields_are_passed_over),
		cmocka_unit_test(test_unknown_kinds_are_passed_over),
		cmocka_unit_test(test_unknown_lanes_are_passed_over),
		cmocka_unit_test(test_any_changed_byte_is_survived),
		cmocka_unit_test(test_what_is_kept_of_a_wakeup),
	};

	return cmocka_run_group_tests_name("recording block", tests, NULL, NULL);
}
