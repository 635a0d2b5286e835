/* SPDX-License-Identifier: GPL-2.0-only */
/* What the view options leave of a recording: which processes, in what order, which of their intervals. */
#ifndef PW_VIEW_FILTER_H
#define PW_VIEW_FILTER_H

#include "report/report.h"
#include "util/text.h"

struct pw_view_filter {
	/* the window, ns, on the clock of the recording */
	uint64_t from, to;
	/* a bit each of enum pw_state; 0: all */
	unsigned int states;
	/* threads get rows too, where rows are for processes */
	bool threads;
	/* indices in the model, in the order asked for */
	size_t *processes;
	size_t n_processes;
	/* processes of the window that --top left out */
	size_t n_beyond_top;
};

/* Returns 0 or -ENOMEM; free with pw_view_filter_free either way. */
int pw_view_filter_make(struct pw_view_filter *c, const struct pw_report *r);
void pw_view_filter_free(struct pw_view_filter *c);
/* Cuts a span to the window. False: it lies outside, or its state is not asked for. */
bool pw_view_filter_cut(const struct pw_view_filter *c, struct pw_span *span);
/* True if the filter leaves everything, in the model's own order. */
bool pw_view_filter_is_all(const struct pw_view_filter *c, const struct pw_report *r);
/*
 * The chosen processes in order of birth, parents before children: malloced, for the caller to free; NULL
 * if memory ran out. Views that list processes in the order asked for use `processes` itself.
 */
size_t *pw_view_filter_by_birth(const struct pw_view_filter *c);
/*
 * Appends what the filter leaves, in the language of the report: "60 ms to 90 ms; the first 3 of 12
 * processes by cpu; running, zombie". Appends nothing if it leaves everything.
 */
void pw_view_filter_describe(const struct pw_view_filter *c, const struct pw_report *r, struct pw_text *t);
/* "start", "pid", ...: the word that --sort takes. */
const char *pw_sort_name(enum pw_sort sort);

#endif
