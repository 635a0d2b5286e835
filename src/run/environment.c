/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "capture/caps.h"
#include "util/array.h"

/*
 * The original environment as the kernel still shows it, malloced; *size becomes its length. The
 * file belongs to root if procwatch's has capabilities, so reading it takes them.
 */
static char *read_original(size_t *size)
{
	char *text = NULL;
	size_t room = 0;
	FILE *f;

	*size = 0;
	pw_caps_raise();
	f = fopen("/proc/self/environ", "re");
	pw_caps_lower();
	while (f && *size == room) {
		if (pw_array_reserve(&text, &room, room + 16384, 1))
			break;
		*size += fread(text + *size, 1, room - *size, f);
	}
	if (f)
		fclose(f);
	return text;
}

/* The array and its strings in one allocation. */
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
	char *text = getauxval(AT_SECURE) ? read_original(&size) : NULL;
	char **list = size ? make_list(text, size) : NULL;

	free(text);
	return list ? list : environ;
}

void pw_environment_free(char **environment)
{
	if (environment != environ)
		free(environment);
}
