/* SPDX-License-Identifier: GPL-2.0-only */
/* The file as docs/recording.md describes it: sections, index, end, and what newer versions may add. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "lib/bytes.h"
#include "lib/recordings.h"
#include "recording/section.h"

#define EVENTS 400000u

/* A ping-pong of two tasks on two CPUs, and a LOST now and then, long enough for several blocks. */
static struct event_list many_events(void)
{
	struct event_list events = {calloc(EVENTS, sizeof(*events.at)), EVENTS, EVENTS};

	for (uint32_t i = 0; i < EVENTS; i++) {
		struct pw_switch *sw = calloc(1, sizeof(*sw));

		sw->h = (struct pw_event){
			.ts = 1000000 + i * UINT64_C(2000) + i % 7,
			.start = 5 + i / 2 % 2,
			.tid = 100 + i / 2 % 2,
			.cpu = (uint16_t)(i % 2),
			.kind = i % 1000 ? PW_EV_SWITCH : PW_EV_LOST,
			.flags = PW_PREV_WATCHED | PW_NEXT_WATCHED,
		};
		sw->next_tid = 101 - i / 2 % 2;
		sw->next_start = 6 - i / 2 % 2;
		sw->prev_state = 1;
		sw->prev_runtime = i * 1000;
		sw->prev_nvcsw = i / 4;
		sw->woken = sw->h.ts - 300;
		sw->waker_tid = 7;
		events.at[i] = &sw->h;
	}
	return events;
}

struct place {
	uint32_t type;
	uint64_t offset;
};

/* Where the sections are. */
static size_t list_sections(const struct recording_bytes *file, struct place *places, size_t max)
{
	FILE *in = fmemopen(file->bytes, file->n, "r");
	struct pw_section section = {0};
	unsigned int major, minor;
	size_t n = 0;

	assert_int_equal(pw_read_file_head(in, &major, &minor), 1);
	assert_int_equal(major, PW_FORMAT_MAJOR);
	for (long at = ftell(in); pw_read_section(in, &section) == 1; at = ftell(in)) {
		assert_true(n < max);
		places[n++] = (struct place){section.type, (uint64_t)at};
	}
	free(section.body.at);
	fclose(in);
	return n;
}

static struct pw_taker body_at(const struct recording_bytes *file, uint64_t offset)
{
	const uint8_t *head = (const uint8_t *)file->bytes + offset;
	struct pw_taker length = {.at = head + 4, .end = head + 8};

	return (struct pw_taker){.at = head + PW_SECTION_HEAD_LEN,
				 .end = head + PW_SECTION_HEAD_LEN + pw_take_le(&length, 4)};
}

/* A reader that seeks goes from the last 48 bytes to the index, and from there to every block. */
static void test_end_and_index_lead_to_the_blocks(void **state)
{
	struct event_list events = many_events();
	struct recording_bytes file = write_recording(&events);
	struct place places[64];
	const size_t n = list_sections(&file, places, 64);
	struct pw_taker end = body_at(&file, file.n - 48), index;
	uint64_t sum = 0, blocks = 0;

	(void)state;
	assert_int_equal(places[n - 1].type, PW_SECTION_END);
	assert_int_equal(places[n - 1].offset, file.n - 48);
	index = body_at(&file, pw_take_le(&end, 8));
	assert_int_equal(pw_take_le(&end, 8), places[n - 2].offset);
	assert_int_equal(places[n - 2].type, PW_SECTION_SESSION);
	assert_int_equal(pw_take_le(&end, 8), EVENTS);
	assert_int_equal(pw_take_le(&index, 8), 0);
	for (; pw_left(&index); blocks++) {
		const uint64_t offset = pw_take_le(&index, 8), first = pw_take_le(&index, 8);
		const uint64_t last = pw_take_le(&index, 8), count = pw_take_le(&index, 8);
		struct pw_taker block = body_at(&file, offset);

		assert_int_equal(places[blocks + 1].offset, offset);
		assert_int_equal(places[blocks + 1].type, PW_SECTION_EVENTS);
		assert_int_equal(pw_take_le(&block, 4), count);
		assert_int_equal(pw_take_le(&block, 8), first);
		assert_int_equal(pw_take_le(&block, 8), last);
		assert_int_equal(events.at[sum]->ts, first);
		sum += count;
		assert_int_equal(events.at[sum - 1]->ts, last);
	}
	assert_true(blocks >= 6);
	assert_int_equal(sum, EVENTS);
	assert_int_equal(pw_take_le(&end, 8), blocks);
	assert_int_equal(read_recording(&file, &events, NULL), PW_RECORDING_WHOLE);
	assert_true(file.n < EVENTS * 2);
	free(file.bytes);
	event_list_free(&events);
}

/* The blocks before a damaged one stay readable. */
static void test_blocks_are_independent(void **state)
{
	struct event_list events = many_events();
	struct recording_bytes file = write_recording(&events);
	struct place places[64];
	const size_t n = list_sections(&file, places, 64);
	size_t done;

	(void)state;
	assert_true(n > 4);
	file.bytes[places[3].offset + 1000] ^= 1;
	assert_int_equal(read_recording(&file, &events, &done), PW_RECORDING_DAMAGED);
	assert_int_equal(done, 2 * PW_BLOCK_EVENTS);
	free(file.bytes);
	event_list_free(&events);
}

/* Inserts an unknown section before every other one, as a newer minor version may. */
static struct recording_bytes with_strangers(const struct recording_bytes *file)
{
	static const char words[] = "from the future";
	const struct pw_bytes body = {.at = (uint8_t *)(uintptr_t)words, .n = sizeof(words)};
	struct place places[64];
	const size_t n = list_sections(file, places, 64);
	struct recording_bytes out;
	FILE *f = open_memstream(&out.bytes, &out.n);

	fwrite(file->bytes, 1, PW_FILE_HEAD_LEN, f);
	for (size_t i = 0; i < n; i++) {
		const uint64_t end = i + 1 < n ? places[i + 1].offset : file->n;

		assert_int_equal(pw_write_section(f, PW_FOURCC('N', 'E', 'W', '!'), &body), 0);
		fwrite(file->bytes + places[i].offset, 1, end - places[i].offset, f);
	}
	fclose(f);
	return out;
}

static void test_unknown_sections_are_passed_over(void **state)
{
	struct event_list events = random_events(2000, 3);
	struct recording_bytes file = write_recording(&events), more = with_strangers(&file);
	size_t done;

	(void)state;
	assert_int_equal(read_recording(&more, &events, &done), PW_RECORDING_WHOLE);
	assert_int_equal(done, events.count);
	free(file.bytes);
	free(more.bytes);
	event_list_free(&events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_end_and_index_lead_to_the_blocks),
		cmocka_unit_test(test_blocks_are_independent),
		cmocka_unit_test(test_unknown_sections_are_passed_over),
	};

	return cmocka_run_group_tests_name("recording file", tests, NULL, NULL);
}
