/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/error.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

int pw_fail(struct pw_error *error, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return -err;
}

/* A message quotes its input, which may be 100 kB: then only these bytes of both ends are shown. */
#define MESSAGE_HEAD 400
#define MESSAGE_TAIL 200

static void add(struct pw_text *line, const char *text, size_t length)
{
	const bool utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");

	pw_text_escaped(line, text, length, utf8 ? PW_AS_UTF8 : PW_AS_ASCII);
}

/* command is NULL for a message of procwatch as a whole. */
static void print(const char *command, const char *format, va_list args)
{
	struct pw_text line = {0};
	char *text = NULL;
	int length = vasprintf(&text, format, args);

	if (length < 0) {
		fputs("procwatch: out of memory\n", stderr);
		return;
	}
	if (length <= MESSAGE_HEAD + MESSAGE_TAIL) {
		add(&line, text, (size_t)length);
	} else {
		add(&line, text, MESSAGE_HEAD);
		pw_text_add(&line, " ... ");
		add(&line, text + length - MESSAGE_TAIL, MESSAGE_TAIL);
	}
	fprintf(stderr, "procwatch%s%s: %s\n", command ? " " : "", command ? command : "",
		pw_text_get(&line));
	pw_text_free(&line);
	free(text);
}

void pw_log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(NULL, format, args);
	va_end(args);
}

void pw_log_usage(const char *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(command, format, args);
	va_end(args);
}
