/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/course.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/wordlist.h"

// clang-format off
const struct pw_demo pw_demos[] = {
#define ROW(id, the_chapter, the_title, ...)                                                                 \
	{.name = "demo_" #id,                                                                                \
	 .chapter = (the_chapter),                                                                           \
	 .title = (the_title),                                                                               \
	 .page = pw_page_##id,                                                                               \
	 .variants = {__VA_ARGS__},                                                                          \
	 .judge = pw_judge_##id},
	PW_DEMOS(ROW)
#undef ROW
	{0},
};
// clang-format on

const struct pw_demo *pw_demo_find(const char *name)
{
	for (const struct pw_demo *d = pw_demos; d->name; d++) {
		if (strcmp(d->name, name) == 0)
			return d;
	}
	return NULL;
}

/* A guess may be wrong in so many letters: fewer for the short word after "demo_". */
enum { SLIPS_WHOLE = 2, SLIPS_PART = 1 };

const struct pw_demo *pw_demo_nearest(const char *name)
{
	const struct pw_demo *best = NULL;
	size_t best_slips = SIZE_MAX;
	char lower[PW_DISTANCE_MAX + 1] = "";

	if (strlen(name) > PW_DISTANCE_MAX)
		return NULL;
	for (size_t i = 0; name[i]; i++)
		lower[i] = (char)tolower((unsigned char)name[i]);
	for (const struct pw_demo *d = pw_demos; d->name; d++) {
		const char *word = d->name + strlen("demo_"); /* "zombie" means demo_zombie, too */
		const size_t whole = pw_edit_distance(lower, d->name), part = pw_edit_distance(lower, word);

		if (whole <= SLIPS_WHOLE && whole < best_slips) {
			best_slips = whole;
			best = d;
		}
		if (part <= SLIPS_PART && part < best_slips) {
			best_slips = part;
			best = d;
		}
	}
	return best;
}

int pw_claim(struct pw_lesson *lesson, const char *id, const char *text, bool held, struct pw_facts *facts)
{
	struct pw_claim *claims = NULL;

	if (!facts->err)
		claims = reallocarray(lesson->claims, lesson->count + 1, sizeof(*claims));
	if (!claims) {
		pw_facts_free(facts);
		return -ENOMEM;
	}
	lesson->claims = claims;
	claims[lesson->count++] = (struct pw_claim){.id = id, .text = text, .held = held, .facts = *facts};
	*facts = (struct pw_facts){0};
	return 0;
}

void pw_lesson_free(struct pw_lesson *lesson)
{
	for (size_t i = 0; i < lesson->count; i++)
		pw_facts_free(&lesson->claims[i].facts);
	free(lesson->claims);
	lesson->claims = NULL;
	lesson->count = 0;
}
