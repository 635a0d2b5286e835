/* SPDX-License-Identifier: GPL-2.0-only */
/* How text shall look where it goes: what the user asked for, else what the place can show. */
#ifndef PW_VIEW_H
#define PW_VIEW_H

#include <stdbool.h>

#include "report/report.h"
#include "util/lang.h"

struct pw_view_request {
	unsigned int width; /* 0: the terminal's */
	bool ascii;
	enum pw_language language;
	bool language_asked; /* by --lang, not by the locale */
	struct pw_view_options processes; /* which, in what order: as the view has it; the rest is not set */
	enum { PW_COLOR_AUTO, PW_COLOR_ALWAYS, PW_COLOR_NEVER } color;
};

/* Whether text must do with ASCII: then it is English, too. */
bool pw_view_is_ascii(const struct pw_view_request *request);
/* fd is where the text goes. */
void pw_view_choose(const struct pw_view_request *request, int fd, struct pw_view_options *view);

#endif
