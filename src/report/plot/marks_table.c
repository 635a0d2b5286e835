/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/plot/marks_table.h"

#include <stdlib.h>
#include <string.h>

#include "model/questions.h"

/* Up to so many marks are listed one by one. */
#define FEW 12

/* Adds the mark to a row of the same process and name. */
static bool joins(struct pw_marks_table_row *row, const struct pw_process *process,
		  const struct pw_passed *mark)
{
	/* The model keeps each name once, so equal names are the same pointer. */
	if (row->process != process || row->name != mark->name)
		return false;
	row->times++;
	row->first = mark->at < row->first ? mark->at : row->first;
	row->last = mark->at > row->last ? mark->at : row->last;
	row->least = mark->value < row->least ? mark->value : row->least;
	row->most = mark->value > row->most ? mark->value : row->most;
	row->valued |= mark->valued;
	return true;
}

static void add(struct pw_marks_table *all, const struct pw_process *process, const struct pw_passed *mark)
{
	all->marks++;
	for (size_t i = all->n; i > 0 && !all->one_by_one; i--)
		if (joins(&all->at[i - 1], process, mark))
			return;
	if (all->n == PW_MARKS_TABLE_ROWS) {
		all->left_out++;
		return;
	}
	all->at[all->n++] = (struct pw_marks_table_row){.process = process,
							.name = mark->name,
							.times = 1,
							.first = mark->at,
							.last = mark->at,
							.least = mark->value,
							.most = mark->value,
							.valued = mark->valued};
}

static void add_all(const struct pw_plot *p, struct pw_marks_table *all, bool one_by_one)
{
	*all = (struct pw_marks_table){.one_by_one = one_by_one};
	for (size_t r = 0; r < p->tree.n_rows; r++) {
		const struct pw_row *row = &p->tree.rows[r];

		if (row->threads) /* their marks are found by the row of the process */
			continue;
		for (size_t n = pw_row_next(&p->tree, row, PW_NO_NODE); n != PW_NO_NODE;
		     n = pw_row_next(&p->tree, row, n)) {
			const struct pw_process *process = pw_model_process(p->report->model, n);

			for (const struct pw_thread *t = process->threads; t; t = t->next)
				for (size_t i = 0; i < t->n_marks; i++)
					if (t->marks[i].at >= p->from && t->marks[i].at <= p->to)
						add(all, process, &t->marks[i]);
		}
	}
}

static int earlier(const void *a, const void *b)
{
	const struct pw_marks_table_row *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

void pw_marks_table_collect(const struct pw_plot *p, struct pw_marks_table *marks)
{
	add_all(p, marks, false);
	if (marks->marks > FEW)
		return;
	add_all(p, marks, true);
	qsort(marks->at, marks->n, sizeof(marks->at[0]), earlier);
}

const char *pw_marks_table_head(enum pw_language language, enum pw_marks_table_column column)
{
	static const char *const heads[PW_MARKS_TABLE_COUNT] = {
		[PW_MARKS_TABLE_PID] = N_("pid"),     [PW_MARKS_TABLE_NAME] = N_("name"),
		[PW_MARKS_TABLE_MARK] = N_("mark"),   [PW_MARKS_TABLE_AT] = N_("at"),
		[PW_MARKS_TABLE_TIMES] = N_("times"), [PW_MARKS_TABLE_FIRST] = N_("first"),
		[PW_MARKS_TABLE_LAST] = N_("last"),   [PW_MARKS_TABLE_VALUE] = N_("value"),
	};

	return tr(language, heads[column]);
}

bool pw_marks_table_right(enum pw_marks_table_column column)
{
	return column != PW_MARKS_TABLE_NAME && column != PW_MARKS_TABLE_MARK;
}

size_t pw_marks_table_columns(const struct pw_marks_table *marks,
			      enum pw_marks_table_column chosen[static PW_MARKS_TABLE_COUNT])
{
	size_t n = 0;

	for (enum pw_marks_table_column c = PW_MARKS_TABLE_PID; c < PW_MARKS_TABLE_COUNT; c++) {
		const bool of_many = c >= PW_MARKS_TABLE_TIMES && c <= PW_MARKS_TABLE_LAST;

		if (marks->one_by_one ? !of_many : c != PW_MARKS_TABLE_AT)
			chosen[n++] = c;
	}
	return n;
}

static void add_moment(const struct pw_plot *p, struct pw_text *t, uint64_t at)
{
	if (at < p->begin)
		pw_text_add(t, "-");
	pw_plot_duration(p, t, at < p->begin ? p->begin - at : at - p->begin);
}

static void add_values(const struct pw_plot *p, struct pw_text *t, const struct pw_marks_table_row *row)
{
	if (!row->valued) {
		pw_text_add(t, "-");
		return;
	}
	if (row->most == row->least)
		pw_text_format(t, "%lld", (long long)row->least);
	else if (p->names == PW_AS_ASCII || row->least < 0)
		pw_text_format(t, tr(p->language, "%lld to %lld"), (long long)row->least,
			       (long long)row->most);
	else
		pw_text_format(t, "%lld–%lld", (long long)row->least, (long long)row->most);
}

void pw_marks_table_cell(const struct pw_plot *p, struct pw_text *t, const struct pw_marks_table_row *row,
			 enum pw_marks_table_column column)
{
	switch (column) {
	case PW_MARKS_TABLE_PID:
		pw_text_format(t, "%u", row->process->pid);
		break;
	case PW_MARKS_TABLE_NAME:
		pw_plot_name(p, t, pw_process_comm_at(row->process, row->first));
		break;
	case PW_MARKS_TABLE_MARK:
		pw_text_escaped(t, row->name, strlen(row->name), p->names);
		break;
	case PW_MARKS_TABLE_TIMES:
		pw_text_format(t, "%llu", (unsigned long long)row->times);
		break;
	case PW_MARKS_TABLE_AT:
	case PW_MARKS_TABLE_FIRST:
		add_moment(p, t, row->first);
		break;
	case PW_MARKS_TABLE_LAST:
		add_moment(p, t, row->last);
		break;
	default:
		add_values(p, t, row);
	}
}
