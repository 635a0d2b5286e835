// SPDX-License-Identifier: GPL-2.0-only
#include "report/html/columns.h"

#include <errno.h>
#include <stdlib.h>

static void put_number(FILE *out, uint64_t n)
{
	while (n >= 0x80) {
		putc((int)(n & 0x7f) | 0x80, out);
		n >>= 7;
	}
	putc((int)n, out);
}

static struct pw_kind kind_of(const struct pw_span *span)
{
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
	return a->state == b->state && a->detail == b->detail && a->syscall == b->syscall &&
	       a->has_cpu == b->has_cpu && a->has_by == b->has_by;
}

/* There are some dozen kinds, and the common ones come first: a search from the front is short. */
static int put_kind(FILE *out, struct pw_kinds *kinds, const struct pw_span *span)
{
	const struct pw_kind kind = kind_of(span);
	size_t i = 0;

	while (i < kinds->count && !same_kind(&kinds->at[i], &kind))
		i++;
	if (i == kinds->room) {
		const size_t room = kinds->room ? 2 * kinds->room : 32;
		struct pw_kind *at = realloc(kinds->at, room * sizeof(*at));

		if (!at)
			return -ENOMEM;
		kinds->at = at;
		kinds->room = room;
	}
	if (i == kinds->count)
		kinds->at[kinds->count++] = kind;
	put_number(out, i);
	return 0;
}

/* Small differences of either sign are small numbers: 0 -1 1 -2 become 0 1 2 3. */
static void put_waker(FILE *out, uint32_t by, int64_t *last)
{
	const int64_t waker = by == PW_IRQ_WAKER ? 0 : (int64_t)by + 1;
	const int64_t difference = waker - *last;

	*last = waker;
	put_number(out, difference < 0 ? ~((uint64_t)difference << 1) : (uint64_t)difference << 1);
}

static int put_thread(FILE *out, enum pw_column column, struct pw_kinds *kinds, const struct pw_thread *t,
		      int64_t *waker)
{
	struct pw_thread_iter it;
	struct pw_span span;
	int err = 0;

	pw_thread_iter_init(&it, t);
	while (!err && pw_thread_iter_next(&it, &span)) {
		if (column == PW_COLUMN_KIND)
			err = put_kind(out, kinds, &span);
		else if (column == PW_COLUMN_NS)
			put_number(out, span.to - span.from);
		else if (column == PW_COLUMN_CPU && kind_of(&span).has_cpu)
			put_number(out, span.cpu);
		else if (column == PW_COLUMN_BY && kind_of(&span).has_by)
			put_waker(out, span.by, waker);
	}
	return err;
}

int pw_column_write(enum pw_column column, struct pw_kinds *kinds, const struct pw_model *model, FILE *out)
{
	const size_t lives = pw_model_count(model);
	int64_t waker = 0;
	int err = 0;

	for (size_t i = 0; i < lives && !err && !ferror(out); i++) {
		const struct pw_thread *t = pw_model_life(model, i)->threads;

		for (; t && !err; t = t->next)
			err = put_thread(out, column, kinds, t, &waker);
	}
	return err;
}

void pw_kinds_free(struct pw_kinds *kinds)
{
	free(kinds->at);
	*kinds = (struct pw_kinds){0};
}
