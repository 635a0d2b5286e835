/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The body of a block: number of events, first and last time, number of lanes; for
 * each lane its length unpacked and packed; then the packed lanes.
 */
#include "recording/block.h"

#include <errno.h>
#include <zstd.h>

/*
 * The numbers of switches are mostly noise: a higher level gains nothing and costs
 * time where there is least of it. Paths, arguments and processes repeat, and are rare.
 */
static int level_of(enum pw_lane lane)
{
	return lane == PW_LANE_BODY ? 6 : 1;
}

int pw_block_out_init(struct pw_block_out *b)
{
	int err;

	*b = (struct pw_block_out){0};
	err = pw_tasks_init(&b->tasks, true);
	b->packer = ZSTD_createCCtx();
	return err || !b->packer ? -ENOMEM : 0;
}

void pw_block_out_free(struct pw_block_out *b)
{
	for (size_t i = 0; i < PW_LANE_COUNT; i++)
		free(b->lanes[i].at);
	free(b->record.at);
	pw_tasks_free(&b->tasks);
	ZSTD_freeCCtx(b->packer);
}

size_t pw_block_bytes(const struct pw_block_out *b)
{
	size_t n = 0;

	for (size_t i = 0; i < PW_LANE_COUNT; i++)
		n += b->lanes[i].n;
	return n;
}

/* Appends a lane, packed if that makes it shorter. Returns its length there. */
static size_t pack(struct pw_block_out *b, enum pw_lane which, struct pw_bytes *out)
{
	const struct pw_bytes *lane = &b->lanes[which];
	const size_t bound = ZSTD_compressBound(lane->n);
	size_t n;

	if (!lane->n || !pw_reserve(out, bound))
		return 0;
	n = ZSTD_compressCCtx(b->packer, out->at + out->n, bound, lane->at, lane->n, level_of(which));
	if (ZSTD_isError(n) || n >= lane->n) {
		pw_put(out, lane->at, lane->n);
		return lane->n;
	}
	out->n += n;
	return n;
}

int pw_block_pack(struct pw_block_out *b, struct pw_bytes *out)
{
	size_t lengths;

	pw_put_le(out, b->count, 4);
	pw_put_le(out, b->first_ts, 8);
	pw_put_le(out, b->last_ts, 8);
	pw_put_le(out, PW_LANE_COUNT, 4);
	lengths = out->n;
	for (size_t i = 0; i < PW_LANE_COUNT; i++)
		pw_put_le(out, b->lanes[i].n, 8); /* the packed lengths follow in the upper halves */
	for (size_t i = 0; i < PW_LANE_COUNT; i++) {
		size_t n = pack(b, (enum pw_lane)i, out);

		for (size_t k = 0; !out->failed && k < 4; k++)
			out->at[lengths + 8 * i + 4 + k] = (uint8_t)(n >> (8 * k));
		b->lanes[i].n = 0;
	}
	b->count = 0;
	pw_tasks_forget(&b->tasks);
	memset(&b->last, 0, sizeof(b->last));
	return out->failed ? -ENOMEM : 0;
}

int pw_block_in_init(struct pw_block_in *b)
{
	int err;

	*b = (struct pw_block_in){0};
	err = pw_tasks_init(&b->tasks, false);
	b->unpacker = ZSTD_createDCtx();
	return err || !b->unpacker ? -ENOMEM : 0;
}

void pw_block_in_free(struct pw_block_in *b)
{
	free(b->room.at);
	pw_tasks_free(&b->tasks);
	ZSTD_freeDCtx(b->unpacker);
}

/* Unpacks a lane of n bytes into the room, which is large enough. */
static int unpack(struct pw_block_in *b, const uint8_t *packed, size_t n_packed, size_t n)
{
	size_t got = n;

	if (n_packed == n)
		memcpy(b->room.at + b->room.n, packed, n);
	else
		got = ZSTD_decompressDCtx(b->unpacker, b->room.at + b->room.n, n, packed, n_packed);
	b->room.n += n;
	return got == n ? 0 : -EBADMSG; /* error codes are larger than any length */
}

/* Skips the lanes that a newer version added. */
static int unpack_lanes(struct pw_block_in *b, const uint8_t *lengths, size_t n_lanes, struct pw_taker *data)
{
	int err = 0;

	for (size_t i = 0; i < n_lanes && !err; i++) {
		struct pw_taker length = {.at = lengths + 8 * i, .end = lengths + 8 * i + 8};
		const size_t n = pw_take_le(&length, 4), n_packed = pw_take_le(&length, 4);
		const uint8_t *packed = pw_take(data, n_packed);

		if (!packed)
			return -EBADMSG;
		if (i >= PW_LANE_COUNT)
			continue;
		b->lanes[i] = (struct pw_taker){.at = b->room.at + b->room.n};
		b->lanes[i].end = b->lanes[i].at + n;
		err = n ? unpack(b, packed, n_packed, n) : 0;
	}
	if (err)
		return err;
	return data->at == data->end ? 0 : -EBADMSG;
}

/* What the lanes take, unpacked; 0: more than any block has. */
static size_t room_needed(const uint8_t *lengths, size_t n_lanes)
{
	uint64_t sum = 1;

	for (size_t i = 0; i < n_lanes && i < PW_LANE_COUNT; i++) {
		struct pw_taker length = {.at = lengths + 8 * i, .end = lengths + 8 * i + 8};

		sum += pw_take_le(&length, 4);
	}
	return sum <= PW_BLOCK_MAX ? sum : 0;
}

int pw_block_unpack(struct pw_block_in *b, const uint8_t *body, size_t n)
{
	struct pw_taker in = {.at = body, .end = body + n};
	const uint8_t *lengths;
	size_t n_lanes, room;

	b->count = (uint32_t)pw_take_le(&in, 4);
	b->first_ts = pw_take_le(&in, 8);
	b->last_ts = pw_take_le(&in, 8);
	n_lanes = pw_take_le(&in, 4);
	lengths = n_lanes <= n / 8 ? pw_take(&in, 8 * n_lanes) : NULL;
	if (!lengths || n_lanes < PW_LANE_COUNT || !b->count || b->count > PW_BLOCK_EVENTS)
		return -EBADMSG;
	room = room_needed(lengths, n_lanes);
	b->room.n = 0;
	if (!room)
		return -EBADMSG;
	if (!pw_reserve(&b->room, room))
		return -ENOMEM;
	pw_tasks_forget(&b->tasks);
	memset(&b->last, 0, sizeof(b->last));
	b->tasks.ts = b->first_ts;
	b->done = 0;
	return unpack_lanes(b, lengths, n_lanes, &in);
}
