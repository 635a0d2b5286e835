/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes JSON without building a tree, so its memory does not grow with the document.
 *
 * The writer adds commas, nesting and escapes. After the first error every call does nothing, and
 * pw_json_finish() returns that error. Calls that do not form JSON (a key in an array, a value
 * without its key, one end too many) are an error, too: -EINVAL.
 *
 * Strings may be any bytes. They come out as valid UTF-8: each invalid byte becomes U+FFFD, and
 * characters on which a terminal or a page would act (controls, line separators, direction marks,
 * '<') are escaped.
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
	/* the first error, a negative errno; 0: none */
	int err;
	/* the number of open containers */
	unsigned int depth;
	/* a key waits for its value */
	bool keyed;
	/* the next element begins a line */
	bool broken;
	/* the one value of the document has begun */
	bool done;
	struct {
		bool object, filled, lines;
	} level[PW_JSON_DEPTH];
	size_t used;
	char buffer[8192];
};

/* The stream stays the caller's, who closes it. */
void pw_json_init(struct pw_json *j, FILE *out);
/* Ends the document, flushes the stream. Returns 0 or the first error. */
int pw_json_finish(struct pw_json *j);

void pw_json_object(struct pw_json *j);
void pw_json_array(struct pw_json *j);
/* Closes the innermost object or array. */
void pw_json_end(struct pw_json *j);
/* The next key or element begins a new, indented line; its container closes on a line of its own. */
void pw_json_line(struct pw_json *j);

/* The next value belongs to this key. */
void pw_json_key(struct pw_json *j, const char *key);

void pw_json_null(struct pw_json *j);
void pw_json_bool(struct pw_json *j, bool value);
void pw_json_u64(struct pw_json *j, uint64_t value);
void pw_json_i64(struct pw_json *j, int64_t value);
/* a - b, exact even if it does not fit any 64-bit integer. */
void pw_json_difference(struct pw_json *j, uint64_t a, uint64_t b);
/* NULL becomes null. */
void pw_json_string(struct pw_json *j, const char *text);
void pw_json_bytes(struct pw_json *j, const char *text, size_t len);
/* A complete value that is already escaped JSON: for values written by the million. */
void pw_json_verbatim(struct pw_json *j, const char *text, size_t len);

#endif
