/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Facts into sentences, in the language that is asked for. Names in them are raw
 * bytes from outside: a view escapes the sentence as its format demands.
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
 * Appends what the tables say of a fact, sentence after sentence. tables: an
 * array of tables, each ended by a row without a text; ends with NULL. False: no
 * table has the fact's code.
 */
bool pw_words_fact(enum pw_language language, const struct pw_sentence *const *tables,
		   const struct pw_fact *fact, struct pw_text *out);

/* Appends the sentences of a finding. False: its code has none, which no code of analysis/findings.h is. */
bool pw_words_finding(enum pw_language language, const struct pw_finding *finding, struct pw_text *out);
/* What the course claims. */
void pw_words_claim(enum pw_language language, const struct pw_claim *claim, struct pw_text *out);
/* Its evidence: the facts, one clause each. */
void pw_words_evidence(enum pw_language language, const struct pw_lesson *lesson,
		       const struct pw_claim *claim, struct pw_text *out);

#endif
