/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The marks on a bar: a diamond each, with the name beside it if that hides nothing. Marks
 * that would touch share one diamond, whose title has their number.
 */
#include <stdlib.h>
#include <string.h>

#include "report/svg/bar.h"
#include "util/utf8.h"

#define APART 9 /* pixels */
#define HALF  4 /* of a diamond */

struct sv_mark {
	int x;
	uint64_t count;
	const struct pw_passed *first;
};

void sv_diamond(struct sv *v, int x, int middle)
{
	fprintf(v->out, "<path class=\"mark\" d=\"M%d %dl%d %dl-%d %dl-%d -%dz\"/>\n", x, middle - HALF, HALF,
		HALF, HALF, HALF, HALF, HALF);
}

/* "put 3", or "12 marks" for several. */
static void describe(const struct sv *v, struct pw_text *t, const struct sv_mark *mark)
{
	if (mark->count > 1) {
		pw_plot_count(v->plot.language, t, mark->count, "%s mark", "%s marks");
		return;
	}
	pw_text_escaped(t, mark->first->name, strlen(mark->first->name), v->plot.names);
	if (mark->first->valued)
		pw_text_format(t, " %lld", (long long)mark->first->value);
}

/* room: the x of the next diamond, or of the end of the bar. */
static void put_mark(struct sv *v, const struct sv_mark *mark, const struct pw_cells *cells, int middle,
		     int room)
{
	const int from = mark->x + HALF + 3;
	struct pw_text t = {0};
	int width;

	describe(v, &t, mark);
	fputs("<g><title>", v->out);
	sv_escape(v, pw_text_get(&t));
	fputs("</title>", v->out);
	sv_diamond(v, mark->x, middle);
	width = sv_columns(pw_utf8_columns(pw_text_get(&t)), SV_SMALL);
	if (mark->count == 1 && from + width + 6 < room && sv_is_quiet(v, cells, from, from + width + 4)) {
		fprintf(v->out, "<rect class=\"plate\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"12\"/>\n",
			from, middle - 6, width + 4);
		sv_text(v, from + 2, middle + 4, "mark-name", pw_text_get(&t));
	}
	fputs("</g>\n", v->out);
	sv_done(v, &t);
	v->drawn[PW_SIGN_MARK] = true;
}

/* Counts the marks of the row's thread, or of all threads of its process, by pixel. */
static void gather(const struct sv *v, const struct pw_row *row, struct sv_mark *pixels)
{
	for (const struct pw_thread *t = row->process->threads; t; t = t->next)
		for (size_t i = 0; i < t->n_marks && (!row->threads || t == row->thread); i++) {
			const uint64_t at = t->marks[i].at;
			struct sv_mark *mark = &pixels[sv_x(v, at) - v->bar_x];

			if (at < v->plot.from || at > v->plot.to)
				continue;
			if (!mark->count++)
				mark->first = &t->marks[i];
		}
}

/* Joins pixels that would touch: diamonds at the front of the array. Returns how many. */
static size_t join(const struct sv *v, struct sv_mark *pixels)
{
	size_t n = 0;

	for (int x = 0; x < v->bar_w; x++) {
		struct sv_mark mark = pixels[x];

		mark.x = v->bar_x + x;
		if (!mark.count)
			continue;
		if (n && mark.x < pixels[n - 1].x + APART)
			pixels[n - 1].count += mark.count;
		else
			pixels[n++] = mark;
	}
	return n;
}

void sv_bar_marks(struct sv *v, const struct pw_row *row, const struct pw_cells *cells, int middle)
{
	struct sv_mark *marks = calloc((size_t)v->bar_w + 1, sizeof(*marks));
	size_t n;

	if (!marks) {
		v->plot.failed = true;
		return;
	}
	gather(v, row, marks);
	n = join(v, marks);
	for (size_t i = 0; i < n; i++)
		put_mark(v, &marks[i], cells, middle, i + 1 < n ? marks[i + 1].x : v->bar_x + v->bar_w);
	free(marks);
}
