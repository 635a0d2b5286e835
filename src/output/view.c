/* SPDX-License-Identifier: GPL-2.0-only */
#include "output/view.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/parse.h"

#define LEAST_COLUMNS 40
#define MOST_COLUMNS  10000
/* in a file or a pipe */
#define DEFAULT_COLUMNS 100

/* COLUMNS overrides the size of the terminal, as it does for ls and ps. */
static unsigned int find_width(int fd)
{
	const char *variable = getenv("COLUMNS");
	struct winsize size;
	long columns;

	if (!variable || pw_parse_number(variable, 1, MOST_COLUMNS, &columns)) {
		columns = DEFAULT_COLUMNS;
		if (!ioctl(fd, TIOCGWINSZ, &size) && size.ws_col)
			columns = size.ws_col;
	}
	return columns < LEAST_COLUMNS ? LEAST_COLUMNS : (unsigned int)columns;
}

static bool shows_color(int fd)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	return isatty(fd) && term && *term && strcmp(term, "dumb") != 0 && !(no_color && *no_color);
}

/*
 * A user who asks for Chinese with --lang has a terminal that shows it, even if the locale says
 * otherwise: sudo often drops the locale.
 */
bool pw_view_is_ascii(const struct pw_view_request *request)
{
	return request->ascii ||
	       !(pw_lang_is_utf8() || (request->language_asked && request->language != PW_ENGLISH));
}

void pw_view_choose(const struct pw_view_request *request, int fd, struct pw_view_options *view)
{
	*view = request->processes;
	view->width = request->width ? request->width : find_width(fd);
	view->width_asked = request->width != 0;
	view->ascii = pw_view_is_ascii(request);
	view->color = request->color == PW_COLOR_ALWAYS ||
		      (request->color == PW_COLOR_AUTO && shows_color(fd));
}
