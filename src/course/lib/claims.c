/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/claims.h"

#include <string.h>

#include "course/course.h"

/* missing: the name of a process that is not in the record, or NULL. */
static int judge_claim(struct pw_lesson *lesson, const struct pw_demo_run *run, const char *missing,
		       const struct pw_claim_def *def)
{
	struct pw_evidence why = {0};
	bool held = false;

	if (missing)
		pw_evidence_add(&why, "process_missing", PW_VALUES(pw_value_text("name", missing)));
	else
		held = def->holds(run, &why);
	return pw_claim(lesson, def->id, def->text, held, &why.facts);
}

int pw_judge(struct pw_lesson *lesson, const struct pw_model *m, const struct pw_lesson_def *def)
{
	struct pw_demo_run run = {.m = m};
	const char *missing = pw_roles_find(&run, def->demo, def->roles);
	const struct pw_demo *demo = pw_demo_find(def->demo);
	int err = 0;

	lesson->title = demo ? demo->title : NULL;
	lesson->words[0] = def->words ? def->words : pw_course_words;
	lesson->words[1] = pw_course_words;
	for (size_t i = 0; i < def->count && !err; i++)
		err = judge_claim(lesson, &run, missing, &def->claims[i]);
	return err;
}

size_t pw_last_option(const char *const *argv, const char *option)
{
	size_t last = 0;

	for (size_t i = 0; argv && argv[i]; i++) {
		if (strcmp(argv[i], option) == 0)
			last = i + 1;
	}
	return last;
}
