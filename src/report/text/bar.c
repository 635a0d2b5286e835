/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bar of the text report: the row's cells (report/plot/cells.c), with the signs of moments
 * put in: exec, adoption, marks, reap.
 *
 * An exec or an adoption takes its cell or the next one, unless it would hide the only cell
 * of a rare state or of the process. A mark takes its cell if that is blocked or partly
 * running, since a program runs when it passes a mark. In any other state, a mark needs the
 * same sign on both sides, so that the states still show between many marks.
 */
#include "report/text/bar.h"

#include "model/questions.h"
#include "util/utf8.h"

static bool is_rare(unsigned char sign)
{
	return sign == PW_SIGN_ZOMBIE || sign == PW_SIGN_ZOMBIE_BOUND || sign == PW_SIGN_STOPPED ||
	       sign == PW_SIGN_DISK || sign == PW_SIGN_UNKNOWN;
}

static size_t count_cells(const struct bar *bar)
{
	size_t n = 0;

	for (size_t c = 0; c < bar->cells.end; c++)
		n += bar->cells.sign[c] != PW_SIGN_NONE;
	return n;
}

/* Puts a sign into the cell of a moment or the next one. Returns the cell; PW_NO_NODE: neither had room. */
static size_t put_sign(const struct tv *v, struct bar *bar, uint64_t at, enum pw_sign sign)
{
	const size_t cell = pw_cell_of(&v->plot, at);

	if (at < v->plot.from || at > v->plot.to || count_cells(bar) < 2)
		return PW_NO_NODE;
	for (size_t c = cell; c < bar->cells.end && c <= cell + 1; c++) {
		const unsigned char here = bar->cells.sign[c];
		const bool repeated = (c > 0 && bar->cells.sign[c - 1] == here) ||
				      (c + 1 < bar->cells.end && bar->cells.sign[c + 1] == here);

		if (here == PW_SIGN_ADOPTED || here == PW_SIGN_NONE || (is_rare(here) && !repeated))
			continue;
		bar->cells.sign[c] = (unsigned char)sign;
		return c;
	}
	return PW_NO_NODE;
}

/*
 * Writes "adopted by PID name" behind the sign of the adoption, if all cells below it are blocked
 * and two more stay visible behind it: then it hides nothing.
 */
static void place_label(struct tv *v, struct bar *bar, size_t cell, const struct pw_parent *p)
{
	struct pw_text t = {0}, name = {0};
	size_t columns, c;

	pw_plot_name(&v->plot, &name, p->comm);
	pw_text_add(&t, " ");
	pw_text_format(&t, tr(v->plot.language, "adopted by %u %s"), p->pid, pw_text_get(&name));
	pw_text_add(&t, " ");
	v->plot.failed |= name.failed;
	pw_text_free(&name);
	columns = pw_utf8_columns(pw_text_get(&t));
	for (c = cell + 1; c < bar->cells.end && bar->cells.sign[c] == PW_SIGN_BLOCKED; c++)
		;
	v->plot.failed |= t.failed;
	if (c < cell + 1 + columns + 2) {
		pw_text_free(&t);
		return;
	}
	bar->label = t;
	bar->label_at = cell + 1;
}

static void put_moments(struct tv *v, struct bar *bar, const struct pw_process *process)
{
	for (size_t i = 1; i < process->n_parents; i++) {
		const struct pw_parent *p = &process->parents[i];
		size_t cell;

		if (p->why != PW_BY_REPARENT || p->adopter == PW_ADOPTER_THREAD)
			continue;
		cell = put_sign(v, bar, p->from, PW_SIGN_ADOPTED);
		if (cell != PW_NO_NODE && p == pw_last_adoption(process))
			place_label(v, bar, cell, p);
	}
	for (size_t i = 0; i < process->n_execs; i++) {
		const size_t cell = pw_cell_of(&v->plot, process->execs[i].at);

		if (!process->execs[i].at) /* before the recording began */
			continue;
		/* Not onto the label: its cells are blocked, so this exec belongs to a cell beside it. */
		if (!bar->label.length || cell < bar->label_at || cell > bar->label_at + bar->label.length)
			put_sign(v, bar, process->execs[i].at, PW_SIGN_EXEC);
	}
}

/* A mark may take this cell. */
static bool gives_way(const struct bar *bar, size_t c)
{
	const unsigned char *sign = bar->cells.sign, here = sign[c];

	if (bar->label.length && c >= bar->label_at &&
	    c <= bar->label_at + pw_utf8_columns(pw_text_get(&bar->label)))
		return false;
	if (here == PW_SIGN_BLOCKED || here == PW_SIGN_SLIVER || here == PW_SIGN_PART)
		return true;
	return c > 0 && c + 1 < bar->cells.end && sign[c - 1] == here && sign[c + 1] == here;
}

static void put_marks(const struct tv *v, struct bar *bar, const struct pw_thread *t)
{
	for (size_t i = 0; i < t->n_marks; i++) {
		const uint64_t at = t->marks[i].at;
		const size_t c = pw_cell_of(&v->plot, at);

		if (at >= v->plot.from && at <= v->plot.to && c < bar->cells.end && gives_way(bar, c))
			bar->cells.sign[c] = PW_SIGN_MARK;
	}
}

/* The marks of a row's thread, or of all threads of its process. */
static void put_row_marks(const struct tv *v, struct bar *bar, const struct pw_row *row)
{
	if (count_cells(bar) < 2)
		return;
	for (const struct pw_thread *t = row->process->threads; t; t = t->next)
		if (!row->threads || t == row->thread)
			put_marks(v, bar, t);
}

static bool shows_reap(const struct tv *v, const struct pw_row *row)
{
	return !row->threads && row->process->reaped != PW_REAPED_NOT && row->process->reap_at <= v->plot.to;
}

size_t tv_bar_end(const struct tv *v, const struct pw_row *row, size_t columns)
{
	const struct pw_plot *p = &v->plot;
	uint64_t end = row->threads ? row->thread->end : pw_process_end(row->process);

	if (pw_row_is_summary(row))
		return columns + 1;
	end = end > p->from ? end - 1 : p->from;
	return pw_cell_among(p, end, columns) + 1 + (shows_reap(v, row) ? 1 : 0);
}

static void remember_signs(struct tv *v, const struct bar *bar)
{
	for (size_t c = 0; c < bar->cells.end; c++)
		v->plot.used[bar->cells.sign[c]] = true;
}

int tv_bar_make(struct tv *v, struct bar *bar, const struct pw_row *row)
{
	int err;

	*bar = (struct bar){.label_at = 0};
	err = pw_cells_make(&v->plot, &bar->cells, row);
	if (err)
		return err;
	if (!pw_row_is_summary(row) && !row->threads) {
		put_moments(v, bar, row->process);
		put_row_marks(v, bar, row);
		if (shows_reap(v, row))
			bar->cells.sign[bar->cells.end++] = PW_SIGN_REAPED;
	}
	if (row->threads == 1)
		put_row_marks(v, bar, row);
	remember_signs(v, bar);
	return 0;
}

void tv_bar_free(struct bar *bar)
{
	pw_cells_free(&bar->cells);
	pw_text_free(&bar->label);
}

void tv_bar_draw(const struct tv *v, struct pw_text *t, const struct bar *bar)
{
	enum tv_colour colour = COLOUR_PLAIN;

	for (size_t c = 0; c < bar->cells.end; c++) {
		const enum pw_sign glyph = (enum pw_sign)bar->cells.sign[c];
		const enum tv_colour wanted = tv_colour_of(glyph);

		if (wanted != colour) {
			if (colour != COLOUR_PLAIN)
				pw_text_add(t, tv_sgr(v, COLOUR_PLAIN));
			if (wanted != COLOUR_PLAIN)
				pw_text_add(t, tv_sgr(v, wanted));
			colour = wanted;
		}
		if (bar->label.length > 0 && c == bar->label_at) {
			pw_text_add(t, pw_text_get(&bar->label));
			c += pw_utf8_columns(pw_text_get(&bar->label)) - 1;
		} else {
			pw_text_add(t, v->style->glyph[glyph]);
		}
	}
	if (colour != COLOUR_PLAIN)
		pw_text_add(t, tv_sgr(v, COLOUR_PLAIN));
}
