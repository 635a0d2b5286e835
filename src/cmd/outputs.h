/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the reports go. Destinations are opened before anything is captured, so
 * that one that cannot be written is found then. A file is written aside and
 * renamed when it is whole: no partial report ever stands under the final name.
 */
#ifndef PW_OUTPUTS_H
#define PW_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "report/report.h"
#include "util/error.h"

enum pw_format { PW_FORMAT_TEXT, PW_FORMAT_JSON, PW_FORMAT_NONE };

struct pw_output {
	enum pw_format format;
	const char *path; /* NULL: standard output */
	char *aside; /* the temporary file; NULL when written in place (a device, a pipe) */
	FILE *stream;
};

#define PW_MAX_OUTPUTS 16

struct pw_outputs {
	struct pw_output at[PW_MAX_OUTPUTS];
	size_t count;
};

/* Adds "FORMAT" or "FORMAT=FILE". -EINVAL with error filled. */
int pw_outputs_add(struct pw_outputs *outputs, const char *spec, struct pw_error *error);
/* Opens all; files will belong to owner unless it is -1. Negative errno with error filled. */
int pw_outputs_open(struct pw_outputs *outputs, uid_t owner, gid_t group, struct pw_error *error);
/* Whether a format other than text goes to standard output, which then is one document. */
bool pw_outputs_take_stdout(const struct pw_outputs *outputs);
/* Writes every report: files first, standard output last. Goes on after a failure and returns the first. */
int pw_outputs_write(struct pw_outputs *outputs, const struct pw_report *report, struct pw_error *error);
/* Removes what was opened and not written. */
void pw_outputs_close(struct pw_outputs *outputs);

#endif
