/* SPDX-License-Identifier: GPL-2.0-only */
#include "cmd/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *name;
	enum pw_format format;
	int (*write)(const struct pw_report *report, FILE *out);
} formats[] = {
	{"text", PW_FORMAT_TEXT, pw_report_text},
	{"json", PW_FORMAT_JSON, pw_report_json},
	{"none", PW_FORMAT_NONE, NULL},
};
#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

int pw_outputs_add(struct pw_outputs *outputs, const char *spec, struct pw_error *error)
{
	size_t name_length = strcspn(spec, "="), i = 0;
	const char *path = spec[name_length] ? spec + name_length + 1 : NULL;

	while (i < N_FORMATS &&
	       (strlen(formats[i].name) != name_length || strncmp(formats[i].name, spec, name_length) != 0))
		i++;
	if (i == N_FORMATS)
		return pw_fail(error, EINVAL, "there is no report format '%.*s': text, json and none are",
			       (int)name_length, spec);
	if (path && !*path)
		return pw_fail(error, EINVAL, "the report '%s' names no file", spec);
	if (path && !strcmp(path, "-"))
		path = NULL;
	for (size_t j = 0; j < outputs->count; j++) {
		const char *other = outputs->at[j].path;

		if (i != PW_FORMAT_NONE && ((!path && !other) || (path && other && !strcmp(path, other))))
			return pw_fail(error, EINVAL,
				       "two reports go to %s: name another file for one of them",
				       path ? path : "standard output");
	}
	if (outputs->count == PW_MAX_OUTPUTS)
		return pw_fail(error, EINVAL, "more than %d reports", PW_MAX_OUTPUTS);
	outputs->at[outputs->count++] = (struct pw_output){.format = formats[i].format, .path = path};
	return 0;
}

bool pw_outputs_take_stdout(const struct pw_outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		if (!outputs->at[i].path && outputs->at[i].format == PW_FORMAT_JSON)
			return true;
	return false;
}

/* Devices, pipes and the like are written in place: renaming over them would replace them. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static int open_aside(struct pw_output *o, uid_t owner, gid_t group)
{
	struct stat st;
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	if (!stat(o->path, &st) && S_ISDIR(st.st_mode))
		return -EISDIR;
	if (asprintf(&o->aside, "%s.XXXXXX", o->path) < 0) {
		o->aside = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(o->aside, O_CLOEXEC);
	if (fd < 0) {
		free(o->aside);
		o->aside = NULL;
		return -errno;
	}
	if (fchmod(fd, 0666 & ~mask) || (owner != (uid_t)-1 && fchown(fd, owner, group))) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

static int open_one(struct pw_output *o, uid_t owner, gid_t group)
{
	int fd;

	if (is_special(o->path)) {
		fd = open(o->path, O_WRONLY | O_CLOEXEC);
		fd = fd < 0 ? -errno : fd;
	} else {
		fd = open_aside(o, owner, group);
	}
	if (fd < 0)
		return fd;
	o->stream = fdopen(fd, "w");
	return o->stream ? 0 : -errno;
}

int pw_outputs_open(struct pw_outputs *outputs, uid_t owner, gid_t group, struct pw_error *error)
{
	for (size_t i = 0; i < outputs->count; i++) {
		struct pw_output *o = &outputs->at[i];
		int err;

		if (!o->path || o->format == PW_FORMAT_NONE)
			continue;
		err = open_one(o, owner, group);
		if (err)
			return pw_fail(error, -err, "cannot write the report '%s': %s", o->path,
				       strerror(-err));
	}
	return 0;
}

static int write_one(struct pw_output *o, const struct pw_report *report)
{
	FILE *out = o->path ? o->stream : stdout;
	int err;

	if (!formats[o->format].write)
		return 0;
	err = formats[o->format].write(report, out);
	if (fflush(out) && !err)
		err = -errno;
	if (!o->path)
		return err;
	o->stream = NULL;
	if (fclose(out) && !err)
		err = -errno;
	if (!err && o->aside && rename(o->aside, o->path))
		err = -errno;
	if (!err) {
		free(o->aside);
		o->aside = NULL;
	}
	return err;
}

int pw_outputs_write(struct pw_outputs *outputs, const struct pw_report *report, struct pw_error *error)
{
	int first = 0;

	for (int to_stdout = 0; to_stdout <= 1; to_stdout++) {
		for (size_t i = 0; i < outputs->count; i++) {
			struct pw_output *o = &outputs->at[i];
			int err;

			if ((o->path == NULL) != to_stdout)
				continue;
			err = write_one(o, report);
			/* A reader of standard output that went away wants no more: head, a pager that was left. */
			if (err == -EPIPE && to_stdout)
				err = 0;
			if (err && !first)
				first = pw_fail(error, -err, "cannot write the report to %s: %s",
						o->path ? o->path : "standard output", strerror(-err));
		}
	}
	return first;
}

void pw_outputs_close(struct pw_outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++) {
		struct pw_output *o = &outputs->at[i];

		if (o->stream)
			fclose(o->stream);
		if (o->aside)
			unlink(o->aside);
		free(o->aside);
		*o = (struct pw_output){0};
	}
	outputs->count = 0;
}
