/* SPDX-License-Identifier: GPL-2.0-only */
/* The marks of a demo's processes, and the sections between two of them. */
#ifndef PW_COURSE_MARKS_H
#define PW_COURSE_MARKS_H

#include "course/lib/evidence.h"
#include "course/lib/process_set.h"
#include "course/lib/roles.h"

/* A mark and the thread it belongs to. */
struct pw_marked {
	uint64_t at;
	const struct pw_process *process;
	const struct pw_thread *thread;
	const char *name;
	int64_t value;
};

/* Walks the marks of main and its descendants in order of time. */
struct pw_mark_iter {
	const struct pw_demo_run *run;
	const char *name; /* only these; NULL: all */
	uint64_t at; /* of the last mark returned */
	size_t rank, index; /* its thread, in the order of the model, and its place there */
	bool begun;
};
/* name: as in the iterator; it must outlive the walk. */
void pw_mark_iter_init(struct pw_mark_iter *w, const struct pw_demo_run *run, const char *name);
bool pw_mark_iter_next(struct pw_mark_iter *w, struct pw_marked *out);
/* How many marks of that name there are in all processes of the demo. */
size_t pw_count_marks(const struct pw_demo_run *run, const char *name);

/*
 * True if the values of the marks "get" are those of the marks "put" in the same
 * order, none of them earlier than its put. Adds that, or where they differ.
 */
bool pw_got_as_put(const struct pw_demo_run *run, struct pw_evidence *why);

/*
 * Whether a thread is inside a section at a moment: the last of its marks
 * "NAME.begin" and "NAME.end" up to that moment is a begin, and it has not exited.
 */
bool pw_is_inside(const struct pw_thread *t, const char *section, uint64_t at);
/* How many threads of the demo are; the most there ever were, and *when that was first so. */
size_t pw_count_inside(const struct pw_demo_run *run, const char *section, uint64_t at);
size_t pw_most_inside(const struct pw_demo_run *run, const char *section, uint64_t *when);
/*
 * The most threads that were in the section "inside" at the same time; *times: how
 * often one was, in all. If the run has no marks, the pauses of the processes count
 * instead, by which the demos pretend to be busy inside.
 */
size_t pw_most_inside_or_pausing(const struct pw_demo_run *run, const struct pw_process_set *group,
				 size_t *times);

#endif
