/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/text/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/utf8.h"

/* How a part of the table fits the width. */
struct fit {
	/* the columns of this part, besides the fixed ones */
	size_t first, end;
	/* before a column that is aligned to the right; before the others it is two */
	size_t gap;
	bool without_optional;
};

int tv_table_make(struct table *t, const struct table_column *column, size_t columns, size_t rows)
{
	*t = (struct table){.columns = columns, .rows = rows};
	memcpy(t->column, column, columns * sizeof(*column));
	t->cells = calloc(columns * rows + 1, sizeof(*t->cells));
	return t->cells ? 0 : -ENOMEM;
}

void tv_table_free(struct table *t)
{
	for (size_t i = 0; t->cells && i < t->columns * t->rows; i++)
		pw_text_free(&t->cells[i].text);
	free(t->cells);
}

struct table_cell *tv_table_cell(struct table *t, size_t row, size_t column)
{
	return &t->cells[row * t->columns + column];
}

/* No column is wider than what the fixed ones leave. */
static void limit(struct table *t, size_t width)
{
	const size_t fixed = 1 + t->column[0].width + 1 + t->column[1].width + 2;

	for (size_t c = TABLE_FIXED; c < t->columns; c++)
		if (fixed + t->column[c].width > width)
			t->column[c].width = width > fixed ? width - fixed : 1;
}

static void measure(struct table *t)
{
	for (size_t c = 0; c < t->columns; c++) {
		size_t width = pw_utf8_columns(t->column[c].head);

		for (size_t r = 0; r < t->rows; r++) {
			const size_t w = pw_utf8_columns(pw_text_get(&tv_table_cell(t, r, c)->text));

			width = w > width ? w : width;
		}
		t->column[c].width = width;
	}
}

static bool is_in(const struct table *t, const struct fit *fit, size_t c)
{
	if (fit->without_optional && t->column[c].optional)
		return false;
	return c < TABLE_FIXED || (c >= fit->first && c < fit->end);
}

static size_t gap_before(const struct table *t, const struct fit *fit, size_t c)
{
	if (c < TABLE_FIXED)
		return 1;
	return t->column[c].right ? fit->gap : 2;
}

static size_t total_width(const struct table *t, const struct fit *fit)
{
	size_t width = 0;

	for (size_t c = 0; c < t->columns; c++)
		if (is_in(t, fit, c))
			width += gap_before(t, fit, c) + t->column[c].width;
	return width;
}

static void add_cell(const struct tv *v, struct pw_text *line, const struct table_column *column,
		     const char *text, enum tv_colour colour)
{
	const size_t columns = pw_utf8_columns(text);
	const size_t pad = columns < column->width ? column->width - columns : 0;

	if (column->right)
		pw_text_repeat(line, " ", pad);
	if (colour != COLOUR_PLAIN)
		pw_text_add(line, tv_sgr(v, colour));
	pw_text_cut(line, text, column->width, v->style->cut);
	if (colour != COLOUR_PLAIN)
		pw_text_add(line, tv_sgr(v, COLOUR_PLAIN));
	if (!column->right)
		pw_text_repeat(line, " ", pad);
}

static void end_line(struct tv *v, struct pw_text *line)
{
	while (line->length > 0 && line->at[line->length - 1] == ' ')
		line->at[--line->length] = '\0';
	pw_text_add(line, "\n");
	tv_put(v, line);
}

static void put_part(struct tv *v, struct table *t, const struct fit *fit)
{
	struct pw_text line = {0};

	for (size_t r = 0; r <= t->rows; r++) {
		for (size_t c = 0; c < t->columns; c++) {
			const char *text = r == 0 ? t->column[c].head
						  : pw_text_get(&tv_table_cell(t, r - 1, c)->text);
			enum tv_colour colour = r == 0 ? COLOUR_DIM : tv_table_cell(t, r - 1, c)->colour;

			if (!is_in(t, fit, c))
				continue;
			pw_text_repeat(&line, " ", gap_before(t, fit, c));
			if (r > 0 && strcmp(text, "-") == 0)
				colour = COLOUR_DIM;
			add_cell(v, &line, &t->column[c], text, colour);
		}
		end_line(v, &line);
	}
	pw_text_free(&line);
}

/* The ways to fit the whole table, in order of preference. */
static bool fit_whole(const struct table *t, struct fit *fit, size_t width)
{
	static const struct fit ways[] = {{.gap = 2},
					  {.gap = 1},
					  {.gap = 2, .without_optional = true},
					  {.gap = 1, .without_optional = true}};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		*fit = ways[i];
		fit->first = 0;
		fit->end = t->columns;
		if (total_width(t, fit) <= width)
			return true;
	}
	return false;
}

void tv_table_put(struct tv *v, struct table *t)
{
	struct fit fit;

	measure(t);
	limit(t, v->width);
	if (fit_whole(t, &fit, v->width)) {
		put_part(v, t, &fit);
		return;
	}
	fit = (struct fit){.gap = 2, .first = TABLE_FIXED};
	while (fit.first < t->columns) {
		for (fit.end = fit.first + 1; fit.end < t->columns; fit.end++) {
			struct fit wider = fit;

			wider.end++;
			if (total_width(t, &wider) > v->width)
				break;
		}
		if (fit.first > TABLE_FIXED)
			fputs("\n", v->out);
		put_part(v, t, &fit);
		fit.first = fit.end;
	}
}
