/* SPDX-License-Identifier: GPL-2.0-only */
#include "output/record_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"

static const char *place(const struct pw_record_file *s)
{
	return s->path ? s->path : "standard output";
}

int pw_record_file_set(struct pw_record_file *s, const char *path, struct pw_error *error)
{
	if (s->wanted)
		return pw_fail(error, EINVAL, "--output is given twice: there is one recording");
	if (!*path)
		return pw_fail(error, EINVAL, "--output names no file");
	*s = (struct pw_record_file){
		.wanted = true,
		.path = strcmp(path, "-") != 0 ? path : NULL,
		.to = {.fd = -1, .folder = -1, .head = -1},
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
		return pw_fail(error, EINVAL, "a recording is nothing for a terminal: name a file with -o");
	return 0;
}

/* The stream forgets why a write failed; the output file does not. */
static void note(struct pw_record_file *s, int err)
{
	if (err && !s->err)
		s->err = s->to.error ? s->to.error : err;
}

void pw_record_file_begin(struct pw_record_file *s, const struct pw_session *session)
{
	if (s->wanted)
		note(s, pw_recording_create(&s->writer, s->to.stream, session));
}

void pw_record_file_add(struct pw_record_file *s, const struct pw_event *event)
{
	if (s->writer && !s->err)
		note(s, pw_recording_add(s->writer, event));
}

void pw_record_file_pulse(struct pw_record_file *s, uint64_t now)
{
	if (s->writer && !s->err)
		note(s, pw_recording_pulse(s->writer, now));
}

/* What could not be written where it should is not lost for that. */
static void complain(struct pw_record_file *s)
{
	const char *why = strerror(-(s->to.full ? s->to.full : s->err)),
		   *what = s->to.error ? "what came before" : "it";

	if (s->to.rest && !pw_output_file_join(&s->to))
		pw_log_error("cannot write the recording '%s': %s; %s is in '%s'", place(s), why, what,
			     s->to.rest);
	else if (s->to.rest)
		pw_log_error("cannot write the recording '%s': %s; dd if=%s.partial of=%s conv=notrunc makes "
			     "one of "
			     "its two parts",
			     place(s), why, place(s), s->to.rest);
	else if (s->to.aside)
		pw_log_error("cannot write the recording '%s': %s; what came before is in '%s.partial'",
			     place(s), why, place(s));
	else
		pw_log_error("cannot write the recording to '%s': %s", place(s), why);
}

int pw_record_file_end(struct pw_record_file *s, const struct pw_session *session)
{
	if (!s->writer)
		return s->wanted ? s->err : 0;
	if (!s->err)
		note(s, pw_recording_finish(s->writer, session));
	if (!s->err)
		note(s, pw_output_file_finish(&s->to));
	/* A reader that went away wants no more. */
	if (!s->path && s->err == -EPIPE)
		return 0;
	if (s->err)
		complain(s);
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
