/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The intervals by column: for each process in order of birth and each of its threads,
 * all intervals in order. A column is a string of LEB128 numbers (seven bits a byte):
 *
 *	kind	the index of the interval's kind in the document: its state, detail and
 *		system call, and whether its CPU and its waker are known
 *	ns	the interval's duration
 *	cpu	the CPU, only of intervals whose kind has one
 *	by	the waker, only of intervals whose kind has one: 0 for an interrupt,
 *		else the tid plus one; as the zigzag difference to the previous one
 *
 * Columns deflate to a third of what rows would take.
 */
#ifndef PW_HTML_COLUMNS_H
#define PW_HTML_COLUMNS_H

#include <stdio.h>

#include "report/view_filter.h"

struct pw_kind {
	/* The view leaves this stretch out. */
	bool gone;
	enum pw_state state;
	enum pw_detail detail;
	/* In which a blocked thread waits; -1: none or unknown. */
	int syscall;
	bool has_cpu, has_by;
};

struct pw_kinds {
	struct pw_kind *at;
	size_t count, room;
};

enum pw_column { PW_COLUMN_KIND, PW_COLUMN_NS, PW_COLUMN_CPU, PW_COLUMN_BY, PW_COLUMN_COUNT };

/*
 * Iterates over a thread's intervals in the page, cut to the window. Neighbours that the
 * view leaves out are joined.
 */
struct pw_shown_iter {
	struct pw_thread_iter thread;
	const struct pw_view_filter *filter;
	struct pw_span ahead;
	bool has_ahead, ahead_gone;
};

struct pw_page {
	const struct pw_report *report;
	struct pw_view_filter filter;
	/* The selected processes, as indexes into the model in order of birth. Owned. */
	size_t *processes;
};

void pw_shown_init(struct pw_shown_iter *it, const struct pw_view_filter *filter,
		   const struct pw_thread *thread);
/* False at the end. Spans are contiguous. gone: the view leaves the span out. */
bool pw_shown_next(struct pw_shown_iter *it, struct pw_span *span, bool *gone);

/* Writes one column; PW_COLUMN_KIND also fills kinds. Returns 0 or -ENOMEM; errors of out stay in out. */
int pw_column_write(enum pw_column column, struct pw_kinds *kinds, const struct pw_page *page, FILE *out);
void pw_kinds_free(struct pw_kinds *kinds);

#endif
