/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intervals by column. All threads of all processes in order, each with all its
 * intervals; a column is a string of numbers (LEB128, seven bits a byte):
 *
 *	kind	which of the page's kinds it is (state, detail, system call, and
 *		whether the CPU and the waker are known), of every interval
 *	ns	how long it lasted, of every interval
 *	cpu	where it ran, of those whose kind says so
 *	by	who woke it, of those whose kind says so: 0 an interrupt, else the
 *		tid plus one; as the zigzag difference to the one before
 *
 * Numbers of one sort deflate to a third of what rows would take.
 */
#ifndef PW_HTML_COLUMNS_H
#define PW_HTML_COLUMNS_H

#include <stdio.h>

#include "report/view_filter.h"

struct pw_kind {
	bool gone; /* nothing to show: before the next interval that was chosen */
	enum pw_state state;
	enum pw_detail detail;
	int syscall; /* blocked; -1: none or unknown */
	bool has_cpu, has_by;
};

struct pw_kinds {
	struct pw_kind *at;
	size_t count, room;
};

enum pw_column { PW_COLUMN_KIND, PW_COLUMN_NS, PW_COLUMN_CPU, PW_COLUMN_BY, PW_COLUMN_COUNT };

/* What a page has of a thread: the intervals chosen, cut to the window, and between them what is gone. */
struct pw_shown_iter {
	struct pw_thread_iter thread;
	const struct pw_view_filter *filter;
	struct pw_span ahead;
	bool has_ahead, ahead_gone;
};

struct pw_page {
	const struct pw_report *report;
	struct pw_view_filter filter;
	size_t *processes; /* the chosen ones, in order of birth */
};

void pw_shown_init(struct pw_shown_iter *it, const struct pw_view_filter *filter,
		   const struct pw_thread *thread);
/* False at the end. Spans are contiguous. */
bool pw_shown_next(struct pw_shown_iter *it, struct pw_span *span, bool *gone);

/* Writes one column; that of the kinds fills kinds. Returns 0 or -ENOMEM; out keeps its own errors. */
int pw_column_write(enum pw_column column, struct pw_kinds *kinds, const struct pw_page *page, FILE *out);
void pw_kinds_free(struct pw_kinds *kinds);

#endif
