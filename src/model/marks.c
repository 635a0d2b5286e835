// SPDX-License-Identifier: GPL-2.0-only
/* The marks of threads: points in their time, and the names behind their numbers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

int pw_feed_mark_name(struct pw_model *m, const struct pw_mark_name *ev)
{
	struct mark_name *names = pw_grow(m->mark_names, m->n_mark_names, &m->max_mark_names, sizeof(*names));
	char *name;

	if (!names)
		return -ENOMEM;
	m->mark_names = names;
	name = strndup(ev->name, sizeof(ev->name));
	if (!name)
		return -ENOMEM;
	names[m->n_mark_names++] = (struct mark_name){ev->number, name};
	return 0;
}

/* They are told in order of their numbers, from 1 on, so the first look is the last. */
static const char *mark_name(const struct pw_model *m, uint32_t number)
{
	if (number && number <= m->n_mark_names && m->mark_names[number - 1].number == number)
		return m->mark_names[number - 1].name;
	for (size_t i = m->n_mark_names; i-- > 0;)
		if (m->mark_names[i].number == number)
			return m->mark_names[i].name;
	return NULL;
}

int pw_feed_mark(struct pw_model *m, const struct pw_mark *ev)
{
	const char *name = mark_name(m, ev->name);
	uint64_t at = ev->h.ts;
	struct pw_passed *marks;
	struct thread *t;
	size_t before;
	int r = pw_subject(m, &ev->h, ev->h.tid, ev->h.start, PW_DEED_OTHER, &t);

	if (r || !t)
		return r;
	if (!name) {
		pw_contradiction(m, t->process);
		return 0;
	}
	before = t->max_marks;
	marks = pw_grow(t->pub.marks, t->pub.n_marks, &t->max_marks, sizeof(*marks));
	if (!marks)
		return -ENOMEM;
	m->tape_bytes += (t->max_marks - before) * sizeof(*marks);
	t->pub.marks = marks;
	/* Like any event of a thread, one that comes late counts as happening with the one before it. */
	if (t->pub.n_marks && at < marks[t->pub.n_marks - 1].at)
		at = marks[t->pub.n_marks - 1].at;
	marks[t->pub.n_marks++] =
		(struct pw_passed){.at = at, .name = name, .value = (int64_t)ev->value, .valued = ev->valued};
	return 0;
}

void pw_marks_free(struct thread *t)
{
	t->process->model->tape_bytes -= t->max_marks * sizeof(*t->pub.marks);
	free(t->pub.marks);
	t->pub.marks = NULL;
	t->pub.n_marks = t->max_marks = 0;
}

/* Half of the array, when a quarter of it is in use. */
static void shrink(struct thread *t)
{
	struct pw_passed *smaller;

	if (t->max_marks <= 64 || t->pub.n_marks * 4 > t->max_marks)
		return;
	smaller = realloc(t->pub.marks, t->max_marks / 2 * sizeof(*smaller));
	if (smaller) {
		t->process->model->tape_bytes -= (t->max_marks - t->max_marks / 2) * sizeof(*smaller);
		t->pub.marks = smaller;
		t->max_marks /= 2;
	}
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
	if (t->pub.n_marks)
		memmove(marks, marks + n, t->pub.n_marks * sizeof(*marks));
	else
		pw_marks_free(t);
	shrink(t);
	return true;
}
