// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a cell shows. A cell is a stretch of time in which a process may have been
 * in many states, and the longest of them is not always the one to see:
 *
 * 1. An interval of a rare state that fills no cell of its own claims the cell
 *    it lies in: zombie before stopped before uninterruptible before unknown.
 *    A zombie and D must have lasted an eighth of a cell or 10 ms for that:
 *    shorter ones are ordinary, every process has been a zombie for a moment. A
 *    stop by a signal and what is unknown claim their cell however short.
 * 2. Else a cell shows the longest of its states; ready for less than an eighth
 *    of a cell stands back behind running, and a process that ran shows it in one
 *    cell at least.
 * 3. But in a blocked cell the time on a CPU stays visible as a low block,
 *    higher from an eighth on: a process that wakes up for 20 µs every 10 ms
 *    does not look like one that never runs.
 * 4. The cell in which a longer zombie interval begins belongs to what was
 *    before: it may be all there ever was of the process.
 */
#include "report/plot/cells.h"

#include <errno.h>
#include <stdlib.h>

#include "model/questions.h"

#define ALWAYS_SHOWN_NS UINT64_C(10000000)

struct cell { /* ns */
	uint64_t in[PW_STATE_COUNT];
	uint64_t disk; /* the uninterruptible part of blocked */
	bool claim[PW_SIGN_COUNT]; /* rule 1 */
};

size_t pw_cell_among(const struct pw_plot *p, uint64_t at, size_t cells)
{
	const uint64_t span = p->to - p->from;
	uint64_t cell;

	if (at <= p->from)
		return 0;
	if (at >= p->to)
		return cells - 1;
	/* Years of nanoseconds times the cells would not fit: divide first then. */
	if (span > UINT64_MAX / (cells + 1))
		cell = (at - p->from) / (span / cells);
	else
		cell = (at - p->from) * cells / span;
	return cell < cells ? (size_t)cell : cells - 1;
}

size_t pw_cell_of(const struct pw_plot *p, uint64_t at)
{
	return pw_cell_among(p, at, p->cells);
}

static uint64_t cell_start(const struct pw_plot *p, size_t cell)
{
	const uint64_t span = p->to - p->from, cells = p->cells;

	return p->from + span / cells * cell + span % cells * cell / cells;
}

/* The sign of a rare state; PW_SIGN_NONE for the others. */
static enum pw_sign rare_sign(const struct pw_span *s)
{
	switch (s->state) {
	case PW_ZOMBIE:
		return PW_SIGN_ZOMBIE;
	case PW_STOPPED:
		return s->detail == PW_TRACED ? PW_SIGN_NONE : PW_SIGN_STOPPED;
	case PW_BLOCKED:
		return s->detail == PW_UNINTERRUPTIBLE ? PW_SIGN_DISK : PW_SIGN_NONE;
	case PW_UNKNOWN:
		return PW_SIGN_UNKNOWN;
	default:
		return PW_SIGN_NONE;
	}
}

static uint64_t eighth_of_cell(const struct pw_plot *p)
{
	return (p->to - p->from) / p->cells / 8;
}

static bool is_long(const struct pw_plot *p, const struct pw_span *s)
{
	return s->to - s->from >= ALWAYS_SHOWN_NS || s->to - s->from > eighth_of_cell(p);
}

/* The cells of a row while spans fill them. */
struct filling {
	const struct pw_plot *p;
	struct cell *cells;
	/* The cell the last span ended in: most spans lie in the one of the span before, and need no division. */
	size_t at;
	uint64_t after, end; /* it holds what is after the one and before the other */
};

static void go_to(struct filling *f, uint64_t at)
{
	const struct pw_plot *p = f->p;

	if (at > f->after && at < f->end)
		return;
	f->at = pw_cell_of(p, at);
	f->after = cell_start(p, f->at);
	f->end = cell_start(p, f->at + 1);
	if (p->to - p->from > UINT64_MAX / (p->cells + 1)) /* pw_cell_among is not as exact then */
		f->after = f->end;
}

/* Books a stretch of a span into one of the cells first to last that it lies in. */
static void book(struct filling *f, size_t c, const struct pw_span *s, uint64_t ns, size_t first, size_t last)
{
	const enum pw_sign rare = rare_sign(s);
	struct cell *cell = &f->cells[c];

	if (rare == PW_SIGN_ZOMBIE)
		cell->claim[rare] |= c > first || last == first; /* rule 4 */
	else if (rare != PW_SIGN_NONE)
		cell->claim[rare] |= (rare != PW_SIGN_DISK || is_long(f->p, s)) && last < first + 2;
	cell->in[s->state] += ns;
	cell->disk += rare == PW_SIGN_DISK ? ns : 0;
}

static void add_span(struct filling *f, const struct pw_span *s)
{
	const struct pw_plot *p = f->p;
	const uint64_t from = s->from > p->from ? s->from : p->from;
	const uint64_t to = s->to < p->to ? s->to : p->to;
	size_t first;

	if (from >= to || (s->state == PW_ZOMBIE && !is_long(p, s)))
		return;
	go_to(f, from);
	first = f->at;
	if (from > f->after && to <= f->end) {
		book(f, first, s, to - from, first, first);
		return;
	}
	go_to(f, to - 1);
	for (size_t c = first; c <= f->at + 1 && c < p->cells; c++) {
		const uint64_t begin = cell_start(p, c), end = cell_start(p, c + 1);
		const uint64_t a = from > begin ? from : begin, b = to < end ? to : end;

		if (a < b)
			book(f, c, s, b - a, first, f->at);
	}
}

static void add_chosen(struct filling *f, struct pw_span *s)
{
	if (pw_view_filter_cut(&f->p->filter, s))
		add_span(f, s);
}

static int add_process(struct filling *f, const struct pw_process *process)
{
	struct pw_process_iter *it = pw_process_iter_new(process);
	struct pw_span s;

	if (!it)
		return -ENOMEM;
	while (pw_process_iter_next(it, &s))
		add_chosen(f, &s);
	pw_process_iter_free(it);
	return 0;
}

static void add_threads(struct filling *f, const struct pw_row *row)
{
	const struct pw_thread *t = row->thread;

	for (size_t i = 0; i < row->threads; i++, t = t->next) {
		struct pw_thread_iter it;
		struct pw_span s;

		pw_thread_iter_init(&it, t);
		while (pw_thread_iter_next(&it, &s))
			add_chosen(f, &s);
	}
}

static int add_row(const struct pw_plot *p, struct cell *cells, const struct pw_row *row)
{
	struct filling f = {.p = p, .cells = cells};
	int err = 0;

	if (row->threads) {
		add_threads(&f, row);
		return 0;
	}
	for (size_t n = pw_row_next(&p->tree, row, PW_NO_NODE); n != PW_NO_NODE && !err;
	     n = pw_row_next(&p->tree, row, n))
		err = add_process(&f, pw_model_process(p->tree.model, n));
	return err;
}

static enum pw_sign blocked_sign(const struct cell *c, uint64_t whole)
{
	if (c->in[PW_RUNNING] > 0)
		return c->in[PW_RUNNING] > whole / 8 ? PW_SIGN_PART : PW_SIGN_SLIVER;
	if (c->in[PW_READY] > whole / 8)
		return PW_SIGN_READY;
	return c->disk > c->in[PW_BLOCKED] / 2 ? PW_SIGN_DISK : PW_SIGN_BLOCKED;
}

static enum pw_sign sign_of(const struct cell *c, uint64_t eighth)
{
	static const enum pw_sign claims[] = {PW_SIGN_ZOMBIE, PW_SIGN_STOPPED, PW_SIGN_DISK, PW_SIGN_UNKNOWN};
	static const enum pw_sign longest[PW_STATE_COUNT] = {
		[PW_RUNNING] = PW_SIGN_RUN,	[PW_READY] = PW_SIGN_READY,   [PW_BLOCKED] = PW_SIGN_BLOCKED,
		[PW_STOPPED] = PW_SIGN_STOPPED, [PW_ZOMBIE] = PW_SIGN_ZOMBIE, [PW_UNKNOWN] = PW_SIGN_UNKNOWN,
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
		return PW_SIGN_NONE;
	return state == PW_BLOCKED ? blocked_sign(c, whole) : longest[state];
}

static bool shows_run(const struct pw_cells *bar, size_t cells)
{
	for (size_t c = 0; c < cells; c++)
		if (bar->sign[c] == PW_SIGN_RUN || bar->sign[c] == PW_SIGN_PART ||
		    bar->sign[c] == PW_SIGN_SLIVER)
			return true;
	return false;
}

/* A process that ran shows it somewhere, even if it was ready for longer in every cell. */
static void show_run(const struct pw_plot *p, struct pw_cells *bar, const struct cell *cells)
{
	size_t most = 0;

	if (shows_run(bar, p->cells))
		return;
	for (size_t c = 1; c < p->cells; c++)
		if (cells[c].in[PW_RUNNING] > cells[most].in[PW_RUNNING])
			most = c;
	if (cells[most].in[PW_RUNNING] > 0 && bar->sign[most] == PW_SIGN_READY)
		bar->sign[most] = PW_SIGN_SLIVER;
}

static unsigned char eighths_run(const struct cell *c)
{
	const double run = (double)c->in[PW_RUNNING];
	double whole = 0;

	for (enum pw_state s = PW_RUNNING; s < PW_STATE_COUNT; s++)
		whole += (double)c->in[s];
	return whole > 0 && run > 0 ? (unsigned char)(1 + 7 * run / whole) : 0;
}

static void fill(const struct pw_plot *p, struct pw_cells *bar, const struct cell *cells,
		 const struct pw_row *row)
{
	const bool bounded = row->process->reap_bounded && !row->threads;

	for (size_t c = 0; c < p->cells; c++) {
		bar->sign[c] = (unsigned char)sign_of(&cells[c], eighth_of_cell(p));
		bar->ran[c] = eighths_run(&cells[c]);
	}
	show_run(p, bar, cells);
	for (size_t c = 0; bounded && c < p->cells; c++)
		if (bar->sign[c] == PW_SIGN_ZOMBIE)
			bar->sign[c] = PW_SIGN_ZOMBIE_BOUND;
	bar->end = p->cells;
	while (bar->end > 0 && bar->sign[bar->end - 1] == PW_SIGN_NONE)
		bar->end--;
}

/* A bar that no interval filled, or not to its end. */
static void complete(const struct pw_plot *p, struct pw_cells *bar, const struct pw_row *row)
{
	const uint64_t end = row->threads ? row->thread->end : pw_process_end(row->process);

	if (p->filter.states) { /* what was left out is empty, and the process is as long as it was */
		bar->end = pw_cell_of(p, end > p->from ? end - 1 : p->from) + 1;
	} else if (bar->end == 0 && end >= p->from) { /* only a moment of it lies in the window */
		bar->end = pw_cell_of(p, row->threads ? row->thread->start : row->process->start) + 1;
		bar->sign[bar->end - 1] = !row->threads && row->process->zombie_from ? PW_SIGN_ZOMBIE
										     : PW_SIGN_UNKNOWN;
	}
}

int pw_cells_make(const struct pw_plot *p, struct pw_cells *bar, const struct pw_row *row)
{
	struct cell *cells = calloc(p->cells + 1, sizeof(*cells));
	int err = -ENOMEM;

	*bar = (struct pw_cells){.sign = calloc(p->cells + 1, 1), .ran = calloc(p->cells + 1, 1)};
	if (cells && bar->sign && bar->ran)
		err = add_row(p, cells, row);
	if (!err) {
		fill(p, bar, cells, row);
		complete(p, bar, row);
	}
	free(cells);
	return err;
}

void pw_cells_free(struct pw_cells *bar)
{
	free(bar->sign);
	free(bar->ran);
	*bar = (struct pw_cells){0};
}
