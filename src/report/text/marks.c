// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the programs said: a few marks one by one, many by life and name.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/text/table.h"
#include "report/text/view.h"

#define FEW	  12
#define MOST_ROWS 24

/* A mark, or all of one name in one life. */
struct entry {
	const struct pw_life *life;
	const char *name;
	uint64_t times, first, last;
	int64_t least, most;
	bool valued;
};

struct entries {
	struct entry at[MOST_ROWS];
	size_t n;
	uint64_t marks, left_out; /* in all; those of which there is no entry */
};

static bool joins(struct entry *e, const struct pw_life *life, const struct pw_passed *mark)
{
	/* The model has each name once. */
	if (e->life != life || e->name != mark->name)
		return false;
	e->times++;
	e->first = mark->at < e->first ? mark->at : e->first;
	e->last = mark->at > e->last ? mark->at : e->last;
	e->least = mark->value < e->least ? mark->value : e->least;
	e->most = mark->value > e->most ? mark->value : e->most;
	e->valued |= mark->valued;
	return true;
}

static void add(struct entries *all, const struct pw_life *life, const struct pw_passed *mark,
		bool one_by_one)
{
	all->marks++;
	for (size_t i = all->n; i > 0 && !one_by_one; i--)
		if (joins(&all->at[i - 1], life, mark))
			return;
	if (all->n == MOST_ROWS) {
		all->left_out++;
		return;
	}
	all->at[all->n++] = (struct entry){.life = life,
					   .name = mark->name,
					   .times = 1,
					   .first = mark->at,
					   .last = mark->at,
					   .least = mark->value,
					   .most = mark->value,
					   .valued = mark->valued};
}

static void collect(const struct tv *v, struct entries *all, bool one_by_one)
{
	const struct pw_plot *p = &v->plot;

	*all = (struct entries){.n = 0};
	for (size_t r = 0; r < p->tree.n_rows; r++) {
		const struct pw_row *row = &p->tree.rows[r];

		if (row->threads) /* its life has a row of its own */
			continue;
		for (size_t n = pw_row_next(&p->tree, row, PW_NO_NODE); n != PW_NO_NODE;
		     n = pw_row_next(&p->tree, row, n)) {
			const struct pw_life *life = pw_model_life(p->report->model, n);

			for (const struct pw_thread *t = life->threads; t; t = t->next)
				for (size_t i = 0; i < t->n_marks; i++)
					if (t->marks[i].at >= p->from && t->marks[i].at <= p->to)
						add(all, life, &t->marks[i], one_by_one);
		}
	}
}

static int earlier(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

static void add_moment(const struct tv *v, struct pw_text *t, uint64_t at)
{
	if (at < v->plot.begin)
		pw_text_add(t, "-");
	pw_plot_duration(&v->plot, t, at < v->plot.begin ? v->plot.begin - at : at - v->plot.begin);
}

static void add_values(const struct tv *v, struct pw_text *t, const struct entry *e)
{
	if (!e->valued) {
		pw_text_add(t, "-");
		return;
	}
	pw_text_format(t, "%lld", (long long)e->least);
	if (e->most != e->least)
		pw_text_format(t, "%s%lld", v->style->ascii || e->least < 0 ? " to " : "–",
			       (long long)e->most);
}

enum column { PID, NAME, MARK, TIMES, FIRST, LAST, VALUES, COLUMNS };

static void fill(const struct tv *v, struct table *table, size_t r, const struct entry *e, bool one_by_one)
{
	struct pw_text *cell[COLUMNS];

	for (size_t c = 0; c < (one_by_one ? TIMES + 2 : COLUMNS); c++)
		cell[c] = &tv_table_cell(table, r, c)->text;
	pw_text_format(cell[PID], "%u", e->life->pid);
	pw_plot_name(&v->plot, cell[NAME], pw_life_comm_at(e->life, e->first));
	pw_text_escaped(cell[MARK], e->name, strlen(e->name), v->plot.names);
	if (one_by_one) {
		add_moment(v, cell[TIMES], e->first);
		add_values(v, cell[TIMES + 1], e);
		return;
	}
	pw_text_format(cell[TIMES], "%llu", (unsigned long long)e->times);
	add_moment(v, cell[FIRST], e->first);
	add_moment(v, cell[LAST], e->last);
	add_values(v, cell[VALUES], e);
}

static void put(struct tv *v, const struct entries *all, bool one_by_one)
{
	static const struct table_column summed[COLUMNS] = {[PID] = {.head = "pid", .right = true},
							    [NAME] = {.head = "name"},
							    [MARK] = {.head = "mark"},
							    [TIMES] = {.head = "times", .right = true},
							    [FIRST] = {.head = "first", .right = true},
							    [LAST] = {.head = "last", .right = true},
							    [VALUES] = {.head = "value", .right = true}};
	static const struct table_column single[] = {{.head = "pid", .right = true},
						     {.head = "name"},
						     {.head = "mark"},
						     {.head = "at", .right = true},
						     {.head = "value", .right = true}};
	struct table table;

	if (tv_table_make(&table, one_by_one ? single : summed,
			  one_by_one ? sizeof(single) / sizeof(single[0]) : COLUMNS, all->n))
		v->plot.failed = true;
	for (size_t r = 0; r < all->n && !v->plot.failed; r++)
		fill(v, &table, r, &all->at[r], one_by_one);
	if (!v->plot.failed) {
		tv_heading(v, "Marks");
		tv_table_put(v, &table);
	}
	tv_table_free(&table);
}

void tv_marks(struct tv *v)
{
	struct entries all;
	bool one_by_one;

	collect(v, &all, false);
	if (!all.marks)
		return;
	one_by_one = all.marks <= FEW;
	if (one_by_one) {
		collect(v, &all, true);
		qsort(all.at, all.n, sizeof(all.at[0]), earlier);
	}
	put(v, &all, one_by_one);
	if (all.left_out)
		fprintf(v->out, " and %llu marks more, which the JSON and HTML reports have\n",
			(unsigned long long)all.left_out);
}
