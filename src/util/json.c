/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/json.h"

#include <errno.h>
#include <string.h>

#include "util/format.h"
#include "util/utf8.h"

static void fail(struct pw_json *j, int err)
{
	if (!j->err)
		j->err = err;
}

static void drain(struct pw_json *j)
{
	errno = 0;
	if (!j->err && fwrite(j->buffer, 1, j->used, j->out) != j->used)
		fail(j, errno ? -errno : -EIO);
	j->used = 0;
}

static void put_across(struct pw_json *j, const char *text, size_t len)
{
	while (len && !j->err) {
		size_t room = sizeof(j->buffer) - j->used;
		size_t n = len < room ? len : room;

		memcpy(j->buffer + j->used, text, n);
		j->used += n;
		text += n;
		len -= n;
		if (j->used == sizeof(j->buffer))
			drain(j);
	}
}

/* Inline, because nearly every call is short and fits into the buffer. */
static inline void put(struct pw_json *j, const char *text, size_t len)
{
	if (len >= sizeof(j->buffer) - j->used) {
		put_across(j, text, len);
		return;
	}
	memcpy(j->buffer + j->used, text, len);
	j->used += len;
}

static inline void put_char(struct pw_json *j, char c)
{
	put(j, &c, 1);
}

static void put_u64(struct pw_json *j, uint64_t value)
{
	char digits[PW_FORMAT_MAX];

	put(j, digits, pw_format_digits(digits, value));
}

static void new_line(struct pw_json *j)
{
	char line[1 + PW_JSON_DEPTH] = "\n";

	memset(line + 1, ' ', j->depth);
	put(j, line, 1 + j->depth);
}

/* Writes what separates two elements of the innermost container. */
static void separate(struct pw_json *j)
{
	if (!j->depth)
		return;
	if (j->level[j->depth - 1].filled)
		put_char(j, ',');
	if (j->broken) {
		j->level[j->depth - 1].lines = true;
		new_line(j);
	} else if (j->level[j->depth - 1].filled) {
		put_char(j, ' ');
	}
	j->broken = false;
	j->level[j->depth - 1].filled = true;
}

/* False if no value may come here. */
static bool begin_value(struct pw_json *j)
{
	if (j->keyed) {
		j->keyed = false;
		return !j->err;
	}
	if (j->depth ? j->level[j->depth - 1].object : j->done)
		fail(j, -EINVAL);
	if (j->err)
		return false;
	separate(j);
	j->done = true;
	return true;
}

static void open_level(struct pw_json *j, bool object)
{
	if (!begin_value(j))
		return;
	if (j->depth == PW_JSON_DEPTH) {
		fail(j, -EINVAL);
		return;
	}
	put_char(j, object ? '{' : '[');
	j->level[j->depth].object = object;
	j->level[j->depth].filled = false;
	j->level[j->depth].lines = false;
	j->depth++;
}

/* ---- strings */

static void put_unit(struct pw_json *j, uint32_t unit)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = {'\\', 'u'};

	for (int i = 0; i < 4; i++)
		text[2 + i] = hex[unit >> (12 - 4 * i) & 0xf];
	put(j, text, sizeof(text));
}

static void put_escaped(struct pw_json *j, uint32_t c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *letter = c && c < 0x80 ? strchr(from, (int)c) : NULL;

	if (letter) {
		put_char(j, '\\');
		put_char(j, to[letter - from]);
	} else if (c < 0x10000) {
		put_unit(j, c);
	} else {
		put_unit(j, 0xd7c0 + (c >> 10));
		put_unit(j, 0xdc00 + (c & 0x3ff));
	}
}

/* More than JSON requires: also what a terminal acts on, what reorders or ends lines, what opens a tag in a page. */
static bool wants_escape(uint32_t c)
{
	if (c < 0x80)
		return c < 0x20 || c == '"' || c == '\\' || c == '<' || c == 0x7f;
	return pw_utf8_width(c) < 0;
}

/* A fast version of wants_escape() for nearly every byte of a document. */
static inline bool is_plain(uint32_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<';
}

static void put_string(struct pw_json *j, const char *text, size_t len)
{
	size_t plain = 0, at = 0;

	put_char(j, '"');
	while (at < len && !j->err) {
		uint32_t c = (unsigned char)text[at];
		size_t n;

		if (is_plain(c)) {
			at++;
			continue;
		}
		n = c < 0x80 ? 1 : pw_utf8_decode(text + at, len - at, &c);

		if (n && !wants_escape(c)) {
			at += n;
			continue;
		}
		put(j, text + plain, at - plain);
		if (n)
			put_escaped(j, c);
		else
			put(j, "\xef\xbf\xbd", 3);
		at += n ? n : 1;
		plain = at;
	}
	put(j, text + plain, at - plain);
	put_char(j, '"');
}

/* ---- the calls */

void pw_json_init(struct pw_json *j, FILE *out)
{
	memset(j, 0, offsetof(struct pw_json, buffer));
	j->out = out;
}

int pw_json_finish(struct pw_json *j)
{
	if (j->depth || j->keyed || !j->done)
		fail(j, -EINVAL);
	put_char(j, '\n');
	drain(j);
	errno = 0;
	/* A full disk is often noticed only here. */
	if (!j->err && (fflush(j->out) || ferror(j->out)))
		fail(j, errno ? -errno : -EIO);
	return j->err;
}

void pw_json_object(struct pw_json *j)
{
	open_level(j, true);
}

void pw_json_array(struct pw_json *j)
{
	open_level(j, false);
}

void pw_json_end(struct pw_json *j)
{
	bool object, lines;

	if (!j->depth || j->keyed)
		fail(j, -EINVAL);
	if (j->err)
		return;
	j->depth--;
	object = j->level[j->depth].object;
	lines = j->level[j->depth].lines;
	if (lines)
		new_line(j);
	put_char(j, object ? '}' : ']');
	j->broken = false;
}

void pw_json_line(struct pw_json *j)
{
	j->broken = true;
}

void pw_json_key(struct pw_json *j, const char *key)
{
	if (j->keyed || !j->depth || !j->level[j->depth - 1].object)
		fail(j, -EINVAL);
	if (j->err)
		return;
	separate(j);
	put_string(j, key, strlen(key));
	put(j, ": ", 2);
	j->keyed = true;
}

void pw_json_null(struct pw_json *j)
{
	if (begin_value(j))
		put(j, "null", 4);
}

void pw_json_bool(struct pw_json *j, bool value)
{
	if (begin_value(j))
		put(j, value ? "true" : "false", value ? 4 : 5);
}

void pw_json_u64(struct pw_json *j, uint64_t value)
{
	if (begin_value(j))
		put_u64(j, value);
}

void pw_json_i64(struct pw_json *j, int64_t value)
{
	if (value < 0)
		pw_json_difference(j, 0, 0 - (uint64_t)value);
	else
		pw_json_u64(j, (uint64_t)value);
}

void pw_json_difference(struct pw_json *j, uint64_t a, uint64_t b)
{
	if (!begin_value(j))
		return;
	if (a < b)
		put_char(j, '-');
	put_u64(j, a < b ? b - a : a - b);
}

void pw_json_string(struct pw_json *j, const char *text)
{
	if (text)
		pw_json_bytes(j, text, strlen(text));
	else
		pw_json_null(j);
}

void pw_json_bytes(struct pw_json *j, const char *text, size_t len)
{
	if (begin_value(j))
		put_string(j, text, len);
}

void pw_json_verbatim(struct pw_json *j, const char *text, size_t len)
{
	if (begin_value(j))
		put(j, text, len);
}
