/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The demos of the course: the page of each and the judge of its claims.
 */
#ifndef PW_COURSE_H
#define PW_COURSE_H

#include "analysis/lesson.h"
#include "course/demos.h"
#include "model/model.h"
#include "model/questions.h"
#include "util/lang.h"

#define PW_VARIANTS_MAX 2

/* chapter, title and page are marked with N_(), translated where they are shown. */
struct pw_demo {
	/* "demo_zombie" */
	const char *name;
	const char *chapter;
	/* One line. */
	const char *title;
	/* Several paragraphs: what it does, what to look for, its options. */
	const char *page;
	/* The options with which it makes other claims; ends with NULL. */
	const char *variants[PW_VARIANTS_MAX + 1];
	/*
	 * Judges the claims from the finished model. argv is that of the demo, ended by
	 * NULL: its options change what is claimed. Returns 0 or -ENOMEM.
	 */
	int (*judge)(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv);
};

#define PW_DEMO_DECLARE(name, ...)                                                                           \
	extern const char pw_page_##name[];                                                                  \
	int pw_judge_##name(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv);
PW_DEMOS(PW_DEMO_DECLARE)
#undef PW_DEMO_DECLARE

/* All demos in the order of the course; ends with a name of NULL. */
extern const struct pw_demo pw_demos[];
/* The demo of that name; NULL: there is none. */
const struct pw_demo *pw_demo_find(const char *name);
/* The demo whose name is nearest to a misspelt one; NULL: none is near. */
const struct pw_demo *pw_demo_nearest(const char *name);

/*
 * Adds a claim; id and text live as long as the lesson, text is marked with N_().
 * Takes the facts, also when it fails. Returns 0 or -ENOMEM.
 */
int pw_claim(struct pw_lesson *lesson, const char *id, const char *text, bool held, struct pw_facts *facts);
void pw_lesson_free(struct pw_lesson *lesson);

#endif
