/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a cell shows. A process may have been in many states during the stretch of time
 * that one cell covers, and the longest of them is not always the one to show:
 *
 * 1. A rare state (zombie before stopped before uninterruptible before unknown) takes
 *    the cell that its interval lies in if the interval fills no cell of its own. A
 *    zombie and an uninterruptible interval do so only from an eighth of a cell or
 *    10 ms on, since shorter ones are ordinary: every process is a zombie for a
 *    moment. A stop by a signal and an unknown interval do so however short.
 * 2. Any other cell shows its longest state; but running wins over ready for less than
 *    an eighth of a cell, and a process that ran shows it in at least one cell.
 * 3. In a blocked cell, the time on a CPU stays visible as a low block, a higher one
 *    from an eighth on: a process that wakes up for 20 µs every 10 ms must not look
 *    like one that never runs.
 * 4. The cell in which a longer zombie interval begins shows the state before it,
 *    which may be all that the process ever did.
 */
#include "report/plot/cells.h"

#include <errno.h>
#include <stdlib.h>

#include "model/questions.h"

/* Rule 1: a zombie or uninterruptible interval of this length takes its cell. */
#define ALWAYS_SHOWN_NS UINT64_C(10000000)

/* What happened in the time of one cell, ns. */
struct cell {
	uint64_t in[PW_STATE_COUNT];
	/* the uninterruptible part of blocked */
	uint64_t disk;
	/* the rare states that take the cell by rule 1 */
	bool taken[PW_SIGN_COUNT];
};

size_t pw_cell_among(const struct pw_plot *p, uint64_t at, size_t cells)
{
	const uint64_t span = p->to - p->from;
	uint64_t cell;

	if (at <= p->from)
		return 0;
	if (at >= p->to)
		return cells - 1;
	/* The product of a span of years and the cells does not fit 64 bits: divide first. */
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

/* The cells of a row while spans are added to them. */
struct filling {
	const struct pw_plot *p;
	struct cell *cells;
	/*
	 * The cell that the last span ended in, which is the one that lies strictly between the two
	 * moments. Most spans lie in it too, and finding their cell needs no division then.
	 */
	size_t at;
	uint64_t begin, end;
};

/* Moves to the cell of a moment. */
static void go_to(struct filling *f, uint64_t at)
{
	const struct pw_plot *p = f->p;

	if (at > f->begin && at < f->end)
		return;
	f->at = pw_cell_of(p, at);
	f->begin = cell_start(p, f->at);
	f->end = cell_start(p, f->at + 1);
	/* Where pw_cell_among divides first, it rounds otherwise than cell_start: do not rely on the borders. */
	if (p->to - p->from > UINT64_MAX / (p->cells + 1))
		f->begin = f->end;
}

/* The cells that a span lies in. */
struct cell_range {
	size_t first, last;
};

/* True if a span that lies in these cells takes cell c by rule 1. */
static bool takes_cell(const struct pw_plot *p, const struct pw_span *s, size_t c, struct cell_range cells)
{
	switch (rare_sign(s)) {
	case PW_SIGN_NONE:
		return false;
	case PW_SIGN_ZOMBIE: /* rule 4: not the cell that a longer one begins in */
		return c > cells.first || cells.last == cells.first;
	case PW_SIGN_DISK:
		return is_long(p, s) && cells.last <= cells.first + 1;
	default: /* a longer one fills a cell of its own */
		return cells.last <= cells.first + 1;
	}
}

/* Adds ns of a span to cell c, one of the cells that the span lies in. */
static void add_to_cell(struct filling *f, size_t c, const struct pw_span *s, uint64_t ns,
			struct cell_range cells)
{
	struct cell *cell = &f->cells[c];

	cell->in[s->state] += ns;
	if (rare_sign(s) == PW_SIGN_DISK)
		cell->disk += ns;
	if (takes_cell(f->p, s, c, cells))
		cell->taken[rare_sign(s)] = true;
}

/* Adds a span to all cells that it lies in. A short zombie interval shows nowhere. */
static void add_span(struct filling *f, const struct pw_span *s)
{
	const struct pw_plot *p = f->p;
	const uint64_t from = s->from > p->from ? s->from : p->from;
	const uint64_t to = s->to < p->to ? s->to : p->to;
	struct cell_range cells;

	if (from >= to || (s->state == PW_ZOMBIE && !is_long(p, s)))
		return;
	go_to(f, from);
	cells.first = cells.last = f->at;
	if (from > f->begin && to <= f->end) {
		add_to_cell(f, f->at, s, to - from, cells);
		return;
	}
	go_to(f, to - 1);
	cells.last = f->at;
	/* One cell more: rounding may put the end of the span there. */
	for (size_t c = cells.first; c <= cells.last + 1 && c < p->cells; c++) {
		const uint64_t begin = cell_start(p, c), end = cell_start(p, c + 1);
		const uint64_t a = from > begin ? from : begin, b = to < end ? to : end;

		if (a < b)
			add_to_cell(f, c, s, b - a, cells);
	}
}

/* Adds what the view options leave of a span. */
static void add_shown(struct filling *f, struct pw_span *s)
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
		add_shown(f, &s);
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
			add_shown(f, &s);
	}
}

static int add_row(const struct pw_plot *p, struct cell *cells, const struct pw_row *row)
{
	struct filling f = {.p = p, .cells = cells};

	if (row->threads) {
		add_threads(&f, row);
		return 0;
	}
	for (size_t n = pw_row_next(&p->tree, row, PW_NO_NODE); n != PW_NO_NODE;
	     n = pw_row_next(&p->tree, row, n)) {
		const int err = add_process(&f, pw_model_process(p->tree.model, n));

		if (err)
			return err;
	}
	return 0;
}

/* Rule 3. */
static enum pw_sign blocked_sign(const struct cell *c, uint64_t whole)
{
	if (c->in[PW_RUNNING] > 0)
		return c->in[PW_RUNNING] > whole / 8 ? PW_SIGN_PART : PW_SIGN_SLIVER;
	if (c->in[PW_READY] > whole / 8)
		return PW_SIGN_READY;
	return c->disk > c->in[PW_BLOCKED] / 2 ? PW_SIGN_DISK : PW_SIGN_BLOCKED;
}

/* The longest state of a cell, by rules 2 and 4. */
static enum pw_state longest_state(const struct cell *c, uint64_t eighth)
{
	enum pw_state longest = PW_RUNNING;

	for (enum pw_state s = PW_RUNNING; s < PW_STATE_COUNT; s++) {
		if (c->in[s] <= c->in[longest])
			continue;
		if (s == PW_READY && c->in[PW_RUNNING] > 0 && c->in[s] < eighth)
			continue;
		/* A zombie that did not take the cell gives way to any state before it. */
		if (s == PW_ZOMBIE && c->in[longest] > 0)
			continue;
		longest = s;
	}
	return longest;
}

static enum pw_sign sign_of(const struct cell *c, uint64_t eighth)
{
	static const enum pw_sign rare[] = {PW_SIGN_ZOMBIE, PW_SIGN_STOPPED, PW_SIGN_DISK, PW_SIGN_UNKNOWN};
	static const enum pw_sign signs[PW_STATE_COUNT] = {
		[PW_RUNNING] = PW_SIGN_RUN,	[PW_READY] = PW_SIGN_READY,   [PW_BLOCKED] = PW_SIGN_BLOCKED,
		[PW_STOPPED] = PW_SIGN_STOPPED, [PW_ZOMBIE] = PW_SIGN_ZOMBIE, [PW_UNKNOWN] = PW_SIGN_UNKNOWN,
	};
	const enum pw_state state = longest_state(c, eighth);
	uint64_t whole = 0;

	for (size_t i = 0; i < sizeof(rare) / sizeof(rare[0]); i++)
		if (c->taken[rare[i]])
			return rare[i];
	for (enum pw_state s = PW_RUNNING; s < PW_STATE_COUNT; s++)
		whole += c->in[s];
	if (whole == 0)
		return PW_SIGN_NONE;
	return state == PW_BLOCKED ? blocked_sign(c, whole) : signs[state];
}

static bool shows_run(const struct pw_cells *bar, size_t cells)
{
	for (size_t c = 0; c < cells; c++)
		if (bar->sign[c] == PW_SIGN_RUN || bar->sign[c] == PW_SIGN_PART ||
		    bar->sign[c] == PW_SIGN_SLIVER)
			return true;
	return false;
}

/* Rule 2: a process that ran shows it, even if it was ready for longer in every cell. */
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

/* The part of a cell on a CPU, in eighths, rounded up. */
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

/* Sets the end of a bar that no interval fills, or fills only in part. */
static void complete(const struct pw_plot *p, struct pw_cells *bar, const struct pw_row *row)
{
	const uint64_t end = row->threads ? row->thread->end : pw_process_end(row->process);

	if (p->filter.states) {
		/* States that the view options leave out are empty; the process lasts as long as before. */
		bar->end = pw_cell_of(p, end > p->from ? end - 1 : p->from) + 1;
		return;
	}
	if (bar->end > 0 || end < p->from)
		return;
	/* Only a moment of the process lies in the window, too short for an interval. */
	bar->end = pw_cell_of(p, row->threads ? row->thread->start : row->process->start) + 1;
	if (!row->threads && row->process->zombie_from)
		bar->sign[bar->end - 1] = PW_SIGN_ZOMBIE;
	else
		bar->sign[bar->end - 1] = PW_SIGN_UNKNOWN;
}

int pw_cells_make(const struct pw_plot *p, struct pw_cells *bar, const struct pw_row *row)
{
	struct cell *cells;
	int err;

	*bar = (struct pw_cells){.sign = calloc(p->cells + 1, 1), .ran = calloc(p->cells + 1, 1)};
	if (!bar->sign || !bar->ran)
		return -ENOMEM;
	cells = calloc(p->cells + 1, sizeof(*cells));
	if (!cells)
		return -ENOMEM;
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
