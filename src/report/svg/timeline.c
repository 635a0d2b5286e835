/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The timeline: the tree at the left, a common axis, and a bar with its ending for each row.
 * As in the text report, the bars are as long as the endings of all rows allow.
 */
#include "model/questions.h"
#include "report/plot/ending.h"
#include "report/plot/label.h"
#include "report/plot/ticks.h"
#include "report/svg/bar.h"
#include "util/utf8.h"

#define INDENT	  15 /* a level of the tree */
#define GAP	  8
#define END_GAP	  7 /* between a bar and its words */
#define AXIS_H	  26
#define LEAST_BAR 60

/* The more rows, the closer they stand. */
static int choose_row_height(size_t rows)
{
	if (rows <= 40)
		return 26;
	return rows <= 100 ? 20 : 16;
}

static int bar_height(const struct sv *v, const struct pw_row *row)
{
	return row->threads ? v->row_h * 5 / 13 : v->row_h * 8 / 13;
}

static int text_width(struct sv *v, struct pw_text *t, int tenths)
{
	const int width = sv_columns(pw_utf8_columns(pw_text_get(t)), tenths);

	sv_done(v, t);
	return width;
}

static int indent_of(const struct pw_row *row)
{
	int indent = 0;

	for (const char *c = row->lines; *c; c++)
		indent += *c == PW_LINE_CUT ? 10 : INDENT;
	return indent;
}

static int label_width(struct sv *v, const struct pw_row *row)
{
	struct pw_text t = {0};

	pw_row_name(&v->plot, &t, row);
	pw_row_note(&v->plot, &t, row);
	return indent_of(row) + text_width(v, &t, SV_MONO);
}

static int ending_width(struct sv *v, const struct pw_row *row, enum pw_ending_length length, bool adopter)
{
	struct pw_text t = {0};

	pw_ending(&v->plot, &t, row, length, adopter);
	return text_width(v, &t, SV_SMALL);
}

/* The part of the axis that a row's bar takes, in thousandths. */
static int extent(const struct sv *v, const struct pw_row *row)
{
	const uint64_t end = row->threads ? row->thread->end : pw_process_end(row->process);

	return pw_row_is_summary(row) ? 1000 : (int)pw_cell_among(&v->plot, end, 1000) + 1;
}

/* The longest bars that leave every row room for an ending of this length. */
static int widest_bar(struct sv *v, enum pw_ending_length length)
{
	const int room = v->width - SV_PAD - v->bar_x;
	int most = room - END_GAP;

	for (size_t i = 0; i < v->plot.tree.n_rows; i++) {
		const struct pw_row *row = &v->plot.tree.rows[i];
		const int ending = ending_width(v, row, length, true);
		const int left = room - END_GAP - 4 - ending, part = extent(v, row);

		if (left * 1000 / part < most)
			most = left * 1000 / part;
	}
	return most;
}

static void lay_out(struct sv *v)
{
	const int inner = v->width - 2 * SV_PAD;
	int pids = SV_MONO * 3 / 10, labels = SV_MONO * 4 / 10;

	for (size_t i = 0; i < v->plot.tree.n_rows; i++) {
		const struct pw_row *row = &v->plot.tree.rows[i];
		struct pw_text t = {0};
		int width;

		pw_row_number(&v->plot, &t, row);
		width = text_width(v, &t, SV_MONO);
		pids = width > pids ? width : pids;
		width = label_width(v, row);
		labels = width > labels ? width : labels;
	}
	v->row_h = choose_row_height(v->plot.tree.n_rows);
	v->pid_x = SV_PAD + pids;
	v->tree_x = v->pid_x + GAP;
	v->bar_x = v->tree_x + (labels < inner * 3 / 10 ? labels : inner * 3 / 10) + GAP + 6;
	v->bar_w = widest_bar(v, PW_ENDING_FULL);
	if (v->bar_w < inner * 50 / 100)
		v->bar_w = widest_bar(v, PW_ENDING_SHORT);
	if (v->bar_w < inner * 40 / 100)
		v->bar_w = widest_bar(v, PW_ENDING_BRIEF);
	if (v->bar_w < inner * 35 / 100)
		v->bar_w = inner * 35 / 100;
	if (v->bar_w < LEAST_BAR)
		v->bar_w = LEAST_BAR;
	v->bar_w -= v->bar_w % SV_CELL;
	v->plot.cells = (size_t)v->bar_w / SV_CELL;
}

static void put_axis(struct sv *v, int bottom)
{
	const struct pw_plot *p = &v->plot;
	const uint64_t span = p->to - p->from;
	struct pw_ticks ticks;

	pw_ticks_choose(&ticks, p, (size_t)v->bar_w * 10 / SV_SMALL);
	for (uint64_t at = ticks.first; at <= span; at += ticks.step) {
		const int x = sv_x(v, p->from + at);
		const bool last = span - at < ticks.step;
		char number[PW_TICK_MAX], label[PW_TICK_MAX + 8];

		pw_tick_label(number, &ticks, p->from - p->begin + at);
		snprintf(label, sizeof(label), last ? "%s %s" : "%s", number, ticks.name);
		fprintf(v->out, "<path class=\"grid\" d=\"M%d.5 %dV%d\"/>\n", x, v->y + AXIS_H - 6, bottom);
		sv_text(v, x, v->y + AXIS_H - 10, "tick", label);
	}
	sv_text(v, v->pid_x, v->y + AXIS_H - 10, "pid small", tr(v->plot.language, "pid"));
	sv_text(v, v->tree_x, v->y + AXIS_H - 10, "small", tr(v->plot.language, "name"));
	fprintf(v->out, "<path class=\"line\" d=\"M%d %d.5h%d\"/>\n", v->bar_x, v->y + AXIS_H - 6, v->bar_w);
	v->y += AXIS_H;
}

/* Draws the tree's lines before a name. Returns the x of the name. */
static int put_tree(struct sv *v, const struct pw_row *row)
{
	const int middle = v->y + v->row_h / 2;
	int x = v->tree_x;

	for (const char *c = row->lines; *c; c++) {
		if (*c == PW_LINE_CUT) {
			sv_text(v, x, middle + 4, "small", "…");
			x += 10;
			continue;
		}
		if (*c != PW_LINE_NONE)
			fprintf(v->out, "<path class=\"line\" d=\"M%d.5 %dV%d\"/>", x + 4, v->y,
				*c == PW_LINE_LAST ? middle : v->y + v->row_h);
		if (*c == PW_LINE_BRANCH || *c == PW_LINE_LAST)
			fprintf(v->out, "<path class=\"line\" d=\"M%d %d.5h7\"/>", x + 5, middle);
		x += INDENT;
	}
	if (x > v->tree_x)
		fputc('\n', v->out);
	return x;
}

static void put_label(struct sv *v, const struct pw_row *row)
{
	const int baseline = v->y + v->row_h / 2 + 4, x = put_tree(v, row);
	const char *class = row->threads ? "thread" : "name";
	struct pw_text t = {0};

	pw_row_number(&v->plot, &t, row);
	sv_text(v, v->pid_x, baseline, row->threads ? "pid small" : "pid", pw_text_get(&t));
	pw_text_clear(&t);
	pw_row_name(&v->plot, &t, row);
	pw_row_note(&v->plot, &t, row);
	sv_text_cut(v, x, baseline, class, pw_text_get(&t), v->bar_x - GAP - x, SV_MONO);
	sv_done(v, &t);
}

/* The longest ending that fits behind the bar. */
static void put_ending(struct sv *v, const struct pw_row *row, int x, bool named)
{
	const int room = v->width - SV_PAD - x;
	enum pw_ending_length length = PW_ENDING_FULL;
	struct pw_text t = {0};

	while (length < PW_ENDING_BRIEF && ending_width(v, row, length, !named) > room)
		length++;
	pw_ending(&v->plot, &t, row, length, !named);
	sv_text_cut(v, x, v->y + v->row_h / 2 + 4, "end", pw_text_get(&t), room, SV_SMALL);
	sv_done(v, &t);
}

/* For screen readers and as a tooltip: the full ending. */
static void put_title(struct sv *v, const struct pw_row *row)
{
	struct pw_text t = {0}, number = {0}, name = {0}, ending = {0};

	pw_row_number(&v->plot, &number, row);
	pw_row_name(&v->plot, &name, row);
	pw_ending(&v->plot, &ending, row, PW_ENDING_FULL, true);
	/* po: pid, name and ending of a process: "4711 demo_zombie: exit 0" */
	pw_text_format(&t, tr(v->plot.language, "%s %s: %s"), pw_text_get(&number), pw_text_get(&name),
		       pw_text_get(&ending));
	sv_done(v, &number);
	sv_done(v, &name);
	sv_done(v, &ending);
	fputs("<title>", v->out);
	sv_escape(v, pw_text_get(&t));
	fputs("</title>\n", v->out);
	sv_done(v, &t);
}

static void put_row(struct sv *v, const struct pw_row *row)
{
	bool named = false;
	int end;

	fputs("<g>", v->out);
	put_title(v, row);
	put_label(v, row);
	end = sv_bar(v, row, v->y + v->row_h / 2, bar_height(v, row), &named);
	put_ending(v, row, end + END_GAP, named);
	fputs("</g>\n", v->out);
	v->y += v->row_h;
}

static void put_beyond_top(struct sv *v)
{
	struct pw_text t = {0};

	pw_plot_beyond_top(&v->plot, &t);
	sv_text(v, v->tree_x, v->y + v->row_h / 2 + 4, "small", pw_text_get(&t));
	sv_done(v, &t);
	v->y += v->row_h;
}

/* Earlier processes, of which only totals are kept, have no bar. */
static void put_earlier(struct sv *v)
{
	struct pw_text t = {0};

	pw_text_format(&t, "%s ", v->plot.signs.more);
	pw_plot_count(v->plot.language, &t, pw_model_folded(v->plot.report->model),
		      "%s earlier process (totals only)", "%s earlier processes (totals only)");
	sv_text(v, v->tree_x, v->y + v->row_h / 2 + 4, "small", pw_text_get(&t));
	sv_done(v, &t);
	v->y += v->row_h;
}

void sv_timeline(struct sv *v)
{
	const size_t rows = v->plot.tree.n_rows;

	lay_out(v);
	v->y += 4;
	put_axis(v, v->y + AXIS_H + (int)rows * v->row_h);
	for (size_t i = 0; i < rows; i++)
		put_row(v, &v->plot.tree.rows[i]);
	if (v->plot.filter.n_beyond_top > 0)
		put_beyond_top(v);
	if (pw_model_folded(v->plot.report->model) > 0)
		put_earlier(v);
}
