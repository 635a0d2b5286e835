/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/text/label.h"

#include "report/plot/label.h"
#include "util/utf8.h"

/* A name that is cut to fewer columns is useless. */
#define LEAST_NAME 4

static const char *line_of(const struct tv_style *style, char line)
{
	switch (line) {
	case PW_LINE_BRANCH:
		return style->branch;
	case PW_LINE_LAST:
		return style->last;
	case PW_LINE_PASS:
		return style->pass;
	case PW_LINE_CUT:
		return style->cut;
	default:
		return style->none;
	}
}

static void add_lines(const struct tv *v, struct pw_text *t, const struct pw_row *row)
{
	for (const char *c = row->lines; *c; c++)
		pw_text_add(t, line_of(v->style, *c));
}

size_t tv_label(const struct tv *v, struct pw_text *t, const struct pw_row *row, size_t room, bool lines)
{
	struct pw_text tree = {0}, name = {0}, note = {0};
	size_t drawn, used = 0, noted;

	if (lines)
		add_lines(v, &tree, row);
	drawn = pw_utf8_columns(pw_text_get(&tree));
	pw_row_name(&v->plot, &name, row);
	pw_row_note(&v->plot, &note, row);
	noted = pw_utf8_columns(pw_text_get(&note));
	if (drawn + LEAST_NAME + noted > room)
		noted = 0;
	if (drawn < room) {
		pw_text_add(t, pw_text_get(&tree));
		used = drawn;
	}
	used += pw_text_cut(t, pw_text_get(&name), room - used - noted, v->style->cut);
	if (noted > 0) {
		pw_text_add(t, tv_sgr(v, COLOUR_DIM));
		pw_text_add(t, pw_text_get(&note));
		pw_text_add(t, tv_sgr(v, COLOUR_PLAIN));
		used += noted;
	}
	t->failed |= tree.failed || name.failed || note.failed;
	pw_text_free(&tree);
	pw_text_free(&name);
	pw_text_free(&note);
	return used;
}

size_t tv_pid_columns(struct tv *v)
{
	size_t most = pw_utf8_columns(tr(v->plot.language, "pid"));

	for (size_t i = 0; i < v->plot.tree.n_rows; i++) {
		struct pw_text t = {0};

		pw_row_number(&v->plot, &t, &v->plot.tree.rows[i]);
		most = pw_utf8_columns(pw_text_get(&t)) > most ? pw_utf8_columns(pw_text_get(&t)) : most;
		v->plot.failed |= t.failed;
		pw_text_free(&t);
	}
	return most;
}

size_t tv_label_columns(struct tv *v, bool lines)
{
	size_t most = pw_utf8_columns(tr(v->plot.language, "name"));

	for (size_t i = 0; i < v->plot.tree.n_rows; i++) {
		struct pw_text t = {0};
		const size_t columns = tv_label(v, &t, &v->plot.tree.rows[i], SIZE_MAX / 2, lines);

		most = columns > most ? columns : most;
		v->plot.failed |= t.failed;
		pw_text_free(&t);
	}
	return most;
}
