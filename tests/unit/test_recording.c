/* SPDX-License-Identifier: GPL-2.0-only */
/* Recordings: what goes in comes out, and nothing else is taken for a recording. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bytes.h"
#include "lib/recordings.h"
#include "recording/fields.h"

/* A field that is missing from the table would not be recorded. */
static void test_every_field_is_written(void **state)
{
	static const size_t pads[PW_EV_KIND_COUNT] = {
		[PW_EV_WAKE] = 4,
		[PW_EV_EXIT] = 7,
		[PW_EV_REPARENT] = 6,
		[PW_EV_REAP] = 4,
	};

	(void)state;
	for (size_t kind = 0; kind < PW_EV_KIND_COUNT; kind++) {
		const struct pw_fields *f = &pw_fields[kind];
		size_t sum = sizeof(struct pw_event) + pads[kind];

		for (size_t i = 0; i < f->n; i++)
			sum += f->at[i].size + (f->at[i].type == PW_ARGV ? sizeof(uint32_t) : 0);
		assert_true(f->n <= PW_MAX_FIELDS);
		if (kind != PW_EV_SWITCH && pw_event_size(kind))
			assert_int_equal((sum + 7) / 8, (pw_event_size(kind) + 7) / 8);
	}
}

static void test_any_events_come_back(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 40; seed++) {
		struct event_list events = random_events(seed * 1000, seed);
		struct recording_bytes file = write_recording(&events);
		size_t done;

		assert_int_equal(read_recording(&file, &events, &done), PW_RECORDING_WHOLE);
		assert_int_equal(done, events.count);
		free(file.bytes);
		event_list_free(&events);
	}
}

static int ignore_event(void *context, const struct pw_event *event)
{
	(void)context;
	(void)event;
	return 0;
}

static void test_session_comes_back(void **state)
{
	struct event_list none = {0};
	struct recording_bytes file = write_recording(&none);
	FILE *in = fmemopen(file.bytes, file.n, "r");
	struct pw_recording_reader *r;
	struct pw_error error = {""};
	enum pw_recording_end end;
	const struct pw_session *s, want = test_session();

	(void)state;
	assert_int_equal(pw_recording_open(&r, in, &error), 0);
	assert_int_equal(pw_recording_read(r, ignore_event, NULL, &end, &error), 0);
	s = pw_recording_session(r);
	assert_string_equal(s->kernel, want.kernel);
	assert_string_equal(s->machine, want.machine);
	assert_string_equal(s->boot_id, want.boot_id);
	assert_string_equal(s->hook_reap, want.hook_reap);
	assert_null(s->hook_reparent);
	assert_null(s->hook_switch);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(s->command[i], want.command[i]);
	assert_null(s->command[3]);
	assert_string_equal(s->demo, want.demo);
	assert_string_equal(s->filter, want.filter);
	assert_int_equal(s->n_pids, 2);
	assert_memory_equal(s->pids, want.pids, 2 * sizeof(want.pids[0]));
	assert_int_equal(s->cpus, want.cpus);
	assert_int_equal(s->target, want.target);
	assert_true(s->start_ns == want.start_ns && s->duration_ns == want.duration_ns);
	assert_true(s->start_wall_ns == want.start_wall_ns && s->received == want.received);
	assert_true(s->lost == want.lost && s->skipped == want.skipped);
	assert_string_equal(s->skipped_by, want.skipped_by);
	pw_recording_reader_free(r);
	fclose(in);
	free(file.bytes);
}

/* Cut at every length: readable up to the last whole block, and reported as cut. */
static void test_cut_anywhere(void **state)
{
	struct event_list events = random_events(3000, 7);
	struct recording_bytes file = write_recording(&events), cut = file;

	(void)state;
	for (cut.n = 0; cut.n < file.n; cut.n++) {
		const int end = read_recording(&cut, &events, NULL);

		assert_true(end == -1 || end == PW_RECORDING_CUT);
	}
	free(file.bytes);
	event_list_free(&events);
}

/* Damaged in every bit: the damage is detected, and what comes before it is right. */
static void test_flip_any_bit(void **state)
{
	struct event_list events = random_events(3000, 8);
	struct recording_bytes file = write_recording(&events);

	(void)state;
	for (size_t bit = 0; bit < 8 * file.n; bit++) {
		int end;

		file.bytes[bit / 8] ^= (char)(1 << bit % 8);
		end = read_recording(&file, &events, NULL);
		assert_true(end == -1 || end == PW_RECORDING_DAMAGED);
		file.bytes[bit / 8] ^= (char)(1 << bit % 8);
	}
	free(file.bytes);
	event_list_free(&events);
}

static void test_something_after_the_end(void **state)
{
	struct event_list events = random_events(300, 9);
	struct recording_bytes file = write_recording(&events);

	(void)state;
	file.bytes = realloc(file.bytes, file.n + 1);
	file.bytes[file.n++] = 0;
	assert_int_equal(read_recording(&file, &events, NULL), PW_RECORDING_DAMAGED);
	free(file.bytes);
	event_list_free(&events);
}

static ssize_t full_disk(void *cookie, const char *bytes, size_t n)
{
	size_t *room = cookie;

	(void)bytes;
	if (n > *room) {
		errno = ENOSPC;
		return 0;
	}
	*room -= n;
	return (ssize_t)n;
}

/* The first failure is kept, and nothing breaks after it. */
static void test_full_disk(void **state)
{
	const struct pw_session session = test_session();
	struct event_list events = random_events(20000, 10);
	struct pw_recording_writer *w;
	size_t room = 1000;
	FILE *out = fopencookie(&room, "w", (cookie_io_functions_t){.write = full_disk});
	int err;

	(void)state;
	err = pw_recording_create(&w, out, &session);
	for (size_t i = 0; i < events.count; i++)
		err = pw_recording_add(w, events.at[i]);
	err = pw_recording_finish(w, &session);
	assert_true(err < 0);
	assert_int_equal(pw_recording_finish(w, &session), err);
	pw_recording_writer_free(w);
	fclose(out);
	event_list_free(&events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_field_is_written),
		cmocka_unit_test(test_any_events_come_back),
		cmocka_unit_test(test_session_comes_back),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_flip_any_bit),
		cmocka_unit_test(test_something_after_the_end),
		cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
