/* SPDX-License-Identifier: GPL-2.0-only */
/* What of a recording the view options leave: which processes, in what order, and what of their intervals. */
#ifndef PW_VIEW_FILTER_H
#define PW_VIEW_FILTER_H

#include "report/report.h"
#include "util/text.h"

struct pw_view_filter {
	uint64_t from, to; /* absolute */
	unsigned int states; /* a bit each; 0: all */
	bool threads; /* rows for threads too, where rows are for processes */
	size_t *processes; /* indices in the model */
	size_t n_processes;
	size_t n_beyond_top; /* processes of the window that a --top left out */
};

/* Returns 0 or -ENOMEM; freed with pw_view_filter_free either way. */
int pw_view_filter_make(struct pw_view_filter *c, const struct pw_report *r);
void pw_view_filter_free(struct pw_view_filter *c);
/* Cuts a span to what is chosen; false: nothing of it is. */
bool pw_view_filter_cut(const struct pw_view_filter *c, struct pw_span *span);
/* Whether it is everything, in the model's own order. */
bool pw_view_filter_is_all(const struct pw_view_filter *c, const struct pw_report *r);
/*
 * The chosen processes in order of birth, parents before children; malloced, NULL when
 * memory is short. What lists processes in the order chosen needs no copy.
 */
size_t *pw_view_filter_by_birth(const struct pw_view_filter *c);
/*
 * Appends what the filter leaves: "60 ms to 90 ms; the first 3 of 12 processes by cpu;
 * running, zombie". Nothing when it leaves all.
 */
void pw_view_filter_describe(const struct pw_view_filter *c, const struct pw_report *r, struct pw_text *t);
/* "start", "pid", ...: as the option has it. */
const char *pw_sort_name(enum pw_sort sort);

#endif
