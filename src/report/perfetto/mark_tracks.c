/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The marks of programs, on the tracks of their threads. A mark is an instant, and a
 * section (NAME.begin ... NAME.end) is a slice. Slices of one track must nest: where two
 * sections cross, the marks of the outer one stay instants, as does a mark whose other
 * half is missing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/perfetto/change_iter.h"
#include "report/perfetto/processes.h"
#include "report/perfetto/tracks.h"

/* Of sections nested deeper than this, the outermost are not slices. */
#define MOST_OPEN 64
#define UNPAIRED  SIZE_MAX

static const char begins[] = ".begin", ends[] = ".end";

/* The length of the section's name; 0: the mark does not have this suffix. */
static size_t section_of(const char *mark, const char *suffix)
{
	const size_t n = strlen(mark), m = strlen(suffix);

	return n > m && strcmp(mark + n - m, suffix) == 0 ? n - m : 0;
}

static bool is_same_section(const char *a, const char *b, size_t n)
{
	return section_of(a, begins) == n && memcmp(a, b, n) == 0;
}

struct open_sections {
	/* The indexes of their begin marks. */
	size_t at[MOST_OPEN];
	size_t n;
};

static void remove_open(struct open_sections *open, size_t i)
{
	open->n--;
	memmove(&open->at[i], &open->at[i + 1], (open->n - i) * sizeof(open->at[0]));
}

/* Returns for each mark the index of its other half, or UNPAIRED. The caller frees it; NULL: no memory. */
static size_t *pair_marks(const struct pw_thread *t)
{
	size_t *other = malloc(t->n_marks * sizeof(*other));
	struct open_sections open = {.n = 0};

	for (size_t i = 0; other && i < t->n_marks; i++) {
		const char *name = t->marks[i].name;
		const size_t ended = section_of(name, ends);
		size_t last = open.n;

		other[i] = UNPAIRED;
		if (section_of(name, begins)) {
			if (open.n == MOST_OPEN)
				remove_open(&open, 0);
			open.at[open.n++] = i;
		}
		while (ended && last > 0 && !is_same_section(t->marks[open.at[last - 1]].name, name, ended))
			last--;
		if (!ended || !last)
			continue;
		if (last == open.n) {
			other[i] = open.at[last - 1];
			other[other[i]] = i;
		}
		remove_open(&open, last - 1);
	}
	return other;
}

static void annotate_value(struct pw_trace_writer *w, unsigned int name, const struct pw_passed *mark)
{
	if (mark->valued)
		pw_annotation_signed(w->trace, name, mark->value);
}

static const char *name_of(struct pw_trace_writer *w, const char *name, size_t n)
{
	pw_text_clear(&w->label);
	pw_text_escaped(&w->label, name, n, PW_AS_UTF8);
	return pw_text_get(&w->label);
}

static void write_mark(struct pw_trace_writer *w, uint64_t track, const struct pw_passed *mark)
{
	if (mark->at < w->filter->from || mark->at > w->filter->to)
		return;
	pw_track_open(w->trace, mark->at, PW_INSTANT, track, 0, name_of(w, mark->name, strlen(mark->name)));
	annotate_value(w, PW_ANNOTATION_VALUE, mark);
	pw_track_close(w->trace);
}

/* Writes one end of a section, moved into the window if the section reaches into it. */
static void write_half(struct pw_trace_writer *w, uint64_t track, const struct pw_passed *mark,
		       const struct pw_passed *other)
{
	const struct pw_view_filter *window = w->filter;
	const size_t section = section_of(mark->name, begins);
	const bool begin = section > 0;
	const uint64_t from = begin ? mark->at : other->at, to = begin ? other->at : mark->at;
	uint64_t at = mark->at;

	if (from > window->to || to < window->from)
		return;
	if (at < window->from)
		at = window->from;
	if (at > window->to)
		at = window->to;
	if (begin)
		pw_track_open(w->trace, at, PW_SLICE_BEGIN, track, 0, name_of(w, mark->name, section));
	else
		pw_track_open(w->trace, at, PW_SLICE_END, track, 0, NULL);
	annotate_value(w, begin ? PW_ANNOTATION_VALUE : PW_ANNOTATION_END_VALUE, mark);
	pw_track_close(w->trace);
}

static int write_thread(struct pw_trace_writer *w, const struct pw_process *process,
			const struct pw_thread *t)
{
	size_t *other = pair_marks(t);
	uint64_t track;

	if (!other)
		return -ENOMEM;
	track = pw_track_marks(++w->mark_tracks);
	pw_track_describe_thread(w->trace,
				 t->marks[0].at > w->filter->from ? t->marks[0].at : w->filter->from, track,
				 process->pid, pw_thread_number(process, t));
	for (size_t i = 0; i < t->n_marks; i++) {
		if (other[i] == UNPAIRED)
			write_mark(w, track, &t->marks[i]);
		else
			write_half(w, track, &t->marks[i], &t->marks[other[i]]);
	}
	free(other);
	return 0;
}

int pw_write_process_marks(struct pw_trace_writer *w, size_t rank)
{
	const struct pw_process *process = pw_trace_writer_process(w, rank);
	int err = 0;

	for (const struct pw_thread *t = process->threads; t && !err; t = t->next)
		if (t->n_marks && t->marks[0].at <= w->filter->to &&
		    t->marks[t->n_marks - 1].at >= w->filter->from)
			err = write_thread(w, process, t);
	return err;
}
