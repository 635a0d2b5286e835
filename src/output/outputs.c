/* SPDX-License-Identifier: GPL-2.0-only */
#include "output/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/task_state.h"
#include "util/error.h"
#include "util/wordlist.h"

/* Whether path is /dev/stdout or the file that standard output was redirected to. */
static bool is_stdout(const char *path)
{
	struct stat given, own;

	return !stat(path, &given) && !fstat(STDOUT_FILENO, &own) && given.st_dev == own.st_dev &&
	       given.st_ino == own.st_ino && (!S_ISCHR(own.st_mode) || isatty(STDOUT_FILENO));
}

static int refuse_format(const char *name, size_t length, struct pw_error *error)
{
	const char *names[PW_MAX_OUTPUTS];
	char list[256];
	size_t n = 0;

	for (const struct pw_report_format *f = pw_report_formats; f->name && n < PW_MAX_OUTPUTS - 1; f++)
		names[n++] = f->name;
	names[n] = NULL;
	return pw_fail(error, EINVAL, "unknown report format '%.*s' (choose %s)",
		       length < 100 ? (int)length : 100, name, pw_wordlist_text(list, sizeof(list), names));
}

int pw_outputs_add(struct pw_outputs *outputs, const char *spec, struct pw_error *error)
{
	const size_t length = strcspn(spec, "=");
	const char *path = spec[length] ? spec + length + 1 : NULL;
	const struct pw_report_format *format = pw_report_format_find(spec, length);

	if (!format)
		return refuse_format(spec, length, error);
	if (path && !*path)
		return pw_fail(error, EINVAL, "report '%s' has no file name after '='", spec);
	if (outputs->count == PW_MAX_OUTPUTS)
		return pw_fail(error, EINVAL, "too many reports; at most %d are possible", PW_MAX_OUTPUTS);
	if (path && (!strcmp(path, "-") || is_stdout(path)))
		path = NULL;
	outputs->at[outputs->count++] = (struct pw_output){
		.format = format,
		.path = path,
		.to = PW_OUTPUT_FILE_NONE,
	};
	return 0;
}

bool pw_outputs_need(const struct pw_outputs *outputs, const struct pw_event *event)
{
	for (size_t i = 0; i < outputs->count; i++)
		if (outputs->at[i].format->write)
			return true;
	if (event->kind == PW_EV_SWITCH)
		return event->flags & PW_PREV_WATCHED &&
		       ((const struct pw_switch *)event)->prev_state & TASK_DEAD;
	if (event->kind == PW_EV_SIGNAL)
		return ((const struct pw_signal *)event)->exit_notice;
	return event->kind != PW_EV_WAKE;
}

bool pw_outputs_take_stdout(const struct pw_outputs *outputs)
{
	if (outputs->record_file.wanted && !outputs->record_file.path)
		return true;
	for (size_t i = 0; i < outputs->count; i++)
		if (!outputs->at[i].path && outputs->at[i].format->flags & PW_FORMAT_ALONE)
			return true;
	return false;
}

static const char *place(const struct pw_output *o)
{
	return o->path ? o->path : "standard output";
}

/* Different names may lead to one file, which only an open file shows. */
static int refuse_shared_file(const struct pw_outputs *outputs, const struct pw_output *o,
			      struct pw_error *error)
{
	if (outputs->record_file.wanted && pw_output_file_same(&outputs->record_file.to, &o->to))
		return pw_fail(error, EINVAL,
			       "a report and the recording both go to '%s'; use another file for one of them",
			       place(o));
	for (const struct pw_output *other = outputs->at; other < o; other++)
		if (other->format->write && pw_output_file_same(&other->to, &o->to))
			return pw_fail(error, EINVAL,
				       "two reports go to '%s'; use another file for one of them", place(o));
	return 0;
}

static int open_one(struct pw_outputs *outputs, struct pw_output *o, struct pw_error *error)
{
	int err;

	if (!o->format->write)
		return 0;
	err = pw_output_file_open(&o->to, o->path, &outputs->owner);
	if (err)
		return pw_fail(error, -err, "cannot write the report '%s': %s", place(o), strerror(-err));
	if (o->to.terminal && o->format->flags & PW_FORMAT_BINARY)
		return pw_fail(error, EINVAL, "refusing to write a %s report to a terminal; use -r %s=FILE",
			       o->format->name, o->format->name);
	return refuse_shared_file(outputs, o, error);
}

int pw_outputs_open(struct pw_outputs *outputs, struct pw_error *error)
{
	int err = pw_record_file_open(&outputs->record_file, &outputs->owner, error);

	for (size_t i = 0; !err && i < outputs->count; i++)
		err = open_one(outputs, &outputs->at[i], error);
	return err;
}

static enum pw_language language_of(const struct pw_outputs *outputs, const struct pw_report_format *format)
{
	const struct pw_view_request *request = &outputs->request;

	if (format->flags & PW_FORMAT_ENGLISH && !request->language_asked)
		return PW_ENGLISH;
	if (format->flags & PW_FORMAT_TERMINAL && pw_view_is_ascii(request))
		return PW_ENGLISH;
	return request->language;
}

static int write_to(struct pw_output_file *to, const struct pw_outputs *outputs,
		    const struct pw_report_format *format, const struct pw_report *contents)
{
	struct pw_report report = *contents;
	struct pw_view_options view;
	struct pw_progress progress;
	int err, written;

	pw_view_choose(&outputs->request, to->fd, &view);
	report.view = &view;
	report.language = language_of(outputs, format);
	pw_progress_start(&progress, outputs->quiet);
	progress.what = format->name;
	/* On a terminal the report itself is the progress, and the line would get mixed up with it. */
	to->progress = to->terminal ? NULL : &progress;
	written = format->write(&report, to->stream);
	if (written && !to->error)
		to->error = written;
	err = pw_output_file_finish(to);
	to->progress = NULL;
	pw_progress_clear(&progress);
	return err;
}

/* A run cannot be repeated: writes the report to a temporary file instead. */
static void rescue(const struct pw_outputs *outputs, const struct pw_output *o,
		   const struct pw_report *report, int why)
{
	struct pw_output_file to;
	char *path = NULL;
	int err = pw_output_file_rescue(&to, o->format->suffix, &outputs->owner, &path);

	if (!err)
		err = write_to(&to, outputs, o->format, report);
	if (!err) {
		pw_log_error("cannot write the report '%s': %s; it was saved as '%s' instead", place(o),
			     strerror(-why), path);
	} else {
		pw_log_error("cannot write the report '%s': %s", place(o), strerror(-why));
		if (path)
			unlink(path);
	}
	pw_output_file_drop(&to);
	free(path);
}

static int write_one(struct pw_outputs *outputs, struct pw_output *o, const struct pw_report *report)
{
	int err = write_to(&o->to, outputs, o->format, report);

	/* The reader has what it wanted: head, a pager, a terminal that was closed. */
	if (!o->path && (err == -EPIPE || (err == -EIO && o->to.terminal)))
		return 0;
	if (err)
		rescue(outputs, o, report, err);
	return err;
}

int pw_outputs_write(struct pw_outputs *outputs, const struct pw_report *report)
{
	int first = 0;

	for (int to_stdout = 0; to_stdout <= 1; to_stdout++) {
		for (size_t i = 0; i < outputs->count; i++) {
			struct pw_output *o = &outputs->at[i];
			int err;

			if ((o->path == NULL) != to_stdout || !o->format->write)
				continue;
			err = write_one(outputs, o, report);
			if (!first)
				first = err;
		}
	}
	return first;
}

bool pw_outputs_have_files(const struct pw_outputs *outputs)
{
	if (outputs->record_file.wanted && outputs->record_file.path)
		return true;
	for (size_t i = 0; i < outputs->count; i++)
		if (outputs->at[i].path && outputs->at[i].format->write)
			return true;
	return false;
}

void pw_outputs_close(struct pw_outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		pw_output_file_drop(&outputs->at[i].to);
	pw_record_file_close(&outputs->record_file);
	outputs->count = 0;
}
