/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A block: events split into streams, each packed by itself, readable without
 * any other block.
 */
#ifndef PW_RECORDING_BLOCK_H
#define PW_RECORDING_BLOCK_H

#include "recording/bytes.h"
#include "recording/fields.h"
#include "recording/layout.h"
#include "recording/tasks.h"
#include "shared/event.h"

/* ---- events to streams, and streams to the body of a section */

struct pw_block_out {
	struct pw_bytes streams[PW_LANE_COUNT];
	struct pw_bytes record; /* the one being made */
	struct pw_tasks tasks;
	struct pw_last last;
	uint32_t count;
	uint64_t first_ts, last_ts;
	struct ZSTD_CCtx_s *packer;
};

/* Returns 0 or -ENOMEM; freed with pw_block_out_free either way. */
int pw_block_out_init(struct pw_block_out *b);
void pw_block_out_free(struct pw_block_out *b);
/* Returns 0 or -ENOMEM. Events of a kind nobody knows are left out. */
int pw_block_add(struct pw_block_out *b, const struct pw_event *event);
/* Bytes so far, not packed yet. */
size_t pw_block_bytes(const struct pw_block_out *b);
/* Appends the block to out and begins a new one. Returns 0 or -ENOMEM. */
int pw_block_pack(struct pw_block_out *b, struct pw_bytes *out);

/* ---- and back */

struct pw_block_in {
	struct pw_bytes room; /* the streams, unpacked */
	struct pw_taker streams[PW_LANE_COUNT];
	struct pw_tasks tasks;
	struct pw_last last;
	uint32_t count, done;
	uint64_t first_ts, last_ts;
	struct ZSTD_DCtx_s *unpacker;
	union pw_any_event event;
};

/* Returns 0 or -ENOMEM; freed with pw_block_in_free either way. */
int pw_block_in_init(struct pw_block_in *b);
void pw_block_in_free(struct pw_block_in *b);
/* Takes the body of a section. Returns 0, -ENOMEM, or -EBADMSG: it cannot be a block. */
int pw_block_unpack(struct pw_block_in *b, const uint8_t *body, size_t n);
/*
 * The next event, valid until the next call; NULL: there is none. Returns 0,
 * -ENOMEM, or -EBADMSG.
 */
int pw_block_next(struct pw_block_in *b, const struct pw_event **event);

#endif
