/* SPDX-License-Identifier: GPL-2.0-only */
/* Facts into sentences: gaps, conditions, alternatives, lists, languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/words/words.h"

static const struct pw_sentence sentences[] = {
	{"late", "parent count=1", N_("{parent} is late[by_ns? by {by_ns}]."), false},
	{NULL, "parent", N_("{parent.pid} is late {count} {count|time|times}."), false},
	{NULL, NULL, N_("Somebody is late."), false},
	{NULL, "state=blocked !by_ns", N_("It sleeps."), true},
	{NULL, "state!=blocked", N_("It does not sleep."), false},
	{"pids", NULL, N_("made {pid}"), false},
	{"broken", NULL, N_("{no end [no? end ]{"), false},
	{0},
};
static const struct pw_sentence *const tables[] = {sentences, NULL};

static void assert_reads(const char *code, const struct pw_value *values, const char *expected)
{
	const struct pw_fact fact = pw_fact_make(code, values);
	struct pw_text out = {0};

	assert_true(pw_words_fact(PW_ENGLISH, tables, &fact, &out));
	assert_string_equal(pw_text_get(&out), expected);
	pw_text_free(&out);
}

static void test_alternatives(void **state)
{
	const struct pw_value parent = pw_value_process_named("parent", 12, 1, "a b");

	(void)state;
	assert_reads("late", NULL, "Somebody is late. It does not sleep.");
	assert_reads("late", PW_VALUES(parent, pw_value_count("count", 3), pw_value_word("state", "blocked")),
		     "12 is late 3 times. It sleeps.");
	assert_reads("late", PW_VALUES(parent, pw_value_count("count", 1), pw_value_ns("by_ns", 1500000)),
		     "12 \"a b\" is late by 1.50 ms. It does not sleep.");
	assert_reads("late",
		     PW_VALUES(parent, pw_value_count("count", 1), pw_value_word("state", "blocked"),
			       pw_value_ns_bound("by_ns", 1000, PW_AT_MOST)),
		     "12 \"a b\" is late by at most 1.00 µs.");
}

static void test_what_is_unknown_is_not_said(void **state)
{
	(void)state;
	assert_reads("late", PW_VALUES(pw_value_unknown("parent"), pw_value_count("count", 1)),
		     "Somebody is late. It does not sleep.");
	assert_reads("pids", NULL, "made ");
}

static void test_lists(void **state)
{
	(void)state;
	assert_reads(
		"pids",
		PW_VALUES(pw_value_item(pw_value_tid("pid", 3)), pw_value_item(pw_value_tid("pid", 40000))),
		"made 3, 40000");
}

static void test_a_broken_form_stays_as_it_is(void **state)
{
	(void)state;
	assert_reads("broken", NULL, "{no end {");
}

static void test_unknown_codes(void **state)
{
	const struct pw_fact fact = pw_fact_make("never", NULL);
	struct pw_text out = {0};

	(void)state;
	assert_false(pw_words_fact(PW_ENGLISH, tables, &fact, &out));
	assert_false(pw_words_fact(PW_ENGLISH, NULL, &fact, &out));
	pw_text_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alternatives),  cmocka_unit_test(test_what_is_unknown_is_not_said),
		cmocka_unit_test(test_lists),	      cmocka_unit_test(test_a_broken_form_stays_as_it_is),
		cmocka_unit_test(test_unknown_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
