/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reports a run was asked for. Their output files are opened before anything
 * is captured, so that one that cannot be written is found then. What cannot be
 * written after all is not lost: it goes into a file for temporary files.
 */
#ifndef PW_OUTPUTS_H
#define PW_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "output/output_file.h"
#include "output/record_file.h"
#include "output/view.h"
#include "report/report.h"
#include "util/error.h"
#include "util/lang.h"

enum pw_format {
	PW_FORMAT_TEXT,
	PW_FORMAT_JSON,
	PW_FORMAT_JSONL,
	PW_FORMAT_CSV,
	PW_FORMAT_HTML,
	PW_FORMAT_SVG,
	PW_FORMAT_PERFETTO,
	PW_FORMAT_NONE,
};
#define PW_FORMATS                                                                                           \
	"text (the default), json, jsonl (a process a line), csv (an interval a row), html (one page), "     \
	"svg (a picture), perfetto (for ui.perfetto.dev) or none"

struct pw_output {
	enum pw_format format;
	const char *path; /* as it was given; NULL: standard output */
	struct pw_output_file to;
};

#define PW_MAX_OUTPUTS 16

struct pw_outputs {
	struct pw_output at[PW_MAX_OUTPUTS];
	size_t count;
	struct pw_record_file record_file; /* the recording, if one was asked for */
	struct pw_owner owner; /* of the files */
	struct pw_view_request request; /* what the reports shall show, and how */
	bool quiet; /* no remarks on standard error */
};

/* Adds "FORMAT" or "FORMAT=FILE". -EINVAL with error filled. */
int pw_outputs_add(struct pw_outputs *outputs, const char *spec, struct pw_error *error);
/* Opens all. Negative errno with error filled; -EINVAL: two of them go to one place. */
int pw_outputs_open(struct pw_outputs *outputs, struct pw_error *error);
/* The same for a subcommand: the files belong to whoever called sudo. Prints what is wrong; 0 or an exit status. */
int pw_outputs_open_for_caller(struct pw_outputs *outputs);
/*
 * Whether the model must be told of an event. With no report to write it only
 * says who is alive: then it hears of processes but not of what they do, and its
 * memory does not grow with the length of a recording.
 */
bool pw_outputs_need(const struct pw_outputs *outputs, const struct pw_event *event);
/* Whether a format other than text goes to standard output, which then is one document. */
bool pw_outputs_take_stdout(const struct pw_outputs *outputs);
/*
 * Writes every report: files first, standard output last. Goes on after a
 * failure, says each in a line, and returns the first. Of reports there is one for
 * each language that pw_outputs_speak; its view is set here, for each output as its
 * output file can show it.
 */
int pw_outputs_write(struct pw_outputs *outputs, struct pw_report reports[static PW_LANGUAGE_COUNT]);
/*
 * Whether any of them is in this language. What people read is in the language that
 * was asked for or that the locale names; what scripts read is English unless another
 * was asked for.
 */
bool pw_outputs_speak(const struct pw_outputs *outputs, enum pw_language language);
/* The capabilities (capture/caps.h) that root still needs to finish the files, which may lie in folders of others. */
uint64_t pw_outputs_caps(const struct pw_outputs *outputs);
/* Removes what was opened and not written. */
void pw_outputs_close(struct pw_outputs *outputs);

#endif
