/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recordings: the events of a session in a file, and out of it again.
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
 * Begins a recording on a stream that stays the caller's. Of the session, what
 * is known at the beginning: start_ns and start_wall_ns are one moment on both
 * clocks. *w is freed with pw_recording_writer_free, also after a failure.
 */
int pw_recording_create(struct pw_recording_writer **w, FILE *out, const struct pw_session *session);
/* In order of time. Returns 0, -ENOMEM, or the negative errno of a write; the first failure stays. */
int pw_recording_add(struct pw_recording_writer *w, const struct pw_event *event);
/*
 * Call it now and then: what is older than two seconds is written, so that a crash
 * takes little with it.
 */
int pw_recording_pulse(struct pw_recording_writer *w, uint64_t now);
/* Writes what is left, the whole session and the end. */
int pw_recording_finish(struct pw_recording_writer *w, const struct pw_session *session);
void pw_recording_writer_free(struct pw_recording_writer *w);

/* ---- reading */

enum pw_recording_end {
	PW_RECORDING_WHOLE,
	PW_RECORDING_CUT, /* it stops short: what came before is sound */
	PW_RECORDING_DAMAGED, /* it says what it cannot have been told: what came before is sound */
};

struct pw_recording_reader;
typedef int (*pw_recording_fn)(void *context, const struct pw_event *event);

/*
 * Reads up to the first session, from a stream that stays the caller's and need
 * not seek. -EINVAL: no recording, or one that cannot be read; error says why.
 * *r is freed with pw_recording_reader_free, also after a failure.
 */
int pw_recording_open(struct pw_recording_reader **r, FILE *in, struct pw_error *error);
/*
 * Reads on to the end and hands on every event; it exists only during the call.
 * *end says how the file ends, and error why unless it is whole. Returns 0, the
 * first negative number of fn, or -ENOMEM.
 */
int pw_recording_read(struct pw_recording_reader *r, pw_recording_fn fn, void *context,
		      enum pw_recording_end *end, struct pw_error *error);
/*
 * The session; whole only after a recording that is whole. Before that, its
 * start_ns and start_wall_ns are when the recorder began, and nothing is counted.
 */
const struct pw_session *pw_recording_session(const struct pw_recording_reader *r);
/* Events handed on so far. */
uint64_t pw_recording_events(const struct pw_recording_reader *r);
void pw_recording_reader_free(struct pw_recording_reader *r);

#endif
