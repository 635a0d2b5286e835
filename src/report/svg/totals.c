// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of totals, where it fits: with few rows, and in the picture's width.
 */
#include "report/plot/totals.h"
#include "report/svg/view.h"
#include "util/utf8.h"

#define MAX_ROWS 40
#define LINE_H	 17
#define GAP	 16

struct columns {
	enum pw_totals at[PW_TOTALS_COUNT];
	int width[PW_TOTALS_COUNT];
	size_t n;
};

static int cell_width(struct sv *v, const struct pw_row *row, enum pw_totals column)
{
	struct pw_text t = {0};
	int width;

	pw_totals_cell(&v->plot, &t, row, column);
	width = sv_columns(pw_utf8_columns(pw_text_get(&t)), SV_SMALL);
	sv_done(v, &t);
	return width;
}

static void measure(struct sv *v, struct columns *c)
{
	const struct pw_tree *tree = &v->plot.tree;
	const int most = (v->width - 2 * SV_PAD) * 3 / 10;

	for (size_t i = 0; i < c->n; i++) {
		c->width[i] = sv_columns(pw_utf8_columns(pw_totals_head(c->at[i])), SV_SMALL);
		for (size_t r = 0; r < tree->n_rows; r++) {
			const int width = cell_width(v, &tree->rows[r], c->at[i]);

			c->width[i] = width > c->width[i] ? width : c->width[i];
		}
		if (c->at[i] == PW_TOTALS_NAME && c->width[i] > most)
			c->width[i] = most;
	}
}

static int total_width(const struct columns *c)
{
	int width = 0;

	for (size_t i = 0; i < c->n; i++)
		width += c->width[i] + (i > 0 ? GAP : 0);
	return width;
}

static void leave_out(struct columns *c, enum pw_totals column)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		c->at[n] = c->at[i];
		c->width[n] = c->width[i];
		n += c->at[i] != column;
	}
	c->n = n;
}

/* First what the timeline says too, then what is asked for least. False: too wide all the same. */
static bool fit(const struct sv *v, struct columns *c)
{
	static const enum pw_totals spare[] = {PW_TOTALS_ENDED, PW_TOTALS_SWITCHES, PW_TOTALS_REAPED_BY,
					       PW_TOTALS_AFTER};
	const int room = v->width - 2 * SV_PAD;

	for (size_t i = 0; total_width(c) > room; i++) {
		if (i == sizeof(spare) / sizeof(spare[0]))
			return false;
		leave_out(c, spare[i]);
	}
	return true;
}

static void put_line(struct sv *v, const struct columns *c, const struct pw_row *row)
{
	int x = SV_PAD;

	for (size_t i = 0; i < c->n; i++) {
		const bool right = pw_totals_right(c->at[i]);
		struct pw_text t = {0};

		if (row)
			pw_totals_cell(&v->plot, &t, row, c->at[i]);
		else
			pw_text_add(&t, pw_totals_head(c->at[i]));
		sv_text_cut(v, right ? x + c->width[i] : x, v->y,
			    row ? (right ? "cell r" : "cell") : (right ? "small cell r" : "small"),
			    pw_text_get(&t), c->width[i] + 2, SV_SMALL);
		x += c->width[i] + GAP;
		sv_done(v, &t);
	}
	v->y += LINE_H;
}

void sv_totals(struct sv *v)
{
	const struct pw_tree *tree = &v->plot.tree;
	struct columns c;

	if (tree->n_rows > MAX_ROWS)
		return;
	c.n = pw_totals_columns(&v->plot, c.at);
	measure(v, &c);
	if (!fit(v, &c))
		return;
	v->y += 16;
	put_line(v, &c, NULL);
	fprintf(v->out, "<path class=\"line\" d=\"M%d %d.5h%d\"/>\n", SV_PAD, v->y - 12, total_width(&c));
	v->y += 4;
	for (size_t r = 0; r < tree->n_rows; r++)
		put_line(v, &c, &tree->rows[r]);
}
