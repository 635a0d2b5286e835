/* SPDX-License-Identifier: GPL-2.0-only */
/* `procwatch report`: renders a recording, with the model and the views of a live run. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/options.h"
#include "output/progress.h"
#include "recording/recording.h"
#include "run/interrupt.h"
#include "run/session.h"
#include "util/error.h"
#include "util/exit_status.h"

static const char doc[] =
	"Render a recording that run or attach saved with -o, as any of the reports they write. This needs "
	"no "
	"privileges, no BPF, and not the machine it was recorded on."
	"\vExamples:\n"
	"  procwatch report make.pwt\n"
	"  procwatch report -r json=make.json -r text make.pwt\n"
	"  procwatch report -r svg=make.svg --since 1s --until 2s make.pwt\n"
	"  ssh host sudo procwatch run -r none -o - -- make | procwatch report -\n"
	"\n"
	"A recording that was cut short is rendered up to its end, and a message says so.\n"
	"\n"
	"Exit status:\n"
	"  0    the recording was rendered\n"
	"  2    the command line is wrong\n"
	"  125  the file cannot be read, is not a recording, or is damaged (what comes\n"
	"       before the damage is rendered)";

struct report_settings {
	struct pw_settings common;
	/* "-" for standard input */
	const char *path;
};

struct rendering {
	struct report_settings *settings;
	FILE *in;
	struct pw_recording_reader *reader;
	struct pw_model *model;
	uint64_t last_ts;
	struct pw_progress progress;
	/* the size of the file in bytes; 0: unknown */
	uint64_t bytes;
	/* recorded on another architecture */
	bool foreign;
};

/* The progress, which asks for the time, is updated once in so many events. */
#define PROGRESS_EVENTS 4096

static const char *place(const struct report_settings *s)
{
	return strcmp(s->path, "-") ? s->path : "standard input";
}

static int take(void *context, int key, char *arg, struct argp_state *state, struct pw_error *error)
{
	struct report_settings *s = context;

	(void)state;
	if (key != ARGP_KEY_ARG)
		return pw_options_take(&s->common, key, arg, error);
	if (s->path)
		return pw_fail(error, EINVAL, "unexpected argument '%s'; only one recording can be rendered",
			       arg);
	s->path = arg;
	return 0;
}

static int parse(struct report_settings *s, int argc, char **argv)
{
	static const struct pw_command_line line = {
		.command = "report",
		.args_doc = "FILE|-",
		.doc = doc,
		.groups = {&pw_group_output_reports, &pw_group_view, &pw_group_general_quiet},
		.take = take,
	};
	int status = pw_command_line_parse(&line, s, argc, argv);

	if (status >= 0)
		return status;
	if (!s->path) {
		pw_log_usage("report", "no recording given: name a file, or - for standard input");
		return PW_EXIT_USAGE;
	}
	return pw_options_finish("report", &s->common);
}

/* ---- the recording */

/* System call numbers depend on the architecture: an unknown name is better than a wrong one. */
static bool is_foreign(const struct rendering *r)
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
	if (pw_recording_events(r->reader) % PROGRESS_EVENTS == 0)
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
	const bool standard = !strcmp(r->settings->path, "-");
	struct stat st;
	int fd = standard ? STDIN_FILENO : open(r->settings->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return pw_fail(error, EISDIR, "it is a directory");
	if (isatty(fd))
		return pw_fail(error, EINVAL,
			       "standard input is a terminal; give a file, or pipe a recording into it");
	if (S_ISREG(st.st_mode))
		r->bytes = (uint64_t)st.st_size;
	r->in = standard ? stdin : fdopen(fd, "r");
	if (!r->in)
		return -errno;
	return pw_recording_open(&r->reader, r->in, error);
}

/* A recording that was cut short lacks the end of its session: takes the time and the counts from what was read. */
static void complete_session(const struct rendering *r, struct pw_session *s)
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

/* Returns an exit status, or a negative errno when the recording cannot be read. */
static int render(struct rendering *r, struct pw_error *error)
{
	enum pw_recording_end end;
	struct pw_session session;
	int err;

	r->model = pw_model_new();
	if (!r->model)
		return -ENOMEM;
	r->foreign = is_foreign(r);
	if (r->foreign)
		pw_log_error(
			"'%s' was recorded on another architecture (%s), so its system calls have no names",
			place(r->settings), pw_recording_session(r->reader)->machine);
	pw_model_keep(r->model, &r->settings->common.keep);
	pw_progress_start(&r->progress, r->settings->common.quiet);
	err = pw_recording_read(r->reader, feed, r, &end, error);
	pw_progress_clear(&r->progress);
	if (err)
		return err;
	session = *pw_recording_session(r->reader);
	if (end != PW_RECORDING_WHOLE) {
		complete_session(r, &session);
		pw_log_error("'%s': %s; the report shows what comes before", place(r->settings), error->text);
	}
	err = pw_session_report(&r->settings->common.outputs, &session, r->model);
	if (err || end == PW_RECORDING_DAMAGED)
		return PW_EXIT_FAILED;
	return 0;
}

/* ---- the whole */

/* Whether path is the recording itself, which the report would replace. */
static bool is_input(const struct rendering *r, const char *path)
{
	struct stat in, out;

	return path && !fstat(fileno(r->in), &in) && S_ISREG(in.st_mode) && !stat(path, &out) &&
	       in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

static int fail_to_read(const struct rendering *r, int err, const struct pw_error *error)
{
	pw_log_error("cannot read '%s': %s", place(r->settings),
		     error->text[0] ? error->text : strerror(-err));
	return PW_EXIT_FAILED;
}

/* Returns the exit status. */
static int report(struct rendering *r)
{
	struct pw_outputs *outputs = &r->settings->common.outputs;
	struct pw_error error = {""};
	int status, err = open_input(r, &error);

	if (err)
		return fail_to_read(r, err, &error);
	for (size_t i = 0; i < outputs->count; i++) {
		if (is_input(r, outputs->at[i].path)) {
			pw_log_usage("report",
				     "'%s' is the recording itself; use another file for the report",
				     outputs->at[i].path);
			return PW_EXIT_USAGE;
		}
	}
	status = pw_options_open_outputs("report", &r->settings->common);
	if (status)
		return status;
	status = render(r, &error);
	if (status < 0)
		return fail_to_read(r, status, &error);
	return status;
}

int pw_cmd_report(int argc, char **argv)
{
	struct report_settings settings = {.path = NULL};
	struct rendering r = {.settings = &settings};
	int status = parse(&settings, argc, argv);

	if (status < 0) {
		pw_survive_writes();
		status = report(&r);
	}
	pw_outputs_close(&settings.common.outputs);
	pw_recording_reader_free(r.reader);
	pw_model_free(r.model);
	if (r.in && r.in != stdin)
		fclose(r.in);
	return status;
}
