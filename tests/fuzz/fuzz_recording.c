/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A libFuzzer target: any bytes as a recording. Some inputs are the body of a
 * block, past all checksums; some are a whole file whose checksums are corrected, so
 * that the fuzzer gets past them; some are the events of a file, written and then
 * damaged. Nothing may crash, and an undamaged recording comes back whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lib/bytes.h"
#include "recording/block.h"
#include "recording/fields.h"
#include "recording/recording.h"
#include "recording/section.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct pw_event *event)
{
	const struct pw_exec *exec = (const struct pw_exec *)event;
	const struct pw_mark_name *name = (const struct pw_mark_name *)event;
	const struct pw_cgroup *cgroup = (const struct pw_cgroup *)event;

	if (event->kind == PW_EV_EXEC &&
	    (exec->argv_len > PW_ARGV_LEN || exec->exe[PW_PATH_LEN - 1] || exec->comm[PW_COMM_LEN - 1]))
		abort();
	if (event->kind == PW_EV_MARK_NAME && name->name[sizeof(name->name) - 1])
		abort();
	if (event->kind == PW_EV_CGROUP && cgroup->path[sizeof(cgroup->path) - 1])
		abort();
}

static int check_event(void *context, const struct pw_event *event)
{
	(void)context;
	check(event);
	return 0;
}

static void read_block(const uint8_t *data, size_t size)
{
	struct pw_block_in in;
	const struct pw_event *event;

	if (!pw_block_in_init(&in) && !pw_block_unpack(&in, data, size))
		while (!pw_block_next(&in, &event) && event)
			check(event);
	pw_block_in_free(&in);
}

static void put_right(uint8_t *at, const uint8_t *bytes, size_t n)
{
	const uint32_t crc = (uint32_t)crc32_z(0, bytes, n);

	memcpy(at, &crc, sizeof(crc));
}

/* Corrects every checksum of a file. */
static void mend(uint8_t *file, size_t size)
{
	uint32_t length;

	if (size >= PW_FILE_HEAD_LEN) {
		memcpy(file, PW_MAGIC, PW_MAGIC_LEN);
		put_right(file + 12, file, 12);
	}
	for (size_t at = PW_FILE_HEAD_LEN; at < size && size - at >= PW_SECTION_HEAD_LEN;
	     at += PW_SECTION_HEAD_LEN + length) {
		memcpy(&length, file + at + 4, sizeof(length));
		if (length > size - at - PW_SECTION_HEAD_LEN)
			break;
		put_right(file + at + 8, file + at + PW_SECTION_HEAD_LEN, length);
		put_right(file + at + 12, file + at, 12);
	}
}

/* The number of events in a file; *end is how it ends, PW_RECORDING_CUT for what is no recording. */
static uint64_t read_all(uint8_t *file, size_t size, enum pw_recording_end *end)
{
	struct pw_recording_reader *r = NULL;
	struct pw_error error = {""};
	uint64_t events = 0;
	FILE *in = fmemopen(file, size, "r");

	if (!in)
		abort();
	*end = PW_RECORDING_CUT;
	if (!pw_recording_open(&r, in, &error) && !pw_recording_read(r, check_event, NULL, end, &error)) {
		pw_recording_session(r);
		events = pw_recording_events(r);
	}
	pw_recording_reader_free(r);
	fclose(in);
	return events;
}

static void read_file(const uint8_t *data, size_t size)
{
	uint8_t *file = malloc(size + 1);
	enum pw_recording_end end;

	if (!file)
		abort();
	memcpy(file, data, size);
	file[size] = 0;
	mend(file, size);
	read_all(file, size + 1, &end);
	free(file);
}

static uint64_t write_events(const uint8_t *data, size_t size, FILE *out)
{
	const struct pw_session session = {.target = PW_TARGET_SYSTEM, .start_ns = FIRST_TS};
	struct bytes b = {.at = data, .left = size, .ts = FIRST_TS};
	struct pw_recording_writer *w;
	struct pw_event *e;
	uint64_t n = 0;

	if (pw_recording_create(&w, out, &session))
		abort();
	while ((e = take_event(&b))) {
		/* An unknown kind is not recorded. */
		if (pw_event_size(e->kind)) {
			if (pw_recording_add(w, e))
				abort();
			n++;
		}
		free(e);
	}
	if (pw_recording_finish(w, &session))
		abort();
	pw_recording_writer_free(w);
	return n;
}

/* The first bytes choose the damage: each three are a place, and what is XORed to the byte there. */
#define DAMAGE 12

static void read_damaged(const uint8_t *data, size_t size)
{
	char *text = NULL;
	size_t length = 0;
	bool whole = true;
	FILE *out = open_memstream(&text, &length);
	enum pw_recording_end end;
	uint64_t written, found;

	if (!out)
		abort();
	written = write_events(data + DAMAGE, size - DAMAGE, out);
	fclose(out);
	for (size_t i = 0; i < DAMAGE; i += 3) {
		text[(size_t)(data[i] << 8 | data[i + 1]) * length >> 16] ^= (char)data[i + 2];
		whole &= !data[i + 2];
	}
	if (!whole)
		mend((uint8_t *)text, length);
	found = read_all((uint8_t *)text, length, &end);
	if (whole && (found != written || end != PW_RECORDING_WHOLE))
		abort();
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > DAMAGE && data[0] % 3 == 2)
		read_damaged(data + 1, size - 1);
	else if (size && data[0] % 3)
		read_block(data + 1, size - 1);
	else if (size)
		read_file(data + 1, size - 1);
	return 0;
}
