/* SPDX-License-Identifier: GPL-2.0-only */
#include "output/record_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "util/error.h"

static const char *place(const struct pw_record_file *s)
{
	return s->path ? s->path : "standard output";
}

int pw_record_file_set(struct pw_record_file *s, const char *path, struct pw_error *error)
{
	if (s->wanted)
		return pw_fail(error, EINVAL,
			       "option '--output' is given twice, but a capture has one recording");
	if (!*path)
		return pw_fail(error, EINVAL, "option '--output' has no file name");
	*s = (struct pw_record_file){
		.wanted = true,
		.path = strcmp(path, "-") != 0 ? path : NULL,
		.to = PW_OUTPUT_FILE_NONE,
	};
	return 0;
}

int pw_record_file_open(struct pw_record_file *s, const struct pw_owner *owner, struct pw_error *error)
{
	int err;

	if (!s->wanted)
		return 0;
	err = pw_output_file_open_kept(&s->to, s->path, owner);
	if (err)
		return pw_fail(error, -err, "cannot write the recording '%s': %s", place(s), strerror(-err));
	if (s->to.terminal)
		return pw_fail(error, EINVAL, "refusing to write a recording to a terminal; use -o FILE");
	return 0;
}

/* Keeps the first error. The output file knows why a write failed, the stream does not. */
static void keep_error(struct pw_record_file *s, int err)
{
	if (err && !s->err)
		s->err = s->to.error ? s->to.error : err;
}

void pw_record_file_begin(struct pw_record_file *s, const struct pw_session *session)
{
	if (s->wanted)
		keep_error(s, pw_recording_create(&s->writer, s->to.stream, session));
}

void pw_record_file_add(struct pw_record_file *s, const struct pw_event *event)
{
	if (s->writer && !s->err)
		keep_error(s, pw_recording_add(s->writer, event));
}

void pw_record_file_pulse(struct pw_record_file *s, uint64_t now)
{
	if (s->writer && !s->err)
		keep_error(s, pw_recording_flush_old(s->writer, now));
}

/* Says what went wrong, and where the recording is now: it cannot be made again. */
static void report_failure(struct pw_record_file *s)
{
	const struct pw_output_file *to = &s->to;
	const char *why = strerror(-(to->full ? to->full : s->err));

	if (!to->rest && !to->temporary_name)
		pw_log_error("cannot write the recording '%s': %s", place(s), why);
	else if (!to->rest)
		pw_log_error("cannot write the recording '%s': %s; the part before that is in '%s.partial'",
			     place(s), why, place(s));
	else if (pw_output_file_join(&s->to))
		pw_log_error(
			"cannot write the recording '%s': %s; to join its two parts: dd if=%s.partial of=%s "
			"conv=notrunc",
			place(s), why, place(s), to->rest);
	else if (to->error)
		pw_log_error("cannot write the recording '%s': %s; the part before that is in '%s'", place(s),
			     why, to->rest);
	else
		pw_log_error("cannot write the recording '%s': %s; it was saved as '%s' instead", place(s),
			     why, to->rest);
}

int pw_record_file_end(struct pw_record_file *s, const struct pw_session *session)
{
	if (!s->writer)
		return s->wanted ? s->err : 0;
	if (!s->err)
		keep_error(s, pw_recording_finish(s->writer, session));
	if (!s->err)
		keep_error(s, pw_output_file_finish(&s->to));
	/* The reader of the pipe has what it wanted. */
	if (!s->path && s->err == -EPIPE)
		return 0;
	if (s->err)
		report_failure(s);
	return s->err;
}

void pw_record_file_discard(struct pw_record_file *s)
{
	if (s->wanted)
		s->to.kept = false;
}

void pw_record_file_close(struct pw_record_file *s)
{
	if (!s->wanted)
		return;
	pw_recording_writer_free(s->writer);
	pw_output_file_drop(&s->to);
	*s = (struct pw_record_file){0};
}
