// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the programs said, on the tracks of their threads: a mark is an instant, a
 * section (NAME.begin ... NAME.end) a slice. Slices of one track must lie in each
 * other; where sections cross, the marks of the outer one stay instants, as do those
 * without their other half.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/perfetto/cursor.h"
#include "report/perfetto/processes.h"
#include "report/perfetto/tracks.h"

#define MOST_OPEN 64 /* sections in each other; of more the outermost are not slices */
#define ALONE	  SIZE_MAX

static const char begins[] = ".begin", ends[] = ".end";

/* The length of a section's name; 0: it is no such mark. */
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
	size_t at[MOST_OPEN]; /* their begins */
	size_t n;
};

static void leave(struct open_sections *open, size_t i)
{
	open->n--;
	memmove(&open->at[i], &open->at[i + 1], (open->n - i) * sizeof(open->at[0]));
}

/* For each mark the other half of its section, or ALONE; malloced, NULL when memory is short. */
static size_t *pair(const struct pw_thread *t)
{
	size_t *other = malloc(t->n_marks * sizeof(*other));
	struct open_sections open = {.n = 0};

	for (size_t i = 0; other && i < t->n_marks; i++) {
		const char *name = t->marks[i].name;
		const size_t ended = section_of(name, ends);
		size_t last = open.n;

		other[i] = ALONE;
		if (section_of(name, begins)) {
			if (open.n == MOST_OPEN)
				leave(&open, 0);
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
		leave(&open, last - 1);
	}
	return other;
}

/* A mark's value is a note, a section's are those of its two marks. */
static void note_value(struct pw_stage *s, unsigned int note, const struct pw_passed *mark)
{
	if (mark->valued)
		pw_note_signed(s->trace, note, mark->value);
}

static const char *name_of(struct pw_stage *s, const char *name, size_t n)
{
	pw_text_clear(&s->label);
	pw_text_escaped(&s->label, name, n, PW_AS_UTF8);
	return pw_text_get(&s->label);
}

static void tell_mark(struct pw_stage *s, uint64_t track, const struct pw_passed *mark)
{
	if (mark->at < s->filter->from || mark->at > s->filter->to)
		return;
	pw_track_open(s->trace, mark->at, PW_INSTANT, track, 0, name_of(s, mark->name, strlen(mark->name)));
	note_value(s, PW_NOTE_VALUE, mark);
	pw_track_close(s->trace);
}

/* What began before the window begins with it, and ends with it at the latest. */
static void tell_half(struct pw_stage *s, uint64_t track, const struct pw_passed *mark,
		      const struct pw_passed *other)
{
	const struct pw_view_filter *c = s->filter;
	const size_t section = section_of(mark->name, begins);
	uint64_t at = mark->at;

	if ((section ? mark : other)->at > c->to || (section ? other : mark)->at < c->from)
		return;
	at = at < c->from ? c->from : at > c->to ? c->to : at;
	pw_track_open(s->trace, at, section ? PW_SLICE_BEGIN : PW_SLICE_END, track, 0,
		      section ? name_of(s, mark->name, section) : NULL);
	note_value(s, section ? PW_NOTE_VALUE : PW_NOTE_END_VALUE, mark);
	pw_track_close(s->trace);
}

static int tell_thread(struct pw_stage *s, const struct pw_process *process, const struct pw_thread *t)
{
	size_t *other = pair(t);
	uint64_t track;

	if (!other)
		return -ENOMEM;
	track = pw_track_marks(++s->marked);
	pw_track_describe_thread(s->trace,
				 t->marks[0].at > s->filter->from ? t->marks[0].at : s->filter->from, track,
				 process->pid, pw_thread_number(process, t));
	for (size_t i = 0; i < t->n_marks; i++) {
		if (other[i] == ALONE)
			tell_mark(s, track, &t->marks[i]);
		else
			tell_half(s, track, &t->marks[i], &t->marks[other[i]]);
	}
	free(other);
	return 0;
}

int pw_process_tell_marks(struct pw_stage *s, size_t rank)
{
	const struct pw_process *process = pw_stage_process(s, rank);
	int err = 0;

	for (const struct pw_thread *t = process->threads; t && !err; t = t->next)
		if (t->n_marks && t->marks[0].at <= s->filter->to &&
		    t->marks[t->n_marks - 1].at >= s->filter->from)
			err = tell_thread(s, process, t);
	return err;
}
