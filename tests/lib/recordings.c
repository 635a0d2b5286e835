/* SPDX-License-Identifier: GPL-2.0-only */
#include "lib/recordings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recording/fields.h"

static const char *const test_command[] = {"demo_zombie", "--hold", "a \xff\n", NULL};
static const uint32_t test_pids[] = {1, 4194304};

struct pw_session test_session(void)
{
	return (struct pw_session){
		.kernel = "6.12.0",
		.machine = "x86_64",
		.boot_id = "",
		.cpus = 2,
		.hook_reap = "return of wait4 and waitid",
		.target = PW_TARGET_ATTACH,
		.command = test_command,
		.demo = "demo_zombie",
		.filter = "the name 'a*', uid 33",
		.pids = test_pids,
		.n_pids = 2,
		.start_ns = UINT64_MAX - 5,
		.duration_ns = 7,
		.start_wall_ns = -1,
		.received = 1,
		.lost = UINT64_MAX,
		.skipped = 3,
		.skipped_by = "on_exit=2 on_wait4=1",
	};
}

struct recording_bytes write_recording(const struct event_list *events)
{
	const struct pw_session session = test_session();
	struct pw_recording_writer *w;
	struct recording_bytes file;
	FILE *out = open_memstream(&file.bytes, &file.n);

	assert_non_null(out);
	assert_int_equal(pw_recording_create(&w, out, &session), 0);
	for (size_t i = 0; i < events->count; i++)
		assert_int_equal(pw_recording_add(w, events->at[i]), 0);
	assert_int_equal(pw_recording_finish(w, &session), 0);
	pw_recording_writer_free(w);
	assert_int_equal(fclose(out), 0);
	return file;
}

static bool same_field(const struct pw_event *a, const struct pw_event *b, const struct pw_field *f)
{
	const char *x = (const char *)a + f->offset, *y = (const char *)b + f->offset;
	const struct pw_exec *ex = (const struct pw_exec *)a, *ey = (const struct pw_exec *)b;

	if (f->type == PW_TEXT)
		return strncmp(x, y, f->size - 1u) == 0;
	if (f->type == PW_ARGV)
		return ex->argv_len == ey->argv_len && memcmp(x, y, ex->argv_len) == 0;
	return memcmp(x, y, f->size) == 0;
}

/* Without a waker it may be left out, if it is no news (test_recording_block.c). */
static bool same_wakeup(const struct pw_switch *a, const struct pw_switch *b)
{
	if (!b->woken && !a->waker_tid && !(a->h.flags & PW_WAKER_IRQ))
		return true;
	return a->woken == b->woken && (!a->woken || a->waker_tid == b->waker_tid);
}

/* Of a switch, what the flags say is filled; a waker only where there was a wake-up. */
static bool same_switch(const struct pw_switch *a, const struct pw_switch *b)
{
	const bool prev = a->h.flags & PW_PREV_WATCHED, next = a->h.flags & PW_NEXT_WATCHED;

	return a->next_tid == b->next_tid && same_wakeup(a, b) && (!next || a->next_start == b->next_start) &&
	       (!prev || (a->h.start == b->h.start && a->prev_state == b->prev_state &&
			  a->prev_runtime == b->prev_runtime && a->prev_nvcsw == b->prev_nvcsw &&
			  a->prev_nivcsw == b->prev_nivcsw && a->prev_syscall == b->prev_syscall &&
			  a->prev_exit_state == b->prev_exit_state));
}

static bool same_event(const struct pw_event *a, const struct pw_event *b)
{
	const struct pw_fields *fields = &pw_fields[a->kind];

	if (a->kind != b->kind || a->ts != b->ts || a->cpu != b->cpu || a->flags != b->flags ||
	    a->tid != b->tid)
		return false;
	if (a->kind == PW_EV_SWITCH)
		return same_switch((const struct pw_switch *)a, (const struct pw_switch *)b);
	for (size_t i = 0; i < fields->n; i++)
		if (!same_field(a, b, &fields->at[i]))
			return false;
	return a->start == b->start;
}

/* Checks each event read against the one written. */
struct expected {
	const struct event_list *events;
	size_t done;
};

static int expect_event(void *context, const struct pw_event *event)
{
	struct expected *e = context;

	assert_true(e->done < e->events->count);
	assert_true(same_event(e->events->at[e->done], event));
	e->done++;
	return 0;
}

int read_recording(const struct recording_bytes *file, const struct event_list *events, size_t *done)
{
	struct expected expected = {events, 0};
	struct pw_error error = {""};
	struct pw_recording_reader *r = NULL;
	enum pw_recording_end end = PW_RECORDING_WHOLE;
	FILE *in = file->n ? fmemopen(file->bytes, file->n, "r") : fopen("/dev/null", "r");
	int result = -1;

	assert_non_null(in);
	if (!pw_recording_open(&r, in, &error)) {
		assert_int_equal(pw_recording_read(r, expect_event, &expected, &end, &error), 0);
		assert_true((end == PW_RECORDING_WHOLE) == !error.text[0]);
		assert_int_equal(pw_recording_events(r), expected.done);
		result = (int)end;
	} else {
		assert_true(error.text[0]);
	}
	if (done)
		*done = expected.done;
	pw_recording_reader_free(r);
	fclose(in);
	return result;
}
