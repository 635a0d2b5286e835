/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recording that -o asks for, written while the capture runs. Until it is complete it is
 * called FILE.partial, and it keeps that name if it never becomes complete: a recording that
 * a crash or SIGKILL cut short can still be read. When its disk is full, the rest goes into a
 * temporary file. A failure to write never ends the capture.
 */
#ifndef PW_RECORD_FILE_H
#define PW_RECORD_FILE_H

#include <stdbool.h>

#include "output/output_file.h"
#include "recording/recording.h"
#include "shared/event.h"
#include "util/error.h"

struct pw_record_file {
	bool wanted;
	/* as the user gave it; NULL: standard output */
	const char *path;
	struct pw_output_file to;
	struct pw_recording_writer *writer;
	/* the first error, a negative errno */
	int err;
};

/* Takes the value of -o, which must outlive s. -EINVAL with error filled. */
int pw_record_file_set(struct pw_record_file *s, const char *path, struct pw_error *error);
/* Opens the file, if one is wanted. Negative errno with error filled; -EINVAL: not on a terminal. */
int pw_record_file_open(struct pw_record_file *s, const struct pw_owner *owner, struct pw_error *error);
/* Begins the recording. session holds what is known before the first event. */
void pw_record_file_begin(struct pw_record_file *s, const struct pw_session *session);
void pw_record_file_add(struct pw_record_file *s, const struct pw_event *event);
/* Writes what has waited long enough. Call it every turn, also when there is no event. */
void pw_record_file_pulse(struct pw_record_file *s, uint64_t now);
/* Completes the recording and names the file. Prints its own errors; returns 0 or a negative errno. */
int pw_record_file_end(struct pw_record_file *s, const struct pw_session *session);
/* Nothing was recorded: close removes the file. */
void pw_record_file_discard(struct pw_record_file *s);
void pw_record_file_close(struct pw_record_file *s);

#endif
