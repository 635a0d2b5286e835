/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/svg/table.h"

#include "util/utf8.h"

#define LINE_H 17
#define GAP    16

static int cell_width(struct sv *v, const struct sv_table *t, size_t row, unsigned int column)
{
	struct pw_text text = {0};
	int width;

	t->cell(v, &text, t->of, row, column);
	width = sv_columns(pw_utf8_columns(pw_text_get(&text)), SV_SMALL);
	sv_done(v, &text);
	return width;
}

void sv_table_measure(struct sv *v, struct sv_table *t)
{
	const int most = (v->width - 2 * SV_PAD) * t->widest / 10;

	for (size_t i = 0; i < t->n; i++) {
		t->width[i] = sv_columns(pw_utf8_columns(t->head(v->plot.language, t->column[i])), SV_SMALL);
		for (size_t r = 0; r < t->rows; r++) {
			const int width = cell_width(v, t, r, t->column[i]);

			t->width[i] = width > t->width[i] ? width : t->width[i];
		}
		if (t->width[i] > most)
			t->width[i] = most;
	}
}

static int total_width(const struct sv_table *t)
{
	int width = 0;

	for (size_t i = 0; i < t->n; i++)
		width += t->width[i] + (i > 0 ? GAP : 0);
	return width;
}

bool sv_table_fits(const struct sv *v, const struct sv_table *t)
{
	return total_width(t) <= v->width - 2 * SV_PAD;
}

void sv_table_leave_out(struct sv_table *t, unsigned int column)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		t->column[n] = t->column[i];
		t->width[n] = t->width[i];
		n += t->column[i] != column;
	}
	t->n = n;
}

static void put_cell(struct sv *v, const struct sv_table *t, size_t i, int x, const char *text, bool is_head)
{
	const bool right = t->right(t->column[i]);
	static const char *const classes[2][2] = {{"cell", "cell r"}, {"small", "small cell r"}};
	const char *class = classes[is_head][right];

	sv_text_cut(v, right ? x + t->width[i] : x, v->y, class, text, t->width[i] + 2, SV_SMALL);
}

void sv_table_put(struct sv *v, const struct sv_table *t)
{
	int x = SV_PAD;

	for (size_t i = 0; i < t->n; x += t->width[i++] + GAP)
		put_cell(v, t, i, x, t->head(v->plot.language, t->column[i]), true);
	v->y += LINE_H;
	fprintf(v->out, "<path class=\"line\" d=\"M%d %d.5h%d\"/>\n", SV_PAD, v->y - 12, total_width(t));
	v->y += 4;
	for (size_t r = 0; r < t->rows; r++, v->y += LINE_H) {
		x = SV_PAD;
		for (size_t i = 0; i < t->n; x += t->width[i++] + GAP) {
			struct pw_text text = {0};

			t->cell(v, &text, t->of, r, t->column[i]);
			put_cell(v, t, i, x, pw_text_get(&text), false);
			sv_done(v, &text);
		}
	}
}
