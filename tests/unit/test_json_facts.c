/* SPDX-License-Identifier: GPL-2.0-only */
/* Facts as JSON: every kind of value, bounds, lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sys/syscall.h>

#include "report/json_facts.h"

#define ZERO UINT64_C(1000)

static void assert_json(const struct pw_value *values, const char *expected)
{
	const struct pw_fact fact = pw_fact_make("any", values);
	char *json = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&json, &length);
	struct pw_json j;

	assert_non_null(out);
	pw_json_init(&j, out);
	pw_json_object(&j);
	pw_field_values(&j, &fact, ZERO);
	pw_json_end(&j);
	assert_int_equal(pw_json_finish(&j), 0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(json, expected);
	free(json);
}

static void test_no_values(void **state)
{
	(void)state;
	assert_json(NULL, "{}\n");
}

static void test_kinds(void **state)
{
	(void)state;
	assert_json(PW_VALUES(pw_value_unknown("a"), pw_value_count("b", UINT64_MAX),
			      pw_value_integer("c", -1), pw_value_ns("d_ns", 5),
			      pw_value_moment("e_ns", ZERO - 1), pw_value_tid("f", 9)),
		    "{\"a\": null, \"b\": 18446744073709551615, \"c\": -1, \"d_ns\": 5, \"e_ns\": -1, \"f\": "
		    "9}\n");
	assert_json(PW_VALUES(pw_value_percent("a", 12.5), pw_value_percent("b", 0.0 / 0.0),
			      pw_value_signal("c", 9), pw_value_syscall("d", SYS_read),
			      pw_value_syscall("e", -1), pw_value_word("f", "init"),
			      pw_value_text("g", "\xff\"")),
		    "{\"a\": 12.500, \"b\": null, \"c\": 9, \"d\": \"read\", \"e\": null, \"f\": \"init\", "
		    "\"g\": \"\xef\xbf\xbd\\\"\"}\n");
}

static void test_processes(void **state)
{
	(void)state;
	assert_json(PW_VALUES(pw_value_process_named("a", 4, ZERO + 7, "sh"),
			      pw_value_process_named("b", 5, 0, "")),
		    "{\"a\": {\"pid\": 4, \"start_ns\": 7, \"comm\": \"sh\"}, "
		    "\"b\": {\"pid\": 5, \"start_ns\": null, \"comm\": null}}\n");
}

static void test_bounds(void **state)
{
	(void)state;
	assert_json(PW_VALUES(pw_value_ns_bound("a_ns", 5, PW_AT_MOST),
			      pw_value_ns_bound("b_ns", 6, PW_AT_LEAST),
			      pw_value_ns_bound("c_ns", 7, PW_EXACT)),
		    "{\"a_ns\": 5, \"a_ns_bound\": \"at_most\", \"b_ns\": 6, \"b_ns_bound\": \"at_least\", "
		    "\"c_ns\": 7}\n");
}

/* A reader need not care how many items there are; one more value of a name that is no list is left out. */
static void test_lists(void **state)
{
	(void)state;
	assert_json(PW_VALUES(pw_value_item(pw_value_tid("a", 1))), "{\"a\": [1]}\n");
	assert_json(PW_VALUES(pw_value_item(pw_value_tid("a", 1)), pw_value_count("b", 2),
			      pw_value_item(pw_value_tid("a", 3))),
		    "{\"a\": [1, 3], \"b\": 2}\n");
	assert_json(PW_VALUES(pw_value_count("b", 2), pw_value_count("b", 3)), "{\"b\": 2}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_values), cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_processes), cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
