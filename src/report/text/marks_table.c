/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of the programs' marks.
 */
#include "report/plot/marks_table.h"

#include "report/text/table.h"
#include "report/text/view.h"

static void put(struct tv *v, const struct pw_marks_table *marks)
{
	struct table_column columns[PW_MARKS_TABLE_COUNT];
	enum pw_marks_table_column chosen[PW_MARKS_TABLE_COUNT];
	const size_t n = pw_marks_table_columns(marks, chosen);
	struct table table;

	for (size_t c = 0; c < n; c++)
		columns[c] = (struct table_column){
			.head = pw_marks_table_head(v->plot.language, chosen[c]),
			.right = pw_marks_table_right(chosen[c]),
		};
	if (tv_table_make(&table, columns, n, marks->n))
		v->plot.failed = true;
	for (size_t r = 0; r < marks->n && !v->plot.failed; r++)
		for (size_t c = 0; c < n; c++)
			pw_marks_table_cell(&v->plot, &tv_table_cell(&table, r, c)->text, &marks->at[r],
					    chosen[c]);
	if (!v->plot.failed) {
		tv_heading(v, tr(v->plot.language, "Marks"));
		tv_table_put(v, &table);
	}
	tv_table_free(&table);
}

void tv_marks_table(struct tv *v)
{
	struct pw_marks_table marks;

	pw_marks_table_collect(&v->plot, &marks);
	if (!marks.marks)
		return;
	put(v, &marks);
	if (!marks.left_out)
		return;
	fputs(" ", v->out);
	fprintf(v->out, tr(v->plot.language, "and %llu more marks, listed in the JSON and HTML reports"),
		(unsigned long long)marks.left_out);
	fputs("\n", v->out);
}
