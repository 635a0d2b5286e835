/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of the programs' marks.
 */
#include "report/plot/marks_table.h"

#include "report/svg/table.h"

static const char *head(enum pw_language language, unsigned int column)
{
	return pw_marks_table_head(language, (enum pw_marks_table_column)column);
}

static bool right(unsigned int column)
{
	return pw_marks_table_right((enum pw_marks_table_column)column);
}

static void cell(struct sv *v, struct pw_text *t, const void *of, size_t row, unsigned int column)
{
	const struct pw_marks_table *marks = of;

	pw_marks_table_cell(&v->plot, t, &marks->at[row], (enum pw_marks_table_column)column);
}

static void put_rest(struct sv *v, uint64_t marks)
{
	struct pw_text t = {0};

	pw_text_format(&t, tr(v->plot.language, "and %llu more marks, listed in the JSON and HTML reports"),
		       (unsigned long long)marks);
	sv_text(v, SV_PAD, v->y, "small", pw_text_get(&t));
	sv_done(v, &t);
	v->y += 17;
}

void sv_marks_table(struct sv *v)
{
	struct sv_table table = {.head = head, .right = right, .cell = cell, .widest = 4};
	enum pw_marks_table_column chosen[PW_MARKS_TABLE_COUNT];
	struct pw_marks_table marks;

	pw_marks_table_collect(&v->plot, &marks);
	if (!marks.marks)
		return;
	table.of = &marks;
	table.rows = marks.n;
	table.n = pw_marks_table_columns(&marks, chosen);
	for (size_t i = 0; i < table.n; i++)
		table.column[i] = chosen[i];
	sv_table_measure(v, &table);
	sv_heading(v, tr(v->plot.language, "Marks"));
	sv_table_put(v, &table);
	if (marks.left_out)
		put_rest(v, marks.left_out);
}
