/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/plot/line_break.h"

#include <stdbool.h>
#include <string.h>

#include "util/utf8.h"

/* The length of a colour's escape sequence, or 0. Names have none: they are escaped. */
static size_t sequence_length(const char *text)
{
	return text[0] == '\x1b' ? strcspn(text, "m") + 1 : 0;
}

/* A number and its unit stay together. */
static bool may_break(const char *text, size_t space)
{
	static const char *const units[] = {"µs", "us", "ms", "s"};

	if (space == 0 || text[space - 1] < '0' || text[space - 1] > '9')
		return space > 0;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const size_t n = strlen(units[i]);

		if (strncmp(text + space + 1, units[i], n) == 0 &&
		    (text[space + 1 + n] < 'a' || text[space + 1 + n] > 'z'))
			return false;
	}
	return true;
}

static bool is_one_of(uint32_t c, const uint32_t *these)
{
	while (*these && *these != c)
		these++;
	return *these != 0;
}

/* Chinese has no spaces: a line may end beside any of its characters, but must not begin with a full stop. */
static bool may_part(uint32_t before, uint32_t c)
{
	static const uint32_t ends[] = {0x3001, 0x3002, 0xff01, 0xff09, 0xff0c, 0xff1a, 0xff1b, 0xff1f,
					0x2026, ')',	',',	'.',	';',	':',	0};
	static const uint32_t begins[] = {0xff08, '(', 0};

	return (pw_utf8_width(before) == 2 || pw_utf8_width(c) == 2) && before != ' ' &&
	       !is_one_of(c, ends) && !is_one_of(before, begins);
}

size_t pw_line_length(const char *text, size_t room)
{
	const size_t length = strlen(text);
	size_t used = 0, broken = 0, i = 0;
	uint32_t before = ' ';

	while (i < length) {
		uint32_t c = 0;
		size_t n = pw_utf8_decode(text + i, length - i, &c);
		int width = n > 0 ? pw_utf8_width(c) : 1;

		if (c == 0x1b) {
			n = sequence_length(text + i);
			width = 0;
		}
		if (c == ' ' ? may_break(text, i) : i > 0 && may_part(before, c))
			broken = i;
		if (width > 0 && used + (size_t)width > room)
			return broken > 0 ? broken : i > 0 ? i : 1;
		used += width > 0 ? (size_t)width : 0;
		before = c;
		i += n > 0 ? n : 1;
	}
	return length;
}
