/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything a subcommand writes: its reports and its recording. All files are opened before
 * the capture begins, so that one that cannot be written is noticed early. A report that
 * cannot be written in the end is saved in a temporary file.
 */
#ifndef PW_OUTPUTS_H
#define PW_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "output/output_file.h"
#include "output/record_file.h"
#include "output/view.h"
#include "report/formats.h"
#include "report/report.h"
#include "util/error.h"
#include "util/lang.h"

struct pw_output {
	const struct pw_report_format *format;
	/* as the user gave it; NULL: standard output */
	const char *path;
	struct pw_output_file to;
};

#define PW_MAX_OUTPUTS 16

struct pw_outputs {
	struct pw_output at[PW_MAX_OUTPUTS];
	size_t count;
	/* the recording, if one is wanted */
	struct pw_record_file record_file;
	/* of all files */
	struct pw_owner owner;
	/* what the reports show, and how */
	struct pw_view_request request;
	/* no progress on standard error */
	bool quiet;
};

/* Adds "FORMAT" or "FORMAT=FILE", which must outlive outputs. -EINVAL with error filled. */
int pw_outputs_add(struct pw_outputs *outputs, const char *spec, struct pw_error *error);
/*
 * Opens all files for outputs->owner. Negative errno with error filled; -EINVAL: the command
 * line is wrong, for example if two reports go to one file.
 */
int pw_outputs_open(struct pw_outputs *outputs, struct pw_error *error);
/*
 * Whether the model needs this event. Without a report it only has to know which processes are
 * alive, so it gets no event about what they do, and its memory does not grow during a long
 * recording.
 */
bool pw_outputs_need(const struct pw_outputs *outputs, const struct pw_event *event);
/* Whether standard output holds one document, so that nothing else may be written there. */
bool pw_outputs_take_stdout(const struct pw_outputs *outputs);
/* Whether anything is written to a file, not to standard output. */
bool pw_outputs_have_files(const struct pw_outputs *outputs);
/*
 * Writes every report, those for files first. A failure does not keep it from writing the
 * others. Prints its own errors; returns the first one, a negative errno, or 0. The report's
 * view and language are set here, for each output: reports for people are in the language of
 * --lang or of the locale, reports for scripts in English unless --lang is given.
 */
int pw_outputs_write(struct pw_outputs *outputs, const struct pw_report *report);
/* Closes everything, and removes the files that were not written. */
void pw_outputs_close(struct pw_outputs *outputs);

#endif
