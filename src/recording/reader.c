/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <inttypes.h>

#include "recording/block.h"
#include "recording/recording.h"
#include "recording/section.h"

struct pw_recording_reader {
	FILE *in;
	/* Of the section that is being read. */
	uint64_t offset;
	/* Passed to the caller. */
	uint64_t events;
	/* Events and blocks in the file so far. */
	uint64_t in_blocks, blocks;
	struct pw_section section;
	struct pw_block_in block;
	struct pw_session_store *session;
	/* The END section was read. */
	bool over;
};

/* Reads the next section. Returns as pw_read_section. */
static int next_section(struct pw_recording_reader *r)
{
	if (r->section.type)
		r->offset += PW_SECTION_HEAD_LEN + r->section.body.n;
	r->section.type = 0;
	return pw_read_section(r->in, &r->section);
}

/* A later session replaces an earlier one, if it can be read. */
static int take_session(struct pw_recording_reader *r)
{
	struct pw_session_store *session;
	int err = pw_session_unpack(&session, r->section.body.at, r->section.body.n);

	if (err) {
		pw_session_free(session);
		return err;
	}
	pw_session_free(r->session);
	r->session = session;
	return 0;
}

static int head_error(int got, unsigned int major, struct pw_error *error)
{
	switch (got) {
	case 0:
		return pw_fail(error, EINVAL, "it is empty");
	case -EPROTO:
		return pw_fail(error, EINVAL, "it is not a recording");
	case -ENODATA:
		return pw_fail(error, EINVAL, "it ends before the recording begins");
	case -EBADMSG:
		return pw_fail(error, EINVAL, "it is damaged at its beginning");
	case 1:
		break;
	default:
		return got;
	}
	if (major != PW_FORMAT_MAJOR)
		return pw_fail(
			error, EINVAL,
			"it has format version %u, but this procwatch reads version %u; use %s procwatch",
			major, PW_FORMAT_MAJOR, major > PW_FORMAT_MAJOR ? "a newer" : "an older");
	return 0;
}

int pw_recording_open(struct pw_recording_reader **out, FILE *in, struct pw_error *error)
{
	struct pw_recording_reader *r = calloc(1, sizeof(*r));
	unsigned int major = 0, minor = 0;
	int err, found;

	*out = r;
	if (!r)
		return -ENOMEM;
	r->in = in;
	r->offset = PW_FILE_HEAD_LEN;
	err = pw_block_in_init(&r->block);
	if (!err) {
		found = pw_read_file_head(in, &major, &minor);
		err = head_error(found, major, error);
	}
	while (!err && !r->session) {
		const int got = next_section(r);

		if (got == 0 || got == -ENODATA)
			err = head_error(-ENODATA, major, error);
		else if (got == -EBADMSG || (got == 1 && r->section.type == PW_SECTION_EVENTS))
			err = head_error(-EBADMSG, major, error);
		else if (got == 1 && r->section.type == PW_SECTION_SESSION)
			err = take_session(r) ? head_error(-EBADMSG, major, error) : 0;
		else if (got < 0)
			err = got;
	}
	return err;
}

static int take_block(struct pw_recording_reader *r, pw_event_fn fn, void *context)
{
	const struct pw_event *event = NULL;
	int err = pw_block_unpack(&r->block, r->section.body.at, r->section.body.n);

	if (!err)
		err = pw_block_next(&r->block, &event);
	while (!err && event) {
		int stop = fn(context, event);

		if (stop)
			return stop;
		r->events++;
		err = pw_block_next(&r->block, &event);
	}
	r->in_blocks += r->block.count;
	r->blocks++;
	return err;
}

static int take_end(struct pw_recording_reader *r)
{
	struct pw_taker in = {.at = r->section.body.at, .end = r->section.body.at + r->section.body.n};
	uint64_t events, blocks;

	pw_take(&in, 16); /* the offsets of the index and the session, for readers that seek */
	events = pw_take_le(&in, 8);
	blocks = pw_take_le(&in, 8);
	r->over = true;
	return in.bad || events != r->in_blocks || blocks != r->blocks ? -EBADMSG : 0;
}

static int take_section(struct pw_recording_reader *r, pw_event_fn fn, void *context)
{
	if (r->over)
		return -EBADMSG; /* nothing follows the end */
	switch (r->section.type) {
	case PW_SECTION_SESSION:
		return take_session(r);
	case PW_SECTION_EVENTS:
		return take_block(r, fn, context);
	case PW_SECTION_END:
		return take_end(r);
	default: /* the index, and sections of newer versions */
		return 0;
	}
}

int pw_recording_read(struct pw_recording_reader *r, pw_event_fn fn, void *context,
		      enum pw_recording_end *end, struct pw_error *error)
{
	int got;

	*end = PW_RECORDING_WHOLE;
	while ((got = next_section(r)) == 1) {
		got = take_section(r, fn, context);
		if (got)
			break;
	}
	if (got == -ENODATA && r->over)
		got = -EBADMSG;
	if (got == -EBADMSG) {
		*end = PW_RECORDING_DAMAGED;
		pw_fail(error, EBADMSG, "it is damaged at byte %" PRIu64, r->offset);
	} else if (got == -ENODATA || (!got && !r->over)) {
		*end = PW_RECORDING_CUT;
		pw_fail(error, ENODATA, "it is cut short at byte %" PRIu64, r->offset);
	} else if (got) {
		return got;
	}
	return 0;
}

const struct pw_session *pw_recording_session(const struct pw_recording_reader *r)
{
	return pw_session_get(r->session);
}

uint64_t pw_recording_events(const struct pw_recording_reader *r)
{
	return r->events;
}

void pw_recording_reader_free(struct pw_recording_reader *r)
{
	if (!r)
		return;
	pw_block_in_free(&r->block);
	free(r->section.body.at);
	pw_session_free(r->session);
	free(r);
}
