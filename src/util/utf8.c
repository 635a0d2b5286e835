/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/utf8.h"

#include <stdbool.h>
#include <string.h>

#include "util/utf8_tables.h"

size_t pw_utf8_decode(const char *s, size_t n, uint32_t *character)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *b = (const unsigned char *)s;
	size_t length;
	uint32_t c;

	if (b[0] < 0x80) {
		*character = b[0];
		return 1;
	}
	if (b[0] < 0xc2 || b[0] > 0xf4)
		return 0;
	if (b[0] < 0xe0)
		length = 2;
	else
		length = b[0] < 0xf0 ? 3 : 4;
	if (n < length)
		return 0;
	c = b[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (b[i] & 0x3f);
	}
	if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*character = c;
	return length;
}

static bool in_table(uint32_t c, const struct pw_range *table, size_t count)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c > table[middle].last)
			low = middle + 1;
		else if (c < table[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

#define IN_TABLE(c, table) in_table(c, table, sizeof(table) / sizeof((table)[0]))

int pw_utf8_width(uint32_t character)
{
	if (character >= 0x20 && character < 0x7f)
		return 1;
	if (IN_TABLE(character, unprintable))
		return -1;
	if (IN_TABLE(character, zero_width))
		return 0;
	return IN_TABLE(character, double_width) ? 2 : 1;
}

size_t pw_utf8_columns(const char *text)
{
	size_t left = strlen(text), columns = 0;

	while (left > 0) {
		uint32_t c;
		size_t length = pw_utf8_decode(text, left, &c);
		int width = length > 0 ? pw_utf8_width(c) : 1;

		if (length == 0)
			length = 1;
		columns += width > 0 ? (size_t)width : 0;
		text += length;
		left -= length;
	}
	return columns;
}
