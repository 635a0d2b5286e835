/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A lesson: the claims of the course about a demo, judged on one run of it.
 * src/course judges them, the views print them.
 */
#ifndef PW_LESSON_H
#define PW_LESSON_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/fact.h"
#include "util/sentence.h"

struct pw_claim {
	/* A fixed word, unique within the lesson. */
	const char *id;
	/* What the course claims: marked with N_(), translated where it is shown. */
	const char *text;
	bool held;
	/* The evidence: what was measured. */
	struct pw_facts facts;
};

struct pw_lesson {
	const char *demo;
	/* One line, marked with N_(); NULL: it has none. */
	const char *title;
	struct pw_claim *claims;
	size_t count;
	/* How the facts read, as pw_words_fact takes it: the demo's sentences, those of all demos, NULL. */
	const struct pw_sentence *words[3];
};

#endif
