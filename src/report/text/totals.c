/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of totals.
 */
#include "report/plot/totals.h"
#include "model/questions.h"

#include "report/text/label.h"
#include "report/text/table.h"

/* The states have the colours of the timeline; a zombie stands out only if it lasted long. */
static enum tv_colour colour_of(const struct tv *v, const struct pw_row *row, enum pw_totals column)
{
	switch (column) {
	case PW_TOTALS_RUNNING:
		return COLOUR_RUN;
	case PW_TOTALS_READY:
		return COLOUR_READY;
	case PW_TOTALS_STOPPED:
		return COLOUR_STOPPED;
	case PW_TOTALS_UNKNOWN:
		return COLOUR_UNKNOWN;
	case PW_TOTALS_ZOMBIE:
		return row->roots == 0 && !row->threads &&
				       pw_zombie_is_long(row->process, v->plot.end - v->plot.begin)
			       ? COLOUR_ZOMBIE
			       : COLOUR_PLAIN;
	default:
		return COLOUR_PLAIN;
	}
}

static void fill_cell(struct tv *v, struct table_cell *cell, const struct pw_row *row, enum pw_totals column)
{
	if (column == PW_TOTALS_NAME)
		tv_label(v, &cell->text, row, v->width * 3 / 10, false);
	else
		pw_totals_cell(&v->plot, &cell->text, row, column);
	cell->colour = colour_of(v, row, column);
	v->plot.failed |= cell->text.failed;
}

void tv_totals(struct tv *v)
{
	const struct pw_tree *tree = &v->plot.tree;
	struct table_column columns[PW_TOTALS_COUNT];
	enum pw_totals chosen[PW_TOTALS_COUNT];
	const size_t n = pw_totals_columns(&v->plot, chosen);
	struct table table;

	for (size_t c = 0; c < n; c++)
		columns[c] = (struct table_column){
			.head = pw_totals_head(v->plot.language, chosen[c]),
			.right = pw_totals_right(chosen[c]),
			.optional = chosen[c] == PW_TOTALS_ENDED, /* the timeline says it too */
		};
	if (tv_table_make(&table, columns, n, tree->n_rows))
		v->plot.failed = true;
	for (size_t r = 0; r < tree->n_rows && !v->plot.failed; r++)
		for (size_t c = 0; c < n; c++)
			fill_cell(v, tv_table_cell(&table, r, c), &tree->rows[r], chosen[c]);
	if (!v->plot.failed) {
		fputs("\n", v->out);
		tv_table_put(v, &table);
	}
	tv_table_free(&table);
}
