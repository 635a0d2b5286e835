// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a cell shows. A cell is a stretch of time in which a life may have been
 * in many states, and the longest of them is not always the one to see:
 *
 * 1. An interval of a rare state that fills no cell of its own claims the cell
 *    it lies in: zombie before stopped before uninterruptible before unknown.
 *    A zombie and D must have lasted an eighth of a cell or 10 ms for that:
 *    shorter ones are ordinary, every life has been a zombie for a moment. A
 *    stop by a signal and what is unknown claim their cell however short.
 * 2. Else a cell shows the longest of its states; ready for less than an eighth
 *    of a cell stands back behind running, and a life that ran shows it in one
 *    cell at least.
 * 3. But in a blocked cell the time on a CPU stays visible as a low block,
 *    higher from an eighth on: a process that wakes up for 20 µs every 10 ms
 *    does not look like one that never runs.
 * 4. The cell in which a longer zombie interval begins belongs to what was
 *    before: it may be all there ever was of the life.
 * 5. An exec or an adoption takes the sign of its cell or of the next, unless
 *    that would hide the only cell of a rare state, or of the life.
 * 6. A mark takes its cell where that is blocked or ran for a part only: a
 *    program runs when it passes one. Any other sign must stand on both sides
 *    of it, so that however many there are the states show between them.
 */
#include "report/text/bar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/text/facts.h"
#include "util/utf8.h"

#define ALWAYS_SHOWN_NS UINT64_C(10000000)

struct cell { /* ns */
	uint64_t in[PW_STATE_COUNT];
	uint64_t disk; /* the uninterruptible part of blocked */
	bool claim[GLYPH_COUNT]; /* rule 1 */
};

static size_t cell_of(const struct tv *v, uint64_t at, size_t columns)
{
	const uint64_t span = v->to - v->from;
	uint64_t cell;

	if (at <= v->from)
		return 0;
	if (at >= v->to)
		return columns - 1;
	/* Years of nanoseconds times the columns would not fit: divide first then. */
	if (span > UINT64_MAX / (columns + 1))
		cell = (at - v->from) / (span / columns);
	else
		cell = (at - v->from) * columns / span;
	return cell < columns ? (size_t)cell : columns - 1;
}

size_t tv_cell_of(const struct tv *v, uint64_t at)
{
	return cell_of(v, at, v->bar_columns);
}

static uint64_t cell_start(const struct tv *v, size_t cell)
{
	const uint64_t span = v->to - v->from, columns = v->bar_columns;

	return v->from + span / columns * cell + span % columns * cell / columns;
}

/* The sign of a rare state; GLYPH_NONE for the others. */
static enum tv_glyph rare_glyph(const struct pw_span *s)
{
	switch (s->state) {
	case PW_ZOMBIE:
		return GLYPH_ZOMBIE;
	case PW_STOPPED:
		return s->detail == PW_TRACED ? GLYPH_NONE : GLYPH_STOPPED;
	case PW_BLOCKED:
		return s->detail == PW_UNINTERRUPTIBLE ? GLYPH_DISK : GLYPH_NONE;
	case PW_UNKNOWN:
		return GLYPH_UNKNOWN;
	default:
		return GLYPH_NONE;
	}
}

static uint64_t eighth_of_cell(const struct tv *v)
{
	return (v->to - v->from) / v->bar_columns / 8;
}

static bool is_long(const struct tv *v, const struct pw_span *s)
{
	return s->to - s->from >= ALWAYS_SHOWN_NS || s->to - s->from > eighth_of_cell(v);
}

static void add_span(const struct tv *v, struct cell *cells, const struct pw_span *s)
{
	const uint64_t from = s->from > v->from ? s->from : v->from;
	const uint64_t to = s->to < v->to ? s->to : v->to;
	const enum tv_glyph rare = rare_glyph(s);
	const bool brief = (rare == GLYPH_ZOMBIE || rare == GLYPH_DISK) && !is_long(v, s);
	size_t first, last;

	if (from >= to || (rare == GLYPH_ZOMBIE && brief))
		return;
	first = tv_cell_of(v, from);
	last = tv_cell_of(v, to - 1);
	for (size_t c = first; c <= last + 1 && c < v->bar_columns; c++) {
		const uint64_t begin = cell_start(v, c), end = cell_start(v, c + 1);
		const uint64_t a = from > begin ? from : begin, b = to < end ? to : end;

		if (a >= b)
			continue;
		if (rare == GLYPH_ZOMBIE)
			cells[c].claim[rare] |= c > first || last == first; /* rule 4 */
		else
			cells[c].claim[rare] |= !brief && last < first + 2;
		cells[c].in[s->state] += b - a;
		cells[c].disk += rare == GLYPH_DISK ? b - a : 0;
	}
}

static int add_life(const struct tv *v, struct cell *cells, const struct pw_life *life)
{
	struct pw_life_iter *it = pw_life_iter_new(life);
	struct pw_span s;

	if (!it)
		return -ENOMEM;
	while (pw_life_iter_next(it, &s))
		add_span(v, cells, &s);
	pw_life_iter_free(it);
	return 0;
}

static enum tv_glyph blocked_glyph(const struct cell *c, uint64_t whole)
{
	if (c->in[PW_RUNNING] > 0)
		return c->in[PW_RUNNING] > whole / 8 ? GLYPH_PART : GLYPH_SLIVER;
	if (c->in[PW_READY] > whole / 8)
		return GLYPH_READY;
	return c->disk > c->in[PW_BLOCKED] / 2 ? GLYPH_DISK : GLYPH_BLOCKED;
}

static enum tv_glyph glyph_of(const struct cell *c, uint64_t eighth)
{
	static const enum tv_glyph claims[] = {GLYPH_ZOMBIE, GLYPH_STOPPED, GLYPH_DISK, GLYPH_UNKNOWN};
	static const enum tv_glyph longest[PW_STATE_COUNT] = {
		[PW_RUNNING] = GLYPH_RUN,     [PW_READY] = GLYPH_READY,	  [PW_BLOCKED] = GLYPH_BLOCKED,
		[PW_STOPPED] = GLYPH_STOPPED, [PW_ZOMBIE] = GLYPH_ZOMBIE, [PW_UNKNOWN] = GLYPH_UNKNOWN,
	};
	enum pw_state state = PW_RUNNING;
	uint64_t whole = 0;

	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++)
		if (c->claim[claims[i]])
			return claims[i];
	for (enum pw_state s = PW_RUNNING; s < PW_STATE_COUNT; s++) {
		whole += c->in[s];
		if (c->in[s] <= c->in[state] || (s == PW_READY && c->in[PW_RUNNING] > 0 && c->in[s] < eighth))
			continue;
		/* A zombie without a claim stands back behind whatever was before it: rule 4. */
		if (s != PW_ZOMBIE || c->in[state] == 0)
			state = s;
	}
	if (whole == 0)
		return GLYPH_NONE;
	return state == PW_BLOCKED ? blocked_glyph(c, whole) : longest[state];
}

static bool shows_run(const struct bar *bar, size_t columns)
{
	for (size_t c = 0; c < columns; c++)
		if (bar->cells[c] == GLYPH_RUN || bar->cells[c] == GLYPH_PART ||
		    bar->cells[c] == GLYPH_SLIVER)
			return true;
	return false;
}

/* A life that ran shows it somewhere, even if it was ready for longer in every cell. */
static void show_run(const struct tv *v, struct bar *bar, const struct cell *cells)
{
	size_t most = 0;

	if (shows_run(bar, v->bar_columns))
		return;
	for (size_t c = 1; c < v->bar_columns; c++)
		if (cells[c].in[PW_RUNNING] > cells[most].in[PW_RUNNING])
			most = c;
	if (cells[most].in[PW_RUNNING] > 0 && bar->cells[most] == GLYPH_READY)
		bar->cells[most] = GLYPH_SLIVER;
}

static void fill_cells(const struct tv *v, struct bar *bar, const struct cell *cells,
		       const struct tv_row *row)
{
	const struct pw_life *life = row->life;

	for (size_t c = 0; c < v->bar_columns; c++)
		bar->cells[c] = (unsigned char)glyph_of(&cells[c], eighth_of_cell(v));
	show_run(v, bar, cells);
	for (size_t c = 0; life->reap_bounded && c < v->bar_columns; c++)
		if (bar->cells[c] == GLYPH_ZOMBIE)
			bar->cells[c] = GLYPH_ZOMBIE_BOUND;
	for (bar->end = v->bar_columns; bar->end > 0 && bar->cells[bar->end - 1] == GLYPH_NONE; bar->end--)
		;
	if (bar->end == 0) { /* nothing of it lies in the window but a moment */
		bar->end = tv_cell_of(v, life->start) + 1;
		bar->cells[bar->end - 1] = life->zombie_from ? GLYPH_ZOMBIE : GLYPH_UNKNOWN;
	}
}

static bool is_rare(unsigned char glyph)
{
	return glyph == GLYPH_ZOMBIE || glyph == GLYPH_ZOMBIE_BOUND || glyph == GLYPH_STOPPED ||
	       glyph == GLYPH_DISK || glyph == GLYPH_UNKNOWN;
}

static size_t count_cells(const struct bar *bar)
{
	size_t n = 0;

	for (size_t c = 0; c < bar->end; c++)
		n += bar->cells[c] != GLYPH_NONE;
	return n;
}

/* Marks the cell of a moment, or the one after it: rule 5. TV_NONE: there was no place. */
static size_t mark(const struct tv *v, struct bar *bar, uint64_t at, enum tv_glyph glyph)
{
	const size_t cell = tv_cell_of(v, at);

	if (at < v->from || at > v->to || count_cells(bar) < 2)
		return TV_NONE;
	for (size_t c = cell; c < bar->end && c <= cell + 1; c++) {
		const unsigned char here = bar->cells[c];
		const bool repeated = (c > 0 && bar->cells[c - 1] == here) ||
				      (c + 1 < bar->end && bar->cells[c + 1] == here);

		if (here == GLYPH_ADOPTED || here == GLYPH_NONE || (is_rare(here) && !repeated))
			continue;
		bar->cells[c] = (unsigned char)glyph;
		return c;
	}
	return TV_NONE;
}

/*
 * "adopted by PID name" stands where it happened, when the cells there are all
 * blocked and some stay visible at both its ends: it then hides nothing.
 */
static void place_label(struct tv *v, struct bar *bar, size_t cell, const struct pw_parent *p)
{
	struct pw_text t = {0};
	size_t columns, c;

	pw_text_format(&t, " adopted by %u ", p->pid);
	tv_name(v, &t, p->comm);
	pw_text_add(&t, " ");
	columns = pw_utf8_columns(pw_text_get(&t));
	for (c = cell + 1; c < bar->end && bar->cells[c] == GLYPH_BLOCKED; c++)
		;
	v->failed |= t.failed;
	if (c < cell + 1 + columns + 2) {
		pw_text_free(&t);
		return;
	}
	bar->label = t;
	bar->label_at = cell + 1;
}

static void mark_events(struct tv *v, struct bar *bar, const struct pw_life *life)
{
	for (size_t i = 1; i < life->n_parents; i++) {
		const struct pw_parent *p = &life->parents[i];
		size_t cell;

		if (p->why != PW_BY_REPARENT || p->adopter == PW_ADOPTER_THREAD)
			continue;
		cell = mark(v, bar, p->from, GLYPH_ADOPTED);
		if (cell != TV_NONE && p == tv_adoption(life))
			place_label(v, bar, cell, p);
	}
	for (size_t i = 0; i < life->n_execs; i++) {
		const size_t cell = tv_cell_of(v, life->execs[i].at);

		if (!life->execs[i].at) /* before the recording */
			continue;
		/* Not on the label: it lies on blocked cells, and an exec runs. */
		if (!bar->label.length || cell < bar->label_at || cell > bar->label_at + bar->label.length)
			mark(v, bar, life->execs[i].at, GLYPH_EXEC);
	}
}

static bool gives_way(const struct bar *bar, size_t c)
{
	const unsigned char here = bar->cells[c];

	if (bar->label.length && c >= bar->label_at && c <= bar->label_at + bar->label.length)
		return false;
	if (here == GLYPH_BLOCKED || here == GLYPH_SLIVER || here == GLYPH_PART)
		return true;
	return c > 0 && c + 1 < bar->end && bar->cells[c - 1] == here && bar->cells[c + 1] == here;
}

static void mark_marks(const struct tv *v, struct bar *bar, const struct pw_life *life)
{
	if (count_cells(bar) < 2)
		return;
	for (const struct pw_thread *t = life->threads; t; t = t->next) {
		for (size_t i = 0; i < t->n_marks; i++) {
			const uint64_t at = t->marks[i].at;
			const size_t c = tv_cell_of(v, at);

			if (at >= v->from && at <= v->to && c < bar->end && gives_way(bar, c))
				bar->cells[c] = GLYPH_MARK;
		}
	}
}

size_t tv_bar_end(const struct tv *v, const struct tv_row *row, size_t columns)
{
	uint64_t end = pw_life_end(row->life);

	if (row->roots > 0 || row->rest)
		return columns + 1;
	end = end > v->from ? end - 1 : v->from;
	return cell_of(v, end, columns) + 1 + (row->life->reaped != PW_REAPED_NOT ? 1 : 0);
}

static void note_used(struct tv *v, const struct bar *bar)
{
	for (size_t c = 0; c < bar->end; c++)
		v->used[bar->cells[c]] = true;
}

int tv_bar_make(struct tv *v, struct bar *bar, const struct tv_row *row)
{
	struct cell *cells = calloc(v->bar_columns + 1, sizeof(*cells));
	int err = 0;

	*bar = (struct bar){.cells = calloc(v->bar_columns + 1, 1)};
	if (!cells || !bar->cells)
		err = -ENOMEM;
	for (size_t n = tv_row_next(v->tree, row, TV_NONE); n != TV_NONE && !err;
	     n = tv_row_next(v->tree, row, n))
		err = add_life(v, cells, pw_model_life(v->tree->model, n));
	if (!err) {
		fill_cells(v, bar, cells, row);
		if (row->roots == 0 && !row->rest) {
			mark_events(v, bar, row->life);
			mark_marks(v, bar, row->life);
			if (row->life->reaped != PW_REAPED_NOT)
				bar->cells[bar->end++] = GLYPH_REAPED;
		}
		note_used(v, bar);
	}
	free(cells);
	return err;
}

void tv_bar_free(struct bar *bar)
{
	free(bar->cells);
	pw_text_free(&bar->label);
}

void tv_bar_draw(const struct tv *v, struct pw_text *t, const struct bar *bar)
{
	enum tv_colour colour = COLOUR_PLAIN;

	for (size_t c = 0; c < bar->end; c++) {
		const enum tv_glyph glyph = (enum tv_glyph)bar->cells[c];
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
