/* SPDX-License-Identifier: GPL-2.0-only */
/* Recordings in memory: written, read back, compared. */
#ifndef TESTS_LIB_RECORDINGS_H
#define TESTS_LIB_RECORDINGS_H

#include <stddef.h>

#include "lib/events.h"
#include "recording/recording.h"

struct recording_bytes {
	char *bytes;
	size_t n;
};

/* A session with something in every field. */
struct pw_session test_session(void);
/* The recording of these events and test_session. The caller frees the bytes. */
struct recording_bytes write_recording(const struct event_list *events);
/*
 * Opens and reads it. What is read must be a beginning of the events, and *done (not NULL) is how many. Returns the
 * enum pw_recording_end, or -1 when it cannot be opened.
 */
int read_recording(const struct recording_bytes *file, const struct event_list *events, size_t *done);

#endif
