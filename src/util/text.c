/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/utf8.h"

const char *pw_text_get(const struct pw_text *t)
{
	return t->at ? t->at : "";
}

void pw_text_clear(struct pw_text *t)
{
	t->length = 0;
	if (t->at)
		t->at[0] = '\0';
}

void pw_text_free(struct pw_text *t)
{
	free(t->at);
	*t = (struct pw_text){0};
}

#define MIN_ROOM 64

/* Makes room for n more bytes and the NUL. */
static bool grow(struct pw_text *t, size_t n)
{
	size_t need;

	if (t->failed)
		return false;
	if (t->room - t->length > n)
		return true;
	if (n < SIZE_MAX - t->length) {
		need = t->length + n + 1;
		if (!pw_array_reserve(&t->at, &t->room, need < MIN_ROOM ? MIN_ROOM : need, 1))
			return true;
	}
	t->failed = true;
	return false;
}

void pw_text_bytes(struct pw_text *t, const char *bytes, size_t n)
{
	if (!grow(t, n))
		return;
	if (n > 0)
		memcpy(t->at + t->length, bytes, n);
	t->length += n;
	t->at[t->length] = '\0';
}

void pw_text_add(struct pw_text *t, const char *string)
{
	pw_text_bytes(t, string, strlen(string));
}

void pw_text_format(struct pw_text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0 || !grow(t, (size_t)n)) {
		t->failed = true;
		return;
	}
	va_start(args, format);
	vsnprintf(t->at + t->length, (size_t)n + 1, format, args);
	va_end(args);
	t->length += (size_t)n;
}

void pw_text_repeat(struct pw_text *t, const char *string, size_t times)
{
	const size_t n = strlen(string);

	for (size_t i = 0; i < times; i++)
		pw_text_bytes(t, string, n);
}

/* The signs in procwatch's own sentences, in ASCII. */
static const char *ascii_of(uint32_t c)
{
	switch (c) {
	case 0xb5: /* µ */
		return "u";
	case 0xd7: /* × */
		return "x";
	case 0x2013: /* – */
		return "-";
	case 0x2026: /* … */
		return "...";
	case 0x2192: /* → */
		return "->";
	case 0x2264: /* ≤ */
		return "<=";
	case 0x2265: /* ≥ */
		return ">=";
	default:
		return NULL;
	}
}

static void hex_bytes(struct pw_text *t, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pw_text_format(t, "\\x%02x", (unsigned char)bytes[i]);
}

/*
 * A combining character needs a base in this text, or it would change the character that the
 * report wrote before it.
 */
static bool printable(uint32_t c, bool after_base)
{
	const int width = pw_utf8_width(c);

	return width > 0 || (width == 0 && after_base);
}

void pw_text_escaped(struct pw_text *t, const char *bytes, size_t n, enum pw_escaping how)
{
	bool after_base = false;

	for (size_t i = 0; i < n;) {
		uint32_t c = 0;
		size_t length = pw_utf8_decode(bytes + i, n - i, &c);
		const bool valid = length > 0 && printable(c, after_base);

		if (length == 0)
			length = 1;
		after_base = valid;
		if (valid && c == '\\')
			pw_text_add(t, "\\\\");
		else if (valid && (c < 0x80 || how == PW_AS_UTF8))
			pw_text_bytes(t, bytes + i, length);
		else if (valid && how == PW_PROSE_AS_ASCII && ascii_of(c))
			pw_text_add(t, ascii_of(c));
		else
			hex_bytes(t, bytes + i, length);
		i += length;
	}
}

/* Whether no byte of the word has a meaning for a shell. */
static bool plain_word(const char *word)
{
	for (const char *p = word; *p; p++) {
		const unsigned char c = (unsigned char)*p;

		if (c < 0x80 && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') && !strchr("%+,-./:=@_^", c))
			return false;
	}
	return *word != '\0';
}

void pw_text_shell_word(struct pw_text *t, const char *word, enum pw_escaping how)
{
	const size_t n = strlen(word);
	struct pw_text escaped = {0};

	pw_text_escaped(&escaped, word, n, how);
	if (escaped.failed) {
		t->failed = true;
	} else if (plain_word(word) && strcmp(word, pw_text_get(&escaped)) == 0) {
		pw_text_add(t, word);
	} else if (!strchr(word, '\'') && strcmp(word, pw_text_get(&escaped)) == 0) {
		pw_text_format(t, "'%s'", word);
	} else {
		pw_text_add(t, "$'");
		for (const char *p = pw_text_get(&escaped); *p; p++)
			pw_text_format(t, *p == '\'' ? "\\%c" : "%c", *p);
		pw_text_add(t, "'");
	}
	pw_text_free(&escaped);
}

size_t pw_text_cut(struct pw_text *t, const char *text, size_t columns, const char *cut)
{
	const size_t whole = pw_utf8_columns(text);
	size_t used = 0, left = strlen(text);

	if (whole <= columns) {
		pw_text_add(t, text);
		return whole;
	}
	if (columns == 0)
		return 0;
	while (left > 0) {
		uint32_t c = 0;
		size_t length = pw_utf8_decode(text, left, &c);
		const int width = length > 0 ? pw_utf8_width(c) : 1;

		if (length == 0)
			length = 1;
		if (width > 0 && used + (size_t)width > columns - 1)
			break;
		pw_text_bytes(t, text, length);
		used += width > 0 ? (size_t)width : 0;
		text += length;
		left -= length;
	}
	pw_text_add(t, cut);
	return used + 1;
}
