/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/html/columns.h"

#include <stdlib.h>

#include "util/array.h"

static void put_number(FILE *out, uint64_t n)
{
	while (n >= 0x80) {
		putc_unlocked((int)(n & 0x7f) | 0x80, out);
		n >>= 7;
	}
	putc_unlocked((int)n, out);
}

/* Finds the next interval that overlaps the window, cut to it. gone: the view leaves its state out. */
static bool fetch(struct pw_shown_iter *it, struct pw_span *span, bool *gone)
{
	const struct pw_view_filter *c = it->filter;

	while (pw_thread_iter_next(&it->thread, span)) {
		*gone = c->states && !(c->states >> span->state & 1);
		span->from = span->from > c->from ? span->from : c->from;
		span->to = span->to < c->to ? span->to : c->to;
		if (span->to > span->from)
			return true;
	}
	return false;
}

void pw_shown_init(struct pw_shown_iter *it, const struct pw_view_filter *filter,
		   const struct pw_thread *thread)
{
	*it = (struct pw_shown_iter){.filter = filter};
	pw_thread_iter_init(&it->thread, thread);
	it->has_ahead = fetch(it, &it->ahead, &it->ahead_gone);
}

bool pw_shown_next(struct pw_shown_iter *it, struct pw_span *span, bool *gone)
{
	if (!it->has_ahead)
		return false;
	*span = it->ahead;
	*gone = it->ahead_gone;
	it->has_ahead = fetch(it, &it->ahead, &it->ahead_gone);
	while (*gone && it->has_ahead && it->ahead_gone) {
		span->to = it->ahead.to;
		it->has_ahead = fetch(it, &it->ahead, &it->ahead_gone);
	}
	return true;
}

static struct pw_kind kind_of(const struct pw_span *span, bool gone)
{
	if (gone)
		return (struct pw_kind){.gone = true, .syscall = -1};
	return (struct pw_kind){
		.state = span->state,
		.detail = span->detail,
		.syscall = span->state == PW_BLOCKED ? span->syscall : -1,
		.has_cpu = span->state == PW_RUNNING && span->cpu != PW_NO_CPU,
		.has_by = span->by != PW_NO_WAKER,
	};
}

static bool same_kind(const struct pw_kind *a, const struct pw_kind *b)
{
	return a->gone == b->gone && a->state == b->state && a->detail == b->detail &&
	       a->syscall == b->syscall && a->has_cpu == b->has_cpu && a->has_by == b->has_by;
}

/* A linear search is short: there are some dozen kinds, and the frequent ones come first. */
static int put_kind(FILE *out, struct pw_kinds *kinds, struct pw_kind kind)
{
	size_t i = 0;

	while (i < kinds->count && !same_kind(&kinds->at[i], &kind))
		i++;
	if (i == kinds->count) {
		const int err = pw_array_reserve(&kinds->at, &kinds->room, i + 1, sizeof(*kinds->at));

		if (err)
			return err;
		kinds->at[kinds->count++] = kind;
	}
	put_number(out, i);
	return 0;
}

/* Zigzag keeps small differences of both signs small: 0 -1 1 -2 become 0 1 2 3. */
static void put_waker(FILE *out, uint32_t by, int64_t *last)
{
	const int64_t waker = by == PW_IRQ_WAKER ? 0 : (int64_t)by + 1;
	const int64_t difference = waker - *last;

	*last = waker;
	put_number(out, difference < 0 ? ~((uint64_t)difference << 1) : (uint64_t)difference << 1);
}

static int put_thread(FILE *out, enum pw_column column, struct pw_kinds *kinds, struct pw_shown_iter *it,
		      int64_t *waker)
{
	struct pw_span span;
	bool gone;

	while (pw_shown_next(it, &span, &gone)) {
		const struct pw_kind kind = kind_of(&span, gone);

		if (column == PW_COLUMN_KIND) {
			const int err = put_kind(out, kinds, kind);

			if (err)
				return err;
		} else if (column == PW_COLUMN_NS) {
			put_number(out, span.to - span.from);
		} else if (column == PW_COLUMN_CPU && kind.has_cpu) {
			put_number(out, span.cpu);
		} else if (column == PW_COLUMN_BY && kind.has_by) {
			put_waker(out, span.by, waker);
		}
	}
	return 0;
}

int pw_column_write(enum pw_column column, struct pw_kinds *kinds, const struct pw_page *page, FILE *out)
{
	int64_t waker = 0;

	for (size_t i = 0; i < page->filter.n_processes && !ferror(out); i++) {
		const struct pw_thread *t =
			pw_model_process(page->report->model, page->processes[i])->threads;

		for (; t; t = t->next) {
			struct pw_shown_iter it;
			int err;

			pw_shown_init(&it, &page->filter, t);
			err = put_thread(out, column, kinds, &it, &waker);
			if (err)
				return err;
		}
	}
	return 0;
}

void pw_kinds_free(struct pw_kinds *kinds)
{
	free(kinds->at);
	*kinds = (struct pw_kinds){0};
}
