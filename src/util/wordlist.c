/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/wordlist.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int pw_wordlist_find(const char *word, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(word, words[i]))
			return i;
	return -1;
}

const char *pw_wordlist_text(char *buf, size_t size, const char *const *words)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; words[i] && used < size; i++) {
		const char *separator = words[i + 1] ? ", " : " or ";

		used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? separator : "", words[i]);
	}
	return buf;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t pw_edit_distance(const char *a, const char *b)
{
	size_t rows[3][PW_DISTANCE_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];
	const size_t length = strlen(b);

	if (length > PW_DISTANCE_MAX || strlen(a) > PW_DISTANCE_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		last[j] = before[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t *const reuse = before;

		now[0] = i;
		for (size_t j = 1; j <= length; j++) {
			const size_t change = last[j - 1] + (a[i - 1] != b[j - 1]);

			now[j] = smaller(change, smaller(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = smaller(now[j], before[j - 2] + 1);
		}
		before = last;
		last = now;
		now = reuse;
	}
	return last[length];
}

/* A greater distance than one mistake in three letters mostly leads to a word that was not meant. */
static size_t most_mistakes(const char *word)
{
	return strlen(word) / 3;
}

/* "language" means "lang", and "durations" means "duration". */
static bool is_extended(const char *word, const char *prefix)
{
	const size_t length = strlen(prefix);

	return length >= 3 && !strncmp(word, prefix, length);
}

const char *pw_wordlist_nearest(const char *word, const char *const *words)
{
	const char *nearest = NULL;
	size_t least = most_mistakes(word) + 1;

	for (size_t i = 0; words[i]; i++) {
		const size_t distance = is_extended(word, words[i]) ? 0 : pw_edit_distance(word, words[i]);

		if (distance < least) {
			least = distance;
			nearest = words[i];
		}
	}
	return nearest;
}
