/* SPDX-License-Identifier: GPL-2.0-only */
#include "output/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/caps.h"
#include "cmd/cmd.h"
#include "run/launch.h"

static const struct {
	const char *name, *suffix;
	bool for_scripts;
	int (*write)(const struct pw_report *report, FILE *out);
} formats[] = {
	[PW_FORMAT_TEXT] = {"text", ".txt", false, pw_report_text},
	[PW_FORMAT_JSON] = {"json", ".json", true, pw_report_json},
	[PW_FORMAT_JSONL] = {"jsonl", ".jsonl", true, pw_report_jsonl},
	[PW_FORMAT_CSV] = {"csv", ".csv", true, pw_report_csv},
	[PW_FORMAT_HTML] = {"html", ".html", false, pw_report_html},
	[PW_FORMAT_SVG] = {"svg", ".svg", false, pw_report_svg},
	[PW_FORMAT_PERFETTO] = {"perfetto", ".pftrace", true, pw_report_perfetto},
	[PW_FORMAT_NONE] = {"none", "", true, NULL},
};
#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

/* /dev/stdout, or the very file the shell has redirected standard output to. */
static bool is_stdout(const char *path)
{
	struct stat given, own;

	return !stat(path, &given) && !fstat(STDOUT_FILENO, &own) && given.st_dev == own.st_dev &&
	       given.st_ino == own.st_ino && (!S_ISCHR(own.st_mode) || isatty(STDOUT_FILENO));
}

int pw_outputs_add(struct pw_outputs *outputs, const char *spec, struct pw_error *error)
{
	size_t name_length = strcspn(spec, "="), i = 0;
	const char *path = spec[name_length] ? spec + name_length + 1 : NULL;

	while (i < N_FORMATS &&
	       (strlen(formats[i].name) != name_length || strncmp(formats[i].name, spec, name_length) != 0))
		i++;
	if (i == N_FORMATS)
		return pw_fail(
			error, EINVAL,
			"there is no report format '%.*s': text, json, jsonl, csv, html, svg, perfetto and "
			"none are",
			name_length < 100 ? (int)name_length : 100, spec);
	if (path && !*path)
		return pw_fail(error, EINVAL, "the report '%s' names no file", spec);
	if (outputs->count == PW_MAX_OUTPUTS)
		return pw_fail(error, EINVAL, "more than %d reports", PW_MAX_OUTPUTS);
	if (path && (!strcmp(path, "-") || is_stdout(path)))
		path = NULL;
	outputs->at[outputs->count++] = (struct pw_output){
		.format = (enum pw_format)i,
		.path = path,
		.to = {.fd = -1, .folder = -1, .head = -1},
	};
	return 0;
}

int pw_outputs_open_for_caller(struct pw_outputs *outputs)
{
	struct pw_error error = {""};
	struct pw_user caller;
	int err = pw_user_find(&caller, NULL, &error);

	if (!err) {
		outputs->owner =
			(struct pw_owner){.change = caller.change, .uid = caller.uid, .gid = caller.gid};
		err = pw_outputs_open(outputs, &error);
	}
	if (!err)
		return 0;
	pw_log_error("%s", error.text);
	return err == -EINVAL ? PW_EXIT_USAGE : PW_EXIT_FAILED;
}

bool pw_outputs_need(const struct pw_outputs *outputs, const struct pw_event *event)
{
	const uint32_t dead = 0x80; /* TASK_DEAD: the last switch of a process */

	for (size_t i = 0; i < outputs->count; i++)
		if (outputs->at[i].format != PW_FORMAT_NONE)
			return true;
	if (event->kind == PW_EV_SWITCH)
		return event->flags & PW_PREV_WATCHED && ((const struct pw_switch *)event)->prev_state & dead;
	if (event->kind == PW_EV_SIGNAL)
		return ((const struct pw_signal *)event)->exit_notice;
	return event->kind != PW_EV_WAKE;
}

bool pw_outputs_take_stdout(const struct pw_outputs *outputs)
{
	if (outputs->record_file.wanted && !outputs->record_file.path)
		return true;
	for (size_t i = 0; i < outputs->count; i++)
		if (!outputs->at[i].path && outputs->at[i].format != PW_FORMAT_TEXT &&
		    outputs->at[i].format != PW_FORMAT_NONE)
			return true;
	return false;
}

static const char *place(const struct pw_output *o)
{
	return o->path ? o->path : "standard output";
}

/* Different names may lead to one file: only now that it is open can this be seen. */
static int refuse_double(const struct pw_outputs *outputs, const struct pw_output *o, struct pw_error *error)
{
	if (outputs->record_file.wanted && pw_output_file_same(&outputs->record_file.to, &o->to))
		return pw_fail(error, EINVAL, "a report and the recording go to '%s': name another file",
			       place(o));
	for (const struct pw_output *other = outputs->at; other < o; other++)
		if (other->format != PW_FORMAT_NONE && pw_output_file_same(&other->to, &o->to))
			return pw_fail(error, EINVAL,
				       "two reports go to '%s': name another file for one of them", place(o));
	return 0;
}

int pw_outputs_open(struct pw_outputs *outputs, struct pw_error *error)
{
	int failed = pw_record_file_open(&outputs->record_file, &outputs->owner, error);

	if (failed)
		return failed;
	for (size_t i = 0; i < outputs->count; i++) {
		struct pw_output *o = &outputs->at[i];
		int err;

		if (o->format == PW_FORMAT_NONE)
			continue;
		err = pw_output_file_open(&o->to, o->path, &outputs->owner);
		if (err)
			return pw_fail(error, -err, "cannot write the report '%s': %s", place(o),
				       strerror(-err));
		if (o->format == PW_FORMAT_PERFETTO && o->to.terminal)
			return pw_fail(error, EINVAL,
				       "a perfetto trace is nothing for a terminal: name a file with "
				       "-r perfetto=FILE");
		err = refuse_double(outputs, o, error);
		if (err)
			return err;
	}
	return 0;
}

static enum pw_language language_of(const struct pw_outputs *outputs, enum pw_format format)
{
	const struct pw_view_request *request = &outputs->request;

	if (formats[format].for_scripts && !request->language_asked)
		return PW_ENGLISH;
	return format == PW_FORMAT_TEXT && pw_view_is_ascii(request) ? PW_ENGLISH : request->language;
}

bool pw_outputs_speak(const struct pw_outputs *outputs, enum pw_language language)
{
	for (size_t i = 0; i < outputs->count; i++)
		if (language_of(outputs, outputs->at[i].format) == language)
			return true;
	return false;
}

static int write_to(struct pw_output_file *to, const struct pw_outputs *outputs, enum pw_format format,
		    struct pw_report *reports)
{
	const enum pw_language language = language_of(outputs, format), before = pw_lang_speak(language);
	struct pw_report *report = &reports[language];
	struct pw_view_options view;
	struct pw_progress progress;
	int err, written;

	pw_view_choose(&outputs->request, to->fd, &view);
	report->view = &view;
	pw_progress_start(&progress, outputs->quiet);
	progress.what = formats[format].name;
	/* What is written to a terminal shows how it goes by itself, and would be mixed with the line. */
	to->progress = to->terminal ? NULL : &progress;
	written = formats[format].write(report, to->stream);
	if (written && !to->error)
		to->error = written;
	err = pw_output_file_finish(to);
	to->progress = NULL;
	pw_progress_clear(&progress);
	report->view = NULL;
	pw_lang_speak(before);
	return err;
}

/* The run cannot be had again: rather another place than none. */
static void rescue(const struct pw_outputs *outputs, const struct pw_output *o, struct pw_report *reports,
		   int why)
{
	struct pw_output_file to;
	char *path = NULL;
	int err = pw_output_file_rescue(&to, formats[o->format].suffix, &outputs->owner, &path);

	if (!err)
		err = write_to(&to, outputs, o->format, reports);
	if (!err)
		pw_log_error("cannot write the report to '%s': %s; it is in '%s'", place(o), strerror(-why),
			     path);
	else
		pw_log_error("cannot write the report to '%s': %s", place(o), strerror(-why));
	if (err && path)
		unlink(path);
	pw_output_file_drop(&to);
	free(path);
}

static int write_one(struct pw_outputs *outputs, struct pw_output *o, struct pw_report *reports)
{
	int err = write_to(&o->to, outputs, o->format, reports);

	/* A reader that went away wants no more: head, a pager that was left, a terminal that was closed. */
	if (!o->path && (err == -EPIPE || (err == -EIO && o->to.terminal)))
		return 0;
	if (err)
		rescue(outputs, o, reports, err);
	return err;
}

int pw_outputs_write(struct pw_outputs *outputs, struct pw_report reports[static PW_LANGUAGE_COUNT])
{
	int first = 0;

	for (int to_stdout = 0; to_stdout <= 1; to_stdout++) {
		for (size_t i = 0; i < outputs->count; i++) {
			struct pw_output *o = &outputs->at[i];
			int err;

			if ((o->path == NULL) != to_stdout || o->format == PW_FORMAT_NONE)
				continue;
			err = write_one(outputs, o, reports);
			first = first ? first : err;
		}
	}
	return first;
}

uint64_t pw_outputs_caps(const struct pw_outputs *outputs)
{
	/* Even a report for standard output may become a file, if that is full. */
	uint64_t caps = outputs->owner.change ? PW_CAP(CAP_CHOWN) : 0;
	bool files = outputs->record_file.wanted && outputs->record_file.path;

	for (size_t i = 0; i < outputs->count; i++)
		files |= outputs->at[i].path && outputs->at[i].format != PW_FORMAT_NONE;
	return files ? caps | PW_CAP(CAP_DAC_OVERRIDE) | PW_CAP(CAP_FOWNER) : caps;
}

void pw_outputs_close(struct pw_outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		pw_output_file_drop(&outputs->at[i].to);
	pw_record_file_close(&outputs->record_file);
	outputs->count = 0;
}
