/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/sentence.h"

#include <string.h>

#define NAME_ROOM 48

/* Takes a name up to one of the stop characters or the end. False: it is too long for a name. */
static bool take_name(const char **at, const char *end, const char *stops, char name[static NAME_ROOM])
{
	size_t n = 0;

	while (*at + n < end && !strchr(stops, (*at)[n]))
		n++;
	if (n >= NAME_ROOM)
		return false;
	memcpy(name, *at, n);
	name[n] = '\0';
	*at += n;
	return true;
}

static bool term_holds(const char *at, const char *end, const struct pw_sentence_values *values)
{
	const bool negated = at < end && *at == '!';
	char name[NAME_ROOM];

	at += negated;
	if (!take_name(&at, end, "!=", name))
		return false;
	if (at == end)
		return values->known(values->context, name) != negated;

	const bool differs = *at == '!';

	at += differs ? 2 : 1;
	return values->reads(values->context, name, at, (size_t)(end - at)) != differs;
}

static bool terms_hold(const char *at, const char *end, const struct pw_sentence_values *values)
{
	while (at < end) {
		const char *blank = memchr(at, ' ', (size_t)(end - at));
		const char *stop = blank ? blank : end;

		if (stop > at && !term_holds(at, stop, values))
			return false;
		at = blank ? blank + 1 : end;
	}
	return true;
}

bool pw_sentence_holds(const char *condition, const struct pw_sentence_values *values)
{
	return !condition || terms_hold(condition, condition + strlen(condition), values);
}

/* "one|more", behind the name. Without the second word nothing is written. */
static void write_plural(const char *name, const char *at, const char *end,
			 const struct pw_sentence_values *values, struct pw_text *out)
{
	const char *more = memchr(at, '|', (size_t)(end - at));

	if (!more)
		return;
	if (values->reads(values->context, name, "1", 1))
		pw_text_bytes(out, at, (size_t)(more - at));
	else
		pw_text_bytes(out, more + 1, (size_t)(end - more - 1));
}

/* at: behind the opening brace; end: at the closing one. */
static void write_gap(const char *at, const char *end, const struct pw_sentence_values *values,
		      struct pw_text *out)
{
	char name[NAME_ROOM], part[NAME_ROOM];

	if (!take_name(&at, end, ".|", name))
		return;
	if (at == end) {
		values->write(values->context, name, NULL, out);
		return;
	}
	if (*at == '|') {
		write_plural(name, at + 1, end, values, out);
		return;
	}
	at++;
	if (!take_name(&at, end, "", part))
		return;
	if (part[0] == '.')
		values->write_range(values->context, name, part + 1, out);
	else
		values->write(values->context, name, part, out);
}

/* Writes a stretch without [condition? text]. */
static void write_plain(const char *at, const char *end, const struct pw_sentence_values *values,
			struct pw_text *out)
{
	while (at < end) {
		const char *open = memchr(at, '{', (size_t)(end - at));
		const char *close = open ? memchr(open, '}', (size_t)(end - open)) : NULL;

		if (!close) {
			pw_text_bytes(out, at, (size_t)(end - at));
			return;
		}
		pw_text_bytes(out, at, (size_t)(open - at));
		write_gap(open + 1, close, values, out);
		at = close + 1;
	}
}

void pw_sentence_write(const char *text, const struct pw_sentence_values *values, struct pw_text *out)
{
	const char *const end = text + strlen(text);

	while (text < end) {
		const char *open = strchr(text, '[');
		const char *ask = open ? strchr(open, '?') : NULL;
		const char *close = ask ? strchr(ask, ']') : NULL;

		if (!close) {
			write_plain(text, end, values, out);
			return;
		}
		write_plain(text, open, values, out);
		if (terms_hold(open + 1, ask, values))
			write_plain(ask + 1, close, values, out);
		text = close + 1;
	}
}
