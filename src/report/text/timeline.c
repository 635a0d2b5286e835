/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The timeline: one row per process (or per summary) on a common axis.
 *
 *  pid  tree and name  bar┤ ending
 *
 * The ending follows its bar at once, so a process that exited early leaves its room to its
 * words. All bars share one scale, chosen so that every ending of the chosen length fits.
 */
#include "report/plot/ending.h"
#include "report/plot/label.h"
#include "report/text/axis.h"
#include "report/text/bar.h"
#include "report/text/label.h"
#include "util/utf8.h"

#define LEAST_BAR 10

/* Columns before the bars: a space, the pid, a space, the label, two spaces. */
static size_t left_side(const struct tv *v)
{
	return 1 + v->pid_columns + 1 + v->label_columns + 2;
}

static size_t ending_columns(struct tv *v, const struct pw_row *row, enum pw_ending_length length,
			     bool adopter)
{
	struct pw_text t = {0};
	size_t columns;

	pw_ending(&v->plot, &t, row, length, adopter);
	columns = pw_utf8_columns(pw_text_get(&t));
	v->plot.failed |= t.failed;
	pw_text_free(&t);
	return columns;
}

/* The longest bars that leave every row room for an ending of this length. */
static size_t widest_bar(struct tv *v, enum pw_ending_length length)
{
	const size_t room = v->width - left_side(v);
	size_t columns = room > LEAST_BAR + 1 ? room - 1 : LEAST_BAR;

	for (size_t i = 0; i < v->plot.tree.n_rows; i++) {
		const struct pw_row *row = &v->plot.tree.rows[i];
		const size_t ending = ending_columns(v, row, length, true);

		if (pw_row_is_summary(row)) /* its ending may go to a line of its own */
			continue;
		while (columns > LEAST_BAR && tv_bar_end(v, row, columns) + 1 + ending > room)
			columns--;
	}
	return columns;
}

static void lay_out(struct tv *v)
{
	const size_t most = v->width * 3 / 10, wanted = tv_label_columns(v, true);
	size_t columns;

	v->pid_columns = tv_pid_columns(v);
	v->label_columns = wanted < most ? wanted : most;
	columns = widest_bar(v, PW_ENDING_FULL);
	if (columns < v->width * 45 / 100)
		columns = widest_bar(v, PW_ENDING_SHORT);
	if (columns < v->width * 35 / 100)
		columns = widest_bar(v, PW_ENDING_BRIEF);
	v->plot.cells = columns;
}

static void put_axis(struct tv *v)
{
	struct pw_text t = {0};

	pw_text_add(&t, tv_sgr(v, COLOUR_DIM));
	pw_text_repeat(&t, " ", 1 + v->pid_columns - pw_utf8_columns(tr(v->plot.language, "pid")));
	pw_text_format(&t, "%s %s", tr(v->plot.language, "pid"), tr(v->plot.language, "name"));
	pw_text_repeat(&t, " ", v->label_columns - pw_utf8_columns(tr(v->plot.language, "name")) + 2);
	tv_axis_numbers(v, &t, v->width - left_side(v));
	pw_text_format(&t, "%s\n%s%*s", tv_sgr(v, COLOUR_PLAIN), tv_sgr(v, COLOUR_DIM), (int)left_side(v),
		       "");
	tv_axis_line(v, &t);
	pw_text_format(&t, "%s\n", tv_sgr(v, COLOUR_PLAIN));
	tv_put(v, &t);
	pw_text_free(&t);
}

/* The ending of a summary is never shortened: it goes below the bar if it does not fit behind it. */
static void put_summary(struct tv *v, const struct pw_row *row)
{
	struct pw_text t = {0};

	pw_ending(&v->plot, &t, row, PW_ENDING_FULL, false);
	v->plot.failed |= t.failed;
	fprintf(v->out, "\n%*s", (int)left_side(v), "");
	tv_wrap(v, pw_text_get(&t), left_side(v), left_side(v));
	pw_text_free(&t);
}

/* The longest ending that fits behind the bar. */
static void add_ending(struct tv *v, struct pw_text *t, const struct pw_row *row, const struct bar *bar)
{
	const size_t room = v->width - left_side(v);
	const bool adopter = bar->label.length == 0;
	enum pw_ending_length length = PW_ENDING_FULL;
	struct pw_text ending = {0};
	size_t at = bar->cells.end;

	while (length < PW_ENDING_BRIEF && at + 1 + ending_columns(v, row, length, adopter) > room)
		length++;
	pw_ending(&v->plot, &ending, row, length, adopter);
	/* Endings of bars that reach almost to the end of the axis are aligned. */
	if (at + 3 > v->plot.cells && v->plot.cells + 2 + pw_utf8_columns(pw_text_get(&ending)) <= room)
		at = v->plot.cells + 1;
	pw_text_repeat(t, " ", at - bar->cells.end + 1);
	if (at + 1 < room)
		pw_text_cut(t, pw_text_get(&ending), room - at - 1, v->style->cut);
	t->failed |= ending.failed;
	pw_text_free(&ending);
}

/* Appends the pid and the label, as wide as those of all rows. */
static void add_left_side(struct tv *v, struct pw_text *t, const struct pw_row *row)
{
	struct pw_text pid = {0};
	size_t columns;

	pw_row_number(&v->plot, &pid, row);
	pw_text_repeat(t, " ", 1 + v->pid_columns - pw_utf8_columns(pw_text_get(&pid)));
	pw_text_format(t, "%s ", pw_text_get(&pid));
	columns = tv_label(v, t, row, v->label_columns, true);
	pw_text_repeat(t, " ", v->label_columns - columns + 2);
	t->failed |= pid.failed;
	pw_text_free(&pid);
}

/* The row is a summary whose full ending does not fit behind its bar. */
static bool needs_second_line(struct tv *v, const struct pw_row *row, const struct bar *bar)
{
	if (!pw_row_is_summary(row))
		return false;
	return bar->cells.end + 1 + ending_columns(v, row, PW_ENDING_FULL, false) > v->width - left_side(v);
}

static void put_row(struct tv *v, const struct pw_row *row)
{
	struct pw_text t = {0};
	struct bar bar;

	if (tv_bar_make(v, &bar, row)) {
		v->plot.failed = true;
		tv_bar_free(&bar);
		return;
	}
	add_left_side(v, &t, row);
	tv_bar_draw(v, &t, &bar);
	if (needs_second_line(v, row, &bar)) {
		tv_put(v, &t);
		put_summary(v, row);
	} else {
		add_ending(v, &t, row, &bar);
		pw_text_add(&t, "\n");
		tv_put(v, &t);
	}
	pw_text_free(&t);
	tv_bar_free(&bar);
}

/* How many processes --top left out. */
static void put_beyond_top(struct tv *v)
{
	struct pw_text t = {0};

	if (v->plot.filter.n_beyond_top == 0)
		return;
	pw_text_format(&t, "%*s ", (int)v->pid_columns + 1, "");
	pw_plot_beyond_top(&v->plot, &t);
	pw_text_add(&t, "\n");
	tv_put(v, &t);
	pw_text_free(&t);
}

void tv_timeline(struct tv *v)
{
	lay_out(v);
	put_axis(v);
	for (size_t i = 0; i < v->plot.tree.n_rows; i++)
		put_row(v, &v->plot.tree.rows[i]);
	put_beyond_top(v);
}

void tv_legend(struct tv *v)
{
	struct pw_text t = {0}, item = {0};
	size_t column = 0;

	for (enum pw_sign g = PW_SIGN_RUN; g < PW_SIGN_COUNT; g++) {
		const enum tv_colour colour = tv_colour_of(g);
		size_t columns;

		if (!v->plot.used[g])
			continue;
		pw_text_clear(&item);
		pw_text_format(&item, "%s %s", v->style->glyph[g], pw_sign_meaning(v->plot.language, g));
		columns = pw_utf8_columns(pw_text_get(&item));
		if (column > 0 && column + 2 + columns > v->width) {
			pw_text_add(&t, "\n");
			column = 0;
		}
		pw_text_add(&t, column > 0 ? "  " : " ");
		column += (column > 0 ? 2 : 1) + columns;
		pw_text_format(&t, "%s%s%s %s", tv_sgr(v, colour), v->style->glyph[g],
			       tv_sgr(v, COLOUR_PLAIN), pw_sign_meaning(v->plot.language, g));
	}
	pw_text_add(&t, "\n");
	if (pw_inner_pids(&v->plot))
		pw_text_format(&t, " %s\n",
			       tr(v->plot.language,
				  "pid N beside a name: the pid in the process's own PID namespace"));
	v->plot.failed |= item.failed;
	tv_put(v, &t);
	pw_text_free(&item);
	pw_text_free(&t);
}
