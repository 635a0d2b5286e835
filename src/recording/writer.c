/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>

#include "recording/block.h"
#include "recording/recording.h"
#include "recording/section.h"

struct pw_recording_writer {
	FILE *out;
	/* The first error. */
	int err;
	uint64_t offset, events, blocks;
	struct pw_block_out block;
	/* Of the section that is being made. */
	struct pw_bytes body;
	/* The blocks since the last index section. */
	struct pw_bytes index;
	uint32_t n_indexed;
	/* Offsets; 0: none. */
	uint64_t last_index, last_session;
};

static int put_section(struct pw_recording_writer *w, uint32_t type, const struct pw_bytes *body)
{
	if (!w->err)
		w->err = pw_write_section(w->out, type, body);
	if (!w->err)
		w->offset += PW_SECTION_HEAD_LEN + body->n;
	return w->err;
}

/* Hands the bytes to the kernel, so that they survive this process. */
static int flush(struct pw_recording_writer *w)
{
	errno = 0;
	if (!w->err && fflush(w->out))
		w->err = errno ? -errno : -EIO;
	return w->err;
}

static int put_session(struct pw_recording_writer *w, const struct pw_session *session)
{
	w->last_session = w->offset;
	w->body.n = 0;
	if (!w->err)
		w->err = pw_session_pack(session, &w->body);
	return put_section(w, PW_SECTION_SESSION, &w->body);
}

/* Each index names the one before it, so the last one leads to all, and none has to be kept. */
static int put_index(struct pw_recording_writer *w)
{
	const uint64_t here = w->offset;

	if (!w->n_indexed)
		return w->err;
	w->body.n = 0;
	pw_put_le(&w->body, w->last_index, 8);
	pw_put(&w->body, w->index.at, w->index.n);
	w->index.n = 0;
	w->n_indexed = 0;
	w->last_index = here;
	return put_section(w, PW_SECTION_INDEX, &w->body);
}

static int put_block(struct pw_recording_writer *w)
{
	if (!w->block.count || w->err)
		return w->err;
	pw_put_le(&w->index, w->offset, 8);
	pw_put_le(&w->index, w->block.first_ts, 8);
	pw_put_le(&w->index, w->block.last_ts, 8);
	pw_put_le(&w->index, w->block.count, 8);
	w->events += w->block.count;
	w->blocks++;
	w->n_indexed++;
	w->body.n = 0;
	w->err = w->index.failed ? -ENOMEM : pw_block_pack(&w->block, &w->body);
	put_section(w, PW_SECTION_EVENTS, &w->body);
	if (w->n_indexed == PW_INDEX_BLOCKS)
		put_index(w);
	return flush(w);
}

int pw_recording_create(struct pw_recording_writer **out, FILE *stream, const struct pw_session *session)
{
	struct pw_recording_writer *w = calloc(1, sizeof(*w));

	*out = w;
	if (!w)
		return -ENOMEM;
	w->out = stream;
	w->err = pw_block_out_init(&w->block);
	if (!w->err)
		w->err = pw_write_file_head(stream);
	w->offset = PW_FILE_HEAD_LEN;
	put_session(w, session);
	return flush(w);
}

int pw_recording_add(struct pw_recording_writer *w, const struct pw_event *event)
{
	if (w->block.count >= PW_BLOCK_EVENTS ||
	    (w->block.count && event->ts > w->block.first_ts + PW_BLOCK_NS) ||
	    (w->block.count % 256 == 255 && pw_block_bytes(&w->block) >= PW_BLOCK_BYTES))
		put_block(w);
	if (!w->err)
		w->err = pw_block_add(&w->block, event);
	return w->err;
}

int pw_recording_flush_old(struct pw_recording_writer *w, uint64_t now)
{
	if (w->block.count && now > w->block.first_ts + PW_BLOCK_NS)
		put_block(w);
	return w->err;
}

int pw_recording_finish(struct pw_recording_writer *w, const struct pw_session *session)
{
	put_block(w);
	put_index(w);
	put_session(w, session);
	w->body.n = 0;
	pw_put_le(&w->body, w->last_index, 8);
	pw_put_le(&w->body, w->last_session, 8);
	pw_put_le(&w->body, w->events, 8);
	pw_put_le(&w->body, w->blocks, 8);
	put_section(w, PW_SECTION_END, &w->body);
	return flush(w);
}

void pw_recording_writer_free(struct pw_recording_writer *w)
{
	if (!w)
		return;
	pw_block_out_free(&w->block);
	free(w->body.at);
	free(w->index.at);
	free(w);
}
