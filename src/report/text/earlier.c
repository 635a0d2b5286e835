/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of earlier processes, of which only totals by name are kept.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/text/table.h"

#define MOST_ROWS 30

enum column { PROCESSES, NAME, RUNNING, READY, BLOCKED, ZOMBIE, LONGEST, FAILED, KILLED, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[PROCESSES] = {.head = N_("processes"), .right = true},
	[NAME] = {.head = N_("name")},
	[RUNNING] = {.head = N_("running"), .right = true},
	[READY] = {.head = N_("ready"), .right = true},
	[BLOCKED] = {.head = N_("blocked"), .right = true},
	[ZOMBIE] = {.head = N_("zombie"), .right = true},
	[LONGEST] = {.head = N_("longest"), .right = true},
	[FAILED] = {.head = N_("exit not 0"), .right = true},
	[KILLED] = {.head = N_("killed"), .right = true},
};

static const enum pw_state state_of[COLUMNS] = {
	[RUNNING] = PW_RUNNING, [READY] = PW_READY, [BLOCKED] = PW_BLOCKED, [ZOMBIE] = PW_ZOMBIE};

static int by_processes(const void *a, const void *b)
{
	const struct pw_earlier *x = *(const struct pw_earlier *const *)a,
				*y = *(const struct pw_earlier *const *)b;

	if (x->processes != y->processes)
		return x->processes < y->processes ? 1 : -1;
	return strncmp(x->comm, y->comm, PW_COMM_LEN);
}

static void add_time(const struct tv *v, struct pw_text *t, uint64_t ns)
{
	if (ns)
		pw_plot_duration(&v->plot, t, ns);
	else
		pw_text_add(t, "-");
}

static void add_number(struct pw_text *t, uint64_t n)
{
	char buf[PW_FORMAT_MAX];

	pw_text_add(t, n ? pw_format_count(buf, n) : "-");
}

static void fill_cell(const struct tv *v, struct pw_text *t, const struct pw_earlier *e, enum column column)
{
	switch (column) {
	case PROCESSES:
		add_number(t, e->processes);
		break;
	case NAME:
		if (e->comm[0])
			pw_plot_name(&v->plot, t, e->comm);
		else
			pw_text_add(t, tr(v->plot.language, "(other names)"));
		break;
	case LONGEST:
		add_time(v, t, e->longest_zombie);
		break;
	case FAILED:
		add_number(t, e->exit_other);
		break;
	case KILLED:
		add_number(t, e->killed);
		break;
	default:
		add_time(v, t, e->totals[state_of[column]]);
		break;
	}
}

static void put_table(struct tv *v, const struct pw_earlier *const *all, size_t rows)
{
	struct table_column translated[COLUMNS];
	struct table table;

	for (enum column c = PROCESSES; c < COLUMNS; c++) {
		translated[c] = columns[c];
		translated[c].head = tr(v->plot.language, columns[c].head);
	}
	if (tv_table_make(&table, translated, COLUMNS, rows))
		v->plot.failed = true;
	for (size_t r = 0; r < rows && !v->plot.failed; r++) {
		for (enum column c = PROCESSES; c < COLUMNS; c++) {
			struct pw_text *t = &tv_table_cell(&table, r, c)->text;

			fill_cell(v, t, all[r], c);
			v->plot.failed |= t->failed;
		}
	}
	if (!v->plot.failed)
		tv_table_put(v, &table);
	tv_table_free(&table);
}

void tv_earlier(struct tv *v)
{
	const struct pw_model *m = v->plot.report->model;
	const size_t count = pw_model_earlier_count(m), rows = count < MOST_ROWS ? count : MOST_ROWS;
	const struct pw_earlier **all;

	if (!count)
		return;
	all = calloc(count, sizeof(*all));
	if (!all) {
		v->plot.failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		all[i] = pw_model_earlier(m, i);
	qsort(all, count, sizeof(*all), by_processes);
	tv_heading(v, tr(v->plot.language, "Earlier processes (totals only)"));
	put_table(v, all, rows);
	if (rows < count) {
		fputs(" ", v->out);
		fprintf(v->out, tr(v->plot.language, "and %zu more names"), count - rows);
		fputs("\n", v->out);
	}
	free(all);
}
