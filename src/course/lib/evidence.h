/* SPDX-License-Identifier: GPL-2.0-only */
/* The evidence for a claim: the facts by which it was judged, or what is missing. */
#ifndef PW_EVIDENCE_H
#define PW_EVIDENCE_H

#include "analysis/fact.h"
#include "util/sentence.h"

struct pw_evidence {
	struct pw_facts facts;
};

/*
 * Adds a fact: values as PW_VALUES makes them, or NULL. Its code must stand in the
 * words of the lesson or in pw_course_words; every fact reads as a clause of its own.
 */
void pw_evidence_add(struct pw_evidence *why, const char *code, const struct pw_value *values);

/* How the facts read that the functions of course/lib add. */
extern const struct pw_sentence pw_course_words[];

#endif
