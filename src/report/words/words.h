/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Facts into sentences, in the language that is asked for. Names in a sentence are
 * raw bytes from outside: a view escapes the sentence as its format demands.
 */
#ifndef PW_WORDS_H
#define PW_WORDS_H

#include "analysis/fact.h"
#include "analysis/findings.h"
#include "analysis/lesson.h"
#include "util/lang.h"
#include "util/sentence.h"
#include "util/text.h"

/*
 * Appends the sentences of a fact, taken from the first table that has its code.
 * tables: an array that ends with NULL; a table ends with a row without a text.
 * False: no table has the code.
 */
bool pw_words_fact(enum pw_language language, const struct pw_sentence *const *tables,
		   const struct pw_fact *fact, struct pw_text *out);

/* Appends the sentences of a finding. False: it has a code that is not in analysis/findings.h. */
bool pw_words_finding(enum pw_language language, const struct pw_finding *finding, struct pw_text *out);
/* Appends a claim of the course. */
void pw_words_claim(enum pw_language language, const struct pw_claim *claim, struct pw_text *out);
/* Appends the evidence for it: a clause for each fact. */
void pw_words_evidence(enum pw_language language, const struct pw_lesson *lesson,
		       const struct pw_claim *claim, struct pw_text *out);

#endif
