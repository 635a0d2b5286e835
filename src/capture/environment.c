/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "capture/caps.h"

/* The kernel still shows it whole; the file is root's when ours has capabilities. *size becomes its length. */
static char *read_whole(size_t *size)
{
	size_t room = 0, n = 0;
	char *text = NULL, *more;
	FILE *f;

	pw_caps_raise();
	f = fopen("/proc/self/environ", "re");
	pw_caps_lower();
	while (f && n == room) {
		room = room ? 2 * room : 16384;
		more = realloc(text, room);
		if (!more)
			break;
		text = more;
		n += fread(text + n, 1, room - n, f);
	}
	if (f)
		fclose(f);
	*size = n;
	return text;
}

static char **split(char *text, size_t size)
{
	size_t count = 0;
	char **list;

	for (size_t i = 0; i < size; i++)
		count += !text[i];
	list = calloc(count + 1, sizeof(*list));
	for (size_t i = 0; list && i < count; i++, text += strlen(text) + 1)
		list[i] = text;
	return list;
}

char **pw_environment(void)
{
	size_t size = 0;
	char *text = getauxval(AT_SECURE) ? read_whole(&size) : NULL;
	char **list = text && size ? split(text, size) : NULL;

	return list ? list : environ;
}
