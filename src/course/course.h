/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lessons: for each demo, the course's claims and how the model judges them.
 */
#ifndef PW_COURSE_H
#define PW_COURSE_H

#include "analysis/lesson.h"
#include "model/model.h"
#include "util/lang.h"

#define PW_VARIANTS_MAX 2

/* One demo of the course: its page and its judge. */
struct pw_demo {
	const char *name; /* "demo_zombie" */
	const char
		*chapter; /* of the course; this, title and page are marked, to be translated where shown */
	const char *title; /* one line */
	const char *page; /* several paragraphs: what it does, what to look for, its options */
	const char
		*variants[PW_VARIANTS_MAX + 1]; /* the options with which other claims are made, then NULL */
	/*
	 * Judges the claims from the finished model. argv is that of the demo,
	 * NULL-terminated (its options change what is claimed). Returns 0 or -ENOMEM.
	 */
	int (*judge)(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv);
};

/* The demos in the course's order; ends with a name of NULL. */
extern const struct pw_demo pw_demos[];
const struct pw_demo *pw_demo_find(const char *name);
/* The demo whose name is nearest to a misspelt one; NULL when none is near. */
const struct pw_demo *pw_demo_nearest(const char *name);

/*
 * Adds a claim. text is marked; evidence is a printf format.
 * Returns 0 or -ENOMEM.
 */
int pw_claim(struct pw_lesson *lesson, const char *id, const char *text, bool held, const char *evidence, ...)
	__attribute__((format(printf, 5, 6)));
void pw_lesson_free(struct pw_lesson *lesson);

#endif
