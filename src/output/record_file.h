/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * -o: the recording of a capture, written while it goes on. Until it is whole it
 * is called FILE.partial, and stays so if it never becomes whole: what a crash or
 * SIGKILL leaves can be read. Where its disk is full it goes on in a temporary
 * file. A recording that cannot be written does not stop the capture.
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
	const char *path; /* as it was given; NULL: standard output */
	struct pw_output_file to;
	struct pw_recording_writer *writer;
	int err; /* the first one */
};

/* Takes the option's value. -EINVAL with error filled. */
int pw_record_file_set(struct pw_record_file *s, const char *path, struct pw_error *error);
/* Opens what was asked for. Negative errno with error filled. */
int pw_record_file_open(struct pw_record_file *s, const struct pw_owner *owner, struct pw_error *error);
/* Of the session, what is known before the first event. */
void pw_record_file_begin(struct pw_record_file *s, const struct pw_session *session);
void pw_record_file_add(struct pw_record_file *s, const struct pw_event *event);
/* To be called now and then while nothing happens. */
void pw_record_file_pulse(struct pw_record_file *s, uint64_t now);
/* Completes it and gives it its name. What went wrong is told here; negative errno. */
int pw_record_file_end(struct pw_record_file *s, const struct pw_session *session);
/* There was nothing to record after all. */
void pw_record_file_discard(struct pw_record_file *s);
void pw_record_file_close(struct pw_record_file *s);

#endif
