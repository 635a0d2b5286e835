/* SPDX-License-Identifier: GPL-2.0-only */
#include "output/view.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/parse.h"

#define LEAST_COLUMNS	40
#define MOST_COLUMNS	10000
#define DEFAULT_COLUMNS 100 /* in a file or a pipe */

/* As elsewhere, COLUMNS overrides the terminal. */
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

/* Who asks for Chinese by name has a terminal that shows it; under sudo the locale is often lost. */
bool pw_view_is_ascii(const struct pw_view_wish *wish)
{
	return wish->ascii || !(pw_lang_is_utf8() || (wish->language_asked && wish->language != PW_ENGLISH));
}

void pw_view_choose(const struct pw_view_wish *wish, int fd, struct pw_view_options *view)
{
	*view = wish->processes;
	view->width = wish->width ? wish->width : find_width(fd);
	view->width_asked = wish->width != 0;
	view->ascii = pw_view_is_ascii(wish);
	view->color = wish->color == PW_COLOR_ALWAYS || (wish->color == PW_COLOR_AUTO && shows_color(fd));
}
