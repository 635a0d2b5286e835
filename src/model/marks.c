/* SPDX-License-Identifier: GPL-2.0-only */
/* The marks that a thread passed, in order of time. */
#include <stdlib.h>
#include <string.h>

#include "model/thread.h"
#include "util/array.h"

int pw_marks_add(struct thread *t, struct pw_passed mark)
{
	size_t room = t->marks_room;
	int err = pw_array_reserve(&t->pub.marks, &t->marks_room, t->pub.n_marks + 1, sizeof(mark));

	if (err)
		return err;
	t->timeline.counters->timeline_bytes += (t->marks_room - room) * sizeof(mark);
	/* Like any late event of a thread, a late mark counts as simultaneous with the one before it. */
	if (t->pub.n_marks && mark.at < t->pub.marks[t->pub.n_marks - 1].at)
		mark.at = t->pub.marks[t->pub.n_marks - 1].at;
	t->pub.marks[t->pub.n_marks++] = mark;
	return 0;
}

void pw_marks_free(struct thread *t)
{
	t->timeline.counters->timeline_bytes -= t->marks_room * sizeof(*t->pub.marks);
	free(t->pub.marks);
	t->pub.marks = NULL;
	t->pub.n_marks = t->marks_room = 0;
}

/* Halves the array when a quarter of it is in use. */
static void shrink(struct thread *t)
{
	struct pw_passed *smaller;

	if (t->marks_room <= 64 || t->pub.n_marks * 4 > t->marks_room)
		return;
	smaller = realloc(t->pub.marks, t->marks_room / 2 * sizeof(*smaller));
	if (!smaller)
		return;
	t->timeline.counters->timeline_bytes -= (t->marks_room - t->marks_room / 2) * sizeof(*smaller);
	t->pub.marks = smaller;
	t->marks_room /= 2;
}

bool pw_marks_cut(struct thread *t, uint64_t at)
{
	struct pw_passed *marks = t->pub.marks;
	size_t n = 0;

	while (n < t->pub.n_marks && marks[n].at < at)
		n++;
	if (!n)
		return false;
	t->pub.n_marks -= n;
	if (!t->pub.n_marks) {
		pw_marks_free(t);
		return true;
	}
	memmove(marks, marks + n, t->pub.n_marks * sizeof(*marks));
	shrink(t);
	return true;
}
