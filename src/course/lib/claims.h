/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The claims of a demo and how they are judged.
 *
 * A judge never compares with a fixed time: on a busy machine everything takes
 * longer. It compares one measured thing with another.
 */
#ifndef PW_CLAIMS_H
#define PW_CLAIMS_H

#include "analysis/lesson.h"
#include "course/lib/evidence.h"
#include "course/lib/roles.h"
#include "util/lang.h"

#define PW_COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct pw_claim_def {
	/* A fixed word, unique in the lesson; the claim, marked with N_(). */
	const char *id, *text;
	/* True if this run shows it. Adds what was measured to the evidence in either case. */
	bool (*holds)(const struct pw_demo_run *run, struct pw_evidence *why);
};

struct pw_lesson_def {
	const char *demo;
	/* Names of the processes without which no claim can be judged; the rest is NULL. */
	const char *roles[PW_ROLES_MAX];
	const struct pw_claim_def *claims;
	size_t count;
	/* How the facts of this lesson read; ends with an empty row. NULL: it adds none of its own. */
	const struct pw_sentence *words;
};

/*
 * Judges every claim. If a process of a role is not in the record, no claim holds
 * and the evidence names it. Returns 0 or -ENOMEM.
 */
int pw_judge(struct pw_lesson *lesson, const struct pw_model *m, const struct pw_lesson_def *def);

/* Where the option ("--unix") stands last among the arguments, from 1 on; 0: nowhere. */
size_t pw_last_option(const char *const *argv, const char *option);

#endif
