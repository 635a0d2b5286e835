/* SPDX-License-Identifier: GPL-2.0-only */
/* How a report looks: what the user asked for, and otherwise what its destination can show. */
#ifndef PW_VIEW_H
#define PW_VIEW_H

#include <stdbool.h>

#include "report/report.h"
#include "util/lang.h"

struct pw_view_request {
	/* columns; 0: those of the terminal */
	unsigned int width;
	bool ascii;
	enum pw_language language;
	/* by --lang; otherwise language comes from the locale */
	bool language_asked;
	/* which processes, and in what order; the other members are not set */
	struct pw_view_options processes;
	enum { PW_COLOR_AUTO, PW_COLOR_ALWAYS, PW_COLOR_NEVER } color;
};

/* Whether text is limited to ASCII, and therefore to English. */
bool pw_view_is_ascii(const struct pw_view_request *request);
/* Fills view for a report that is written to the file descriptor fd. */
void pw_view_choose(const struct pw_view_request *request, int fd, struct pw_view_options *view);

#endif
