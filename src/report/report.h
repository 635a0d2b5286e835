/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every view is given: the model, and what is known about the recording.
 *
 * A view reads these and writes to a stream; it never reads another view.
 */
#ifndef PW_REPORT_H
#define PW_REPORT_H

#include "model/model.h"
#include "report/formats.h"
#include "shared/session.h"
#include "util/lang.h"

struct pw_findings;
struct pw_lesson;

enum pw_sort { PW_SORT_TREE, PW_SORT_START, PW_SORT_PID, PW_SORT_NAME, PW_SORT_CPU, PW_SORT_ZOMBIE };

struct pw_view_options {
	unsigned int width; /* columns; at least 40 */
	bool width_asked; /* false: it is that of the terminal, or a default */
	bool ascii; /* no character outside ASCII */
	bool color; /* ANSI colours */
	/* Which processes and intervals; times are since the window's begin, 0: no bound. */
	uint64_t since, until;
	enum pw_sort sort;
	size_t top; /* so many processes, the first in this order; 0: all */
	unsigned int states; /* only intervals in these: a bit each of enum pw_state; 0: all */
	bool threads; /* rows for threads too, where rows are for processes */
};

struct pw_report {
	/* Of the words; numbers, keys and names are the same in all. */
	enum pw_language language;
	const struct pw_session *session;
	const struct pw_model *model;
	const struct pw_findings *findings;
	const struct pw_lesson *lesson; /* NULL when the target was no demo */
	const struct pw_view_options *view;
};

#endif
