/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A block: events, split into lanes that are packed one by one. It can be read
 * without any other block.
 */
#ifndef PW_RECORDING_BLOCK_H
#define PW_RECORDING_BLOCK_H

#include "recording/bytes.h"
#include "recording/fields.h"
#include "recording/layout.h"
#include "recording/tasks.h"
#include "shared/event.h"

/* ---- events to lanes, and lanes to the body of a section */

struct pw_block_out {
	struct pw_bytes lanes[PW_LANE_COUNT];
	/* The record that is being made. */
	struct pw_bytes record;
	struct pw_tasks tasks;
	struct pw_last last;
	uint32_t count;
	uint64_t first_ts, last_ts;
	struct ZSTD_CCtx_s *packer;
};

/* Returns 0 or -ENOMEM; freed with pw_block_out_free either way. */
int pw_block_out_init(struct pw_block_out *b);
void pw_block_out_free(struct pw_block_out *b);
/* Returns 0 or -ENOMEM. Events of an unknown kind are left out. */
int pw_block_add(struct pw_block_out *b, const struct pw_event *event);
/* Bytes so far, unpacked. */
size_t pw_block_bytes(const struct pw_block_out *b);
/* Appends the block to out and begins a new one. Returns 0 or -ENOMEM. */
int pw_block_pack(struct pw_block_out *b, struct pw_bytes *out);

/* ---- and back */

struct pw_block_in {
	/* All lanes, unpacked. */
	struct pw_bytes room;
	struct pw_taker lanes[PW_LANE_COUNT];
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
/* Takes the body of a section, which the lanes do not point into. Returns 0, -ENOMEM, or -EBADMSG if it is no block. */
int pw_block_unpack(struct pw_block_in *b, const uint8_t *body, size_t n);
/*
 * The next event, valid until the next call; NULL at the end. Returns 0, -ENOMEM or
 * -EBADMSG.
 */
int pw_block_next(struct pw_block_in *b, const struct pw_event **event);

#endif
