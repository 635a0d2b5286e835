/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lets tests/run choose one case of a cmocka program: PW_TEST_FILTER holds a pattern with * and ?.
 * cmocka 1.1 has a function for this, but no environment variable of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

__attribute__((constructor)) static void set_filter(void)
{
	const char *pattern = getenv("PW_TEST_FILTER");

	if (pattern)
		cmocka_set_test_filter(pattern);
}
