/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sentences with gaps, one whole sentence a language: the translator sees all of
 * it and moves the gaps as the language wants. docs/translating.md explains.
 *
 *   {name}              the value of that name
 *   {name.part}         a part of it ("{parent.pid}")
 *   {name|one|more}     one of two words, by whether the value is 1
 *   [condition? text]   text, only if the condition holds; not nested
 *
 * A condition is a list of terms with blanks between, all of which must hold:
 *
 *   name   !name        the value is known, is not
 *   name=word           it is known and reads so: a word, or a number in digits
 *   name!=word          it is not known, or reads otherwise
 */
#ifndef PW_SENTENCE_H
#define PW_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/text.h"

/* A row of a table of sentences. Rows of one code stand together. */
struct pw_sentence {
	/* Of the fact it tells; NULL: the code of the row above. */
	const char *code;
	/* The first row of several whose condition holds is the one; NULL holds always. */
	const char *when;
	/* Marked with N_(), translated where it is used. */
	const char *text;
	/* True: not an alternative to the rows above but the next sentence, with alternatives of its own. */
	bool then;
};

/* Where the values come from. */
struct pw_sentence_values {
	/* True if the value is known. */
	bool (*known)(const void *context, const char *name);
	/* True if it is known and reads as the word, of that length. */
	bool (*reads)(const void *context, const char *name, const char *word, size_t length);
	/* Appends it, or its part (NULL: the whole); nothing if it is not known. */
	void (*write)(const void *context, const char *name, const char *part, struct pw_text *out);
	const void *context;
};

bool pw_sentence_holds(const char *condition, const struct pw_sentence_values *values);
/* Appends the sentence. Whatever is wrong with its form is written as it stands. */
void pw_sentence_write(const char *text, const struct pw_sentence_values *values, struct pw_text *out);

#endif
