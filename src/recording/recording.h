/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recordings: a session and its events, written to a file and read back.
 * docs/recording.md describes the format.
 */
#ifndef PW_RECORDING_H
#define PW_RECORDING_H

#include <stdio.h>

#include "shared/event.h"
#include "shared/session.h"
#include "util/error.h"

/* ---- writing */

struct pw_recording_writer;

/*
 * Begins a recording on out, which stays the caller's. session has what is known at
 * the beginning: start_ns and start_wall_ns are the same moment on two clocks.
 * Returns 0 or a negative errno; *w is freed with pw_recording_writer_free either way.
 */
int pw_recording_create(struct pw_recording_writer **w, FILE *out, const struct pw_session *session);
/* Adds an event, in order of time. Returns 0, -ENOMEM or the negative errno of a write; the first error stays. */
int pw_recording_add(struct pw_recording_writer *w, const struct pw_event *event);
/*
 * Writes the events if the oldest one is older than two seconds, so that a crash
 * costs little. Call it regularly; now: CLOCK_MONOTONIC, ns. Returns as above.
 */
int pw_recording_flush_old(struct pw_recording_writer *w, uint64_t now);
/* Writes the remaining events, the complete session and the end. Returns as above. */
int pw_recording_finish(struct pw_recording_writer *w, const struct pw_session *session);
void pw_recording_writer_free(struct pw_recording_writer *w);

/* ---- reading */

enum pw_recording_end {
	PW_RECORDING_WHOLE,
	/* It stops short, or its contents are wrong; the events before are sound. */
	PW_RECORDING_CUT,
	PW_RECORDING_DAMAGED,
};

struct pw_recording_reader;

/*
 * Reads up to the first session from in, which stays the caller's and need not seek.
 * Returns 0; -EINVAL if it is no recording or cannot be read, and error says why; or
 * another negative errno. *r is freed with pw_recording_reader_free either way.
 */
int pw_recording_open(struct pw_recording_reader **r, FILE *in, struct pw_error *error);
/*
 * Reads to the end and passes each event to fn. *end says how the file ends, and
 * error says why unless it is whole. Returns 0, the first negative number that fn
 * returned, -ENOMEM, or the negative errno of a read.
 */
int pw_recording_read(struct pw_recording_reader *r, pw_event_fn fn, void *context,
		      enum pw_recording_end *end, struct pw_error *error);
/*
 * The session. It is complete only after a whole recording; until then start_ns and
 * start_wall_ns are when the recorder began, and all counts are 0.
 */
const struct pw_session *pw_recording_session(const struct pw_recording_reader *r);
/* How many events were passed to fn. */
uint64_t pw_recording_events(const struct pw_recording_reader *r);
void pw_recording_reader_free(struct pw_recording_reader *r);

#endif
