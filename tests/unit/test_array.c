/* SPDX-License-Identifier: GPL-2.0-only */
/* Growing arrays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "util/array.h"

static void the_first_reservation_is_exact(void **state)
{
	uint32_t *items = NULL;
	size_t room = 0;

	(void)state;
	assert_int_equal(pw_array_reserve(&items, &room, 1, sizeof(*items)), 0);
	assert_int_equal(room, 1);
	free(items);
}

static void nothing_is_reserved_for_nothing(void **state)
{
	uint32_t *items = NULL;
	size_t room = 0;

	(void)state;
	assert_int_equal(pw_array_reserve(&items, &room, 0, sizeof(*items)), 0);
	assert_null(items);
	assert_int_equal(room, 0);
}

static void items_are_kept_while_it_grows(void **state)
{
	uint64_t *items = NULL;
	size_t room = 0, moves = 0;

	(void)state;
	for (size_t n = 0; n < 100000; n++) {
		const size_t before = room;

		assert_int_equal(pw_array_reserve(&items, &room, n + 1, sizeof(*items)), 0);
		assert_true(room > n);
		moves += room != before;
		items[n] = n * n;
	}
	for (size_t n = 0; n < 100000; n++)
		assert_int_equal(items[n], n * n);
	assert_in_range(moves, 1, 20);
	free(items);
}

static void a_large_need_is_met_at_once(void **state)
{
	char *items = NULL;
	size_t room = 0;

	(void)state;
	assert_int_equal(pw_array_reserve(&items, &room, 3, sizeof(*items)), 0);
	assert_int_equal(pw_array_reserve(&items, &room, 1000, sizeof(*items)), 0);
	assert_int_equal(room, 1000);
	assert_int_equal(pw_array_reserve(&items, &room, 7, sizeof(*items)), 0);
	assert_int_equal(room, 1000);
	free(items);
}

static void what_no_memory_holds_is_refused(void **state)
{
	uint64_t *items = NULL, *kept;
	size_t room = 0;

	(void)state;
	assert_int_equal(pw_array_reserve(&items, &room, 2, sizeof(*items)), 0);
	items[1] = 7;
	kept = items;
	assert_int_equal(pw_array_reserve(&items, &room, SIZE_MAX / sizeof(*items) + 1, sizeof(*items)),
			 -ENOMEM);
	assert_int_equal(pw_array_reserve(&items, &room, SIZE_MAX, sizeof(*items)), -ENOMEM);
	assert_ptr_equal(items, kept);
	assert_int_equal(room, 2);
	assert_int_equal(items[1], 7);
	free(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_reservation_is_exact),
		cmocka_unit_test(nothing_is_reserved_for_nothing),
		cmocka_unit_test(items_are_kept_while_it_grows),
		cmocka_unit_test(a_large_need_is_met_at_once),
		cmocka_unit_test(what_no_memory_holds_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
