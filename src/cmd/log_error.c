/* SPDX-License-Identifier: GPL-2.0-only */
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "util/text.h"

/* A line quotes what it complains about; of 100 kB it quotes both ends. */
#define LINE_HEAD 400
#define LINE_TAIL 200

static void add(struct pw_text *line, const char *text, size_t length)
{
	const bool utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");

	pw_text_escaped(line, text, length, utf8 ? PW_AS_UTF8 : PW_AS_ASCII);
}

void pw_log_error(const char *format, ...)
{
	struct pw_text line = {0};
	char *text = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0) {
		fputs("procwatch: out of memory\n", stderr);
		return;
	}
	if (length <= LINE_HEAD + LINE_TAIL) {
		add(&line, text, (size_t)length);
	} else {
		add(&line, text, LINE_HEAD);
		pw_text_add(&line, " ... ");
		add(&line, text + length - LINE_TAIL, LINE_TAIL);
	}
	fprintf(stderr, "procwatch: %s\n", pw_text_get(&line));
	pw_text_free(&line);
	free(text);
}
