// SPDX-License-Identifier: GPL-2.0-only
#include "report/text/label.h"

#include "report/text/ending.h"
#include "util/utf8.h"

#define LEAST_NAME 4 /* columns below which a cut name says nothing */

void tv_pid(const struct tv *v, struct pw_text *t, const struct tv_row *row)
{
	if (row->roots > 0 || row->rest)
		pw_text_add(t, v->style->more);
	else
		pw_text_format(t, "%u", row->life->pid);
}

/* "297 more sh" */
static void add_group(const struct tv *v, struct pw_text *t, const struct tv_row *row)
{
	char buf[PW_FORMAT_MAX];
	struct summary s;

	tv_summarise(v, &s, row);
	pw_text_format(t, "%s more ", pw_format_count(buf, s.roots));
	if (s.same_name)
		tv_name(v, t, row->life->comm);
	else
		pw_text_add(t, "lives");
	if (s.lives > s.roots)
		pw_text_format(t, " (%s lives)", pw_format_count(buf, s.lives));
}

/* It has another number in its own PID namespace. */
static bool has_inner_pid(const struct pw_life *life)
{
	return life->ns_pid && life->ns_pid != life->pid;
}

bool tv_inner_pids(const struct tv *v)
{
	for (size_t i = 0; i < v->tree->n_rows; i++) {
		const struct tv_row *row = &v->tree->rows[i];

		if (!row->roots && !row->rest && has_inner_pid(row->life))
			return true;
	}
	return false;
}

size_t tv_label(const struct tv *v, struct pw_text *t, const struct tv_row *row, size_t room, bool lines)
{
	const size_t drawn = lines ? pw_utf8_columns(row->lines) : 0;
	struct pw_text name = {0}, note = {0};
	size_t used = 0, noted;

	if (row->roots > 0 || row->rest) {
		add_group(v, &name, row);
	} else {
		tv_name(v, &name, row->life->comm);
		if (has_inner_pid(row->life))
			pw_text_format(&note, " pid %u", row->life->ns_pid);
		if (row->life->n_threads > 1)
			pw_text_format(&note, " %zu threads", row->life->n_threads);
	}
	noted = note.length;
	if (drawn + LEAST_NAME + noted > room)
		noted = 0;
	if (drawn < room) {
		if (lines)
			pw_text_add(t, row->lines);
		used = drawn;
	}
	used += pw_text_cut(t, pw_text_get(&name), room - used - noted, v->style->cut);
	if (noted > 0) {
		pw_text_add(t, tv_sgr(v, COLOUR_DIM));
		pw_text_add(t, pw_text_get(&note));
		pw_text_add(t, tv_sgr(v, COLOUR_PLAIN));
		used += noted;
	}
	t->failed |= name.failed || note.failed;
	pw_text_free(&name);
	pw_text_free(&note);
	return used;
}

size_t tv_pid_columns(struct tv *v)
{
	size_t most = 3; /* "pid" */

	for (size_t i = 0; i < v->tree->n_rows; i++) {
		struct pw_text t = {0};

		tv_pid(v, &t, &v->tree->rows[i]);
		most = t.length > most && v->tree->rows[i].roots == 0 ? t.length : most;
		v->failed |= t.failed;
		pw_text_free(&t);
	}
	return most;
}

size_t tv_label_columns(struct tv *v, bool lines)
{
	size_t most = 4; /* "name" */

	for (size_t i = 0; i < v->tree->n_rows; i++) {
		struct pw_text t = {0};
		const size_t columns = tv_label(v, &t, &v->tree->rows[i], SIZE_MAX / 2, lines);

		most = columns > most ? columns : most;
		v->failed |= t.failed;
		pw_text_free(&t);
	}
	return most;
}
