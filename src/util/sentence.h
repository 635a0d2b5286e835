/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sentences with gaps. A template is one whole sentence in each language, so that
 * its translator sees all of it and moves the gaps as the language wants.
 * docs/translating.md explains how to write one.
 *
 *   {name}              the value of that name
 *   {name.part}         a part of it: "{parent.pid}"
 *   {least..most}       the range from one value to the other
 *   {name|one|more}     one of two words, by whether the value is 1
 *   [condition? text]   text, only if the condition holds; not nested
 *
 * A condition is a list of terms separated by spaces, all of which must hold. A
 * name in it may have a part as well:
 *
 *   name   !name        the value is known, is unknown
 *   name=word           it is known and reads so: a word, or a number in digits
 *   name!=word          it is unknown, or reads otherwise
 */
#ifndef PW_SENTENCE_H
#define PW_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/text.h"

/*
 * A row of a table of sentences. A row with a code begins a group of alternatives,
 * one of which becomes a sentence; a fact is told by all groups that have its code,
 * in the order of the table, which ends with a row without a text.
 */
struct pw_sentence {
	/* The codes of the facts it is for, separated by spaces; NULL: those of the row above. */
	const char *code;
	/* The first alternative whose condition holds is used; NULL always holds. */
	const char *when;
	/* Marked with N_(), translated where it is used. */
	const char *text;
	/* True: begins the next group, for the codes of the row above. */
	bool then;
};

/* Where the values come from. A name may be "name.part" in the first two. */
struct pw_sentence_values {
	/* True if the value is known. */
	bool (*known)(const void *context, const char *name);
	/* True if it is known and reads as the word of that length in bytes. */
	bool (*reads)(const void *context, const char *name, const char *word, size_t length);
	/* Appends it, or its part (NULL: the whole); nothing if it is unknown. */
	void (*write)(const void *context, const char *name, const char *part, struct pw_text *out);
	/* Appends the range from one value to another; nothing if either is unknown. */
	void (*write_range)(const void *context, const char *least, const char *most, struct pw_text *out);
	const void *context;
};

bool pw_sentence_holds(const char *condition, const struct pw_sentence_values *values);
/* Appends the sentence. A malformed part of the template is appended as it stands. */
void pw_sentence_write(const char *text, const struct pw_sentence_values *values, struct pw_text *out);

#endif
