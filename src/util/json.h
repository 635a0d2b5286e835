/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A JSON writer that keeps no tree: what is written is gone, however large.
 *
 * Commas, nesting and escapes are its business; the caller says what comes next.
 * The first error stays: everything after it does nothing, and pw_json_finish()
 * tells it. A call that would not be JSON (a key in an array, a value without
 * its key, an end too many) is such an error too: -EINVAL.
 *
 * Strings are bytes from anywhere. They come out as valid UTF-8: each byte that
 * is not becomes U+FFFD, and what a terminal or a page would act on (controls,
 * line separators, direction marks, '<') is escaped.
 */
#ifndef PW_JSON_H
#define PW_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define PW_JSON_DEPTH 16

struct pw_json {
	FILE *out;
	int err; /* 0, or the first error: a negative errno */
	unsigned int depth; /* containers open now */
	bool keyed; /* a key waits for its value */
	bool broken; /* the next element begins a line */
	bool done; /* the document's one value has begun */
	struct {
		bool object, filled, lines;
	} level[PW_JSON_DEPTH];
	size_t used;
	char buffer[8192];
};

/* The stream stays the caller's: nothing here closes it. */
void pw_json_init(struct pw_json *j, FILE *out);
/* Ends the document, flushes the stream. Returns 0 or the first error. */
int pw_json_finish(struct pw_json *j);

void pw_json_object(struct pw_json *j);
void pw_json_array(struct pw_json *j);
/* Closes the innermost object or array. */
void pw_json_end(struct pw_json *j);
/* The next key or element begins a line, indented; its container then closes on a line of its own. */
void pw_json_line(struct pw_json *j);

/* The value that follows belongs to this key. */
void pw_json_key(struct pw_json *j, const char *key);

void pw_json_null(struct pw_json *j);
void pw_json_bool(struct pw_json *j, bool value);
void pw_json_u64(struct pw_json *j, uint64_t value);
void pw_json_i64(struct pw_json *j, int64_t value);
/* a - b, exact even where no 64-bit integer holds it. */
void pw_json_difference(struct pw_json *j, uint64_t a, uint64_t b);
/* NULL becomes null. */
void pw_json_string(struct pw_json *j, const char *text);
void pw_json_bytes(struct pw_json *j, const char *text, size_t len);
/* A whole value that is JSON, and escaped, already: for what is written by the million. */
void pw_json_verbatim(struct pw_json *j, const char *text, size_t len);

#endif
