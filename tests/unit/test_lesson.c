/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of demos, the guesses for misspelt names, and the claims as such. */
#include "lib/scenario.h"

static void the_table_is_complete(void **state)
{
	size_t count = 0;

	(void)state;
	for (const struct pw_demo *d = pw_demos; d->name; d++, count++) {
		assert_memory_equal(d->name, "demo_", 5);
		assert_true(strlen(d->name) < PW_COMM_LEN); /* it is the process's name, too */
		assert_non_null(d->chapter);
		assert_non_null(d->title);
		assert_non_null(d->page);
		assert_non_null(d->judge);
		assert_ptr_equal(pw_demo_find(d->name), d);
	}
	assert_true(count >= 5);
	assert_null(pw_demo_find("zombie"));
	assert_null(pw_demo_find(""));
}

static void near_names_are_guessed(void **state)
{
	static const struct {
		const char *typed, *meant;
	} guesses[] = {
		{"demo_zombi", "demo_zombie"},	{"demo_zmobie", "demo_zombie"}, {"zombie", "demo_zombie"},
		{"demo-zombie", "demo_zombie"}, {"Demo_Zombie", "demo_zombie"}, {"orphans", "demo_orphan"},
		{"demo_deamon", "demo_daemon"}, {"pool", "demo_pool"},		{"demo_qeue", "demo_queue"},
		{"demo_queue", "demo_queue"},	{"deno_pol", "demo_pool"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
		const struct pw_demo *d = pw_demo_nearest(guesses[i].typed);

		if (!d)
			fail_msg("nothing was guessed for %s", guesses[i].typed);
		assert_string_equal(d->name, guesses[i].meant);
	}
}

/* A list with the same heading twice would be hard to read. */
static void chapters_stand_together(void **state)
{
	(void)state;
	for (const struct pw_demo *d = pw_demos; d->name; d++) {
		for (const struct pw_demo *later = d + 1; later->name; later++) {
			if (strcmp(later->chapter, d->chapter) == 0)
				assert_string_equal(later[-1].chapter, d->chapter);
		}
	}
}

static void far_names_are_not(void **state)
{
	static const char *const names[] = {
		"",
		"x",
		"ls",
		"demo_",
		"demo_xylophone",
		"firefox",
		"python3",
		"a_name_that_is_much_longer_than_any_demo_could_ever_be_called",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct pw_demo *d = pw_demo_nearest(names[i]);

		if (d)
			fail_msg("%s was guessed for %s", d->name, names[i]);
	}
}

static void claims_are_kept_in_order(void **state)
{
	struct pw_lesson lesson = {.demo = "demo_zombie"};
	struct pw_facts facts = {0}, none = {0};
	const struct pw_fact fact = pw_fact_make("lasted", PW_VALUES(pw_value_ns("zombie_ns", 500)));

	(void)state;
	pw_facts_add(&facts, &fact);
	assert_int_equal(pw_claim(&lesson, "one", "text one", true, &facts), 0);
	assert_int_equal(pw_claim(&lesson, "two", "text two", false, &none), 0);
	assert_int_equal(facts.count, 0); /* they were taken */
	assert_int_equal(lesson.count, 2);
	assert_int_equal(lesson.claims[0].facts.count, 1);
	assert_string_equal(lesson.claims[0].facts.at[0].code, "lasted");
	assert_true(lesson.claims[0].held);
	assert_string_equal(lesson.claims[1].id, "two");
	assert_false(lesson.claims[1].held);
	pw_lesson_free(&lesson);
	assert_int_equal(lesson.count, 0);
}

/* In a recording of something else no claim holds, and the evidence names what is missing. */
static void an_empty_record_holds_nothing(void **state)
{
	(void)state;
	for (const struct pw_demo *d = pw_demos; d->name; d++) {
		void *s = NULL;
		const char *const *variant = d->variants;

		scenario_set_up(&s);
		for (const char *option = NULL;; option = *variant++) {
			struct pw_lesson lesson = judged(s, d->name, option, 1000);

			assert_true(lesson.count >= 3);
			for (size_t i = 0; i < lesson.count; i++) {
				assert_not_held(&lesson, lesson.claims[i].id);
				assert_evidence(&lesson, lesson.claims[i].id, "is in the record");
				for (size_t j = 0; j < i; j++)
					assert_string_not_equal(lesson.claims[i].id, lesson.claims[j].id);
			}
			pw_lesson_free(&lesson);
			if (!*variant)
				break;
		}
		scenario_tear_down(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_complete),    cmocka_unit_test(chapters_stand_together),
		cmocka_unit_test(near_names_are_guessed),   cmocka_unit_test(far_names_are_not),
		cmocka_unit_test(claims_are_kept_in_order), cmocka_unit_test(an_empty_record_holds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
