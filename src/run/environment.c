/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/environment.h"

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

/* The list and its texts in one piece. */
static char **make_list(const char *text, size_t size)
{
	size_t count = 0;
	char **list, *copy;

	for (size_t i = 0; i < size; i++)
		count += !text[i];
	list = calloc(1, (count + 1) * sizeof(*list) + size);
	if (!list)
		return NULL;
	copy = memcpy(list + count + 1, text, size);
	for (size_t i = 0; i < count; i++, copy += strlen(copy) + 1)
		list[i] = copy;
	return list;
}

char **pw_environment(void)
{
	size_t size = 0;
	char *text = getauxval(AT_SECURE) ? read_whole(&size) : NULL;
	char **list = size ? make_list(text, size) : NULL;

	free(text);
	return list ? list : environ;
}

void pw_environment_free(char **environment)
{
	if (environment != environ)
		free(environment);
}
