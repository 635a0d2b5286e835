/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every view gets: the model and the session of the recording, findings, view options.
 * A view reads them and writes to a stream; views do not know each other.
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
	/* columns; at least 40 */
	unsigned int width;
	/* false: the width is that of the terminal, or the default */
	bool width_asked;
	/* no character outside ASCII */
	bool ascii;
	/* ANSI colours */
	bool color;
	/* the window, ns since the recording began; 0: no bound */
	uint64_t since, until;
	enum pw_sort sort;
	/* at most so many processes, the first in that order; 0: all */
	size_t top;
	/* intervals in these states only, a bit each of enum pw_state; 0: all */
	unsigned int states;
	/* threads get rows too, where rows are for processes */
	bool threads;
};

struct pw_report {
	/* of the words; numbers, keys and names do not depend on it */
	enum pw_language language;
	const struct pw_session *session;
	const struct pw_model *model;
	const struct pw_findings *findings;
	/* NULL if the target was no demo */
	const struct pw_lesson *lesson;
	const struct pw_view_options *view;
};

#endif
