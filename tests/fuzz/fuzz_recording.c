/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A libFuzzer target: any bytes as a recording. Half of the inputs are the body
 * of a block, past all checksums; the others a whole file whose checksums are put
 * right, so that the fuzzer gets behind them. Whatever comes, nothing may crash.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "recording/block.h"
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

static int take_event(void *context, const struct pw_event *event)
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

static void read_file(const uint8_t *data, size_t size)
{
	uint8_t *file = malloc(size + 1);
	struct pw_recording_reader *r = NULL;
	struct pw_error error = {""};
	enum pw_recording_end end;
	uint32_t length;
	FILE *in;

	if (!file)
		abort();
	memcpy(file, data, size);
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
	in = fmemopen(file, size + 1, "r");
	if (!in)
		abort();
	if (!pw_recording_open(&r, in, &error) && !pw_recording_read(r, take_event, NULL, &end, &error))
		pw_recording_session(r);
	pw_recording_reader_free(r);
	fclose(in);
	free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size && data[0] & 1)
		read_block(data + 1, size - 1);
	else if (size)
		read_file(data + 1, size - 1);
	return 0;
}
