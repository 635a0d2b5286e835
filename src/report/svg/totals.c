/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of totals, if it has few rows and fits the width of the picture.
 */
#include "report/plot/totals.h"

#include "report/svg/table.h"

#define MAX_ROWS 40

static const char *head(enum pw_language language, unsigned int column)
{
	return pw_totals_head(language, (enum pw_totals)column);
}

static bool right(unsigned int column)
{
	return pw_totals_right((enum pw_totals)column);
}

static void cell(struct sv *v, struct pw_text *t, const void *of, size_t row, unsigned int column)
{
	const struct pw_tree *tree = of;

	pw_totals_cell(&v->plot, t, &tree->rows[row], (enum pw_totals)column);
}

/* Leaves out what the timeline has too, then what is least useful. False: it is still too wide. */
static bool fit(const struct sv *v, struct sv_table *t)
{
	static const enum pw_totals optional[] = {PW_TOTALS_ENDED, PW_TOTALS_SWITCHES, PW_TOTALS_REAPED_BY,
						  PW_TOTALS_AFTER};

	for (size_t i = 0; !sv_table_fits(v, t); i++) {
		if (i == sizeof(optional) / sizeof(optional[0]))
			return false;
		sv_table_leave_out(t, optional[i]);
	}
	return true;
}

void sv_totals(struct sv *v)
{
	const struct pw_tree *tree = &v->plot.tree;
	struct sv_table table = {
		.of = tree, .head = head, .right = right, .cell = cell, .rows = tree->n_rows, .widest = 3};
	enum pw_totals chosen[PW_TOTALS_COUNT];

	if (tree->n_rows > MAX_ROWS)
		return;
	table.n = pw_totals_columns(&v->plot, chosen);
	for (size_t i = 0; i < table.n; i++)
		table.column[i] = chosen[i];
	sv_table_measure(v, &table);
	if (!fit(v, &table))
		return;
	v->y += 16;
	sv_table_put(v, &table);
}
