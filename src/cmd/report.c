/* SPDX-License-Identifier: GPL-2.0-only */
/* `procwatch report`: renders a recording. The model and all that follows are those of a live run. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/options.h"
#include "output/progress.h"
#include "recording/recording.h"
#include "run/interrupt.h"
#include "run/session.h"

static const struct argp_option option_table[] = {
	{NULL, 0, NULL, 0, "What comes out:", PW_GROUP_OUTPUT},
	PW_REPORT_OPTIONS,
	{NULL, 0, NULL, 0, "General:", PW_GROUP_GENERAL},
	{"quiet", 'q', NULL, 0, "no remarks on standard error, only errors", PW_GROUP_GENERAL},
	{"help", 'h', NULL, 0, "this help", PW_GROUP_GENERAL},
	{"version", 'V', NULL, 0, "the version", PW_GROUP_GENERAL},
	{0},
};

static const char doc[] =
	"Render a recording that run or attach saved with -o, into the reports they would have "
	"written themselves. Needs no privilege, no BPF, and not the machine it was made on."
	"\vExamples:\n"
	"  procwatch report make.pwt\n"
	"  procwatch report -r json=make.json -r text make.pwt\n"
	"  procwatch report -r svg=make.svg --since 1s --until 2s make.pwt\n"
	"  ssh host sudo procwatch run -r none -o - -- make | procwatch report -\n"
	"\n"
	"A recording that was cut short is rendered as far as it goes, and a line says so. The exit "
	"status is 0, 2 for usage, 125 when the file cannot be read, is no recording or is damaged "
	"(what comes before the damage is rendered).";

struct report_options {
	struct pw_common_options common;
	const char *path;
};

struct rendering {
	struct report_options *options;
	FILE *in;
	struct pw_recording_reader *reader;
	struct pw_model *model;
	uint64_t last_ts;
	struct pw_progress progress;
	uint64_t bytes; /* of the file; 0: not known */
	bool foreign; /* made on another kind of machine */
};

#define EVENTS_A_LOOK 4096 /* that often the clock is looked at */

static const char *place(const struct report_options *o)
{
	return strcmp(o->path, "-") ? o->path : "standard input";
}

static int take(void *context, int key, char *arg, struct argp_state *state, struct pw_error *error)
{
	struct report_options *o = context;

	(void)state;
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (o->path)
		return pw_fail(error, EINVAL, "report takes one recording; '%s' is another", arg);
	o->path = arg;
	return 0;
}

static int parse(struct report_options *o, int argc, char **argv)
{
	static const struct pw_option_spec spec = {
		.name = "report", .table = option_table, .args_doc = "FILE|-", .doc = doc, .take = take};
	int status = pw_options_parse(&spec, &o->common, o, argc, argv);

	if (status < 0 && !o->path) {
		pw_log_error("report what? name a recording, or - for standard input");
		return PW_EXIT_USAGE;
	}
	return status;
}

/* ---- the recording */

/* System calls have other numbers on another kind of machine: better no name than a wrong one. */
static bool is_of_another_machine(const struct rendering *r)
{
	const char *machine = pw_recording_session(r->reader)->machine;
	struct utsname own;

	return machine && *machine && !uname(&own) && strcmp(machine, own.machine) != 0;
}

static int feed(void *context, const struct pw_event *event)
{
	struct rendering *r = context;
	struct pw_switch nameless;

	if (event->ts > r->last_ts)
		r->last_ts = event->ts;
	if (pw_recording_events(r->reader) % EVENTS_A_LOOK == 0)
		pw_progress_reading(&r->progress, pw_recording_events(r->reader),
				    r->bytes ? (uint64_t)ftello(r->in) : 0, r->bytes);
	if (r->foreign && event->kind == PW_EV_SWITCH) {
		nameless = *(const struct pw_switch *)event;
		nameless.prev_syscall = -1;
		event = &nameless.h;
	}
	return pw_model_feed(r->model, event);
}

static int open_input(struct rendering *r, struct pw_error *error)
{
	const bool standard = !strcmp(r->options->path, "-");
	struct stat st;
	int fd = standard ? STDIN_FILENO : open(r->options->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return pw_fail(error, EISDIR, "it is a directory");
	if (isatty(fd))
		return pw_fail(error, EINVAL, "a recording cannot come from a terminal");
	if (S_ISREG(st.st_mode))
		r->bytes = (uint64_t)st.st_size;
	r->in = standard ? stdin : fdopen(fd, "r");
	if (!r->in)
		return -errno;
	return pw_recording_open(&r->reader, r->in, error);
}

/*
 * The session of a recording that was cut short says when it began; where it
 * ended, and how much there was, is what was read.
 */
static void complete(const struct rendering *r, struct pw_session *s)
{
	const uint64_t first = pw_model_first_start(r->model);

	if (s->target == PW_TARGET_RUN && first) {
		s->start_wall_ns += (int64_t)(first - s->start_ns);
		s->start_ns = first;
	}
	s->duration_ns = r->last_ts > s->start_ns ? r->last_ts - s->start_ns : 0;
	s->received = pw_recording_events(r->reader);
	s->lost = pw_model_stats(r->model)->lost;
}

static int render(struct rendering *r, struct pw_error *error)
{
	enum pw_recording_end end;
	struct pw_session session;
	int err;

	r->model = pw_model_new();
	if (!r->model)
		return -ENOMEM;
	r->foreign = is_of_another_machine(r);
	if (r->foreign)
		pw_log_error("'%s' is of another kind of machine (%s): its system calls are not named",
			     place(r->options), pw_recording_session(r->reader)->machine);
	pw_model_keep(r->model, &r->options->common.keep);
	pw_progress_start(&r->progress, r->options->common.quiet);
	err = pw_recording_read(r->reader, feed, r, &end, error);
	pw_progress_clear(&r->progress);
	if (err)
		return err;
	session = *pw_recording_session(r->reader);
	if (end != PW_RECORDING_WHOLE) {
		complete(r, &session);
		pw_log_error("'%s': %s; this is what comes before", place(r->options), error->text);
	}
	err = pw_session_report(&r->options->common.outputs, &session, r->model);
	return err || end == PW_RECORDING_DAMAGED ? PW_EXIT_FAILED : 0;
}

/* ---- the whole */

/* The report would take the place of what it is made from. */
static bool is_input(const struct rendering *r, const char *path)
{
	struct stat in, out;

	return path && !fstat(fileno(r->in), &in) && S_ISREG(in.st_mode) && !stat(path, &out) &&
	       in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

static int report(struct rendering *r)
{
	struct pw_outputs *outputs = &r->options->common.outputs;
	struct pw_error error = {""};
	int status = open_input(r, &error);

	for (size_t i = 0; !status && i < outputs->count; i++) {
		if (is_input(r, outputs->at[i].path)) {
			pw_log_error("'%s' is the recording: name another file for the report",
				     outputs->at[i].path);
			return PW_EXIT_USAGE;
		}
	}
	if (!status) {
		status = pw_outputs_open_for_caller(outputs);
		if (!status)
			status = render(r, &error);
		if (status > 0)
			return status;
	}
	if (status) {
		pw_log_error("cannot read '%s': %s", place(r->options),
			     error.text[0] ? error.text : strerror(-status));
		return PW_EXIT_FAILED;
	}
	return 0;
}

int pw_cmd_report(int argc, char **argv)
{
	struct report_options options = {.path = NULL};
	struct rendering r = {.options = &options};
	int status = parse(&options, argc, argv);

	if (status < 0) {
		pw_survive_writes();
		status = report(&r);
	}
	pw_outputs_close(&options.common.outputs);
	pw_recording_reader_free(r.reader);
	pw_model_free(r.model);
	if (r.in && r.in != stdin)
		fclose(r.in);
	return status;
}
