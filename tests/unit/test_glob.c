/* SPDX-License-Identifier: GPL-2.0-only */
/* Patterns on names: they match what the C library's fnmatch() matches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/glob.h"

static bool matches(const char *pattern, const char *name)
{
	char comm[PW_COMM_LEN] = "";
	struct pw_glob glob;

	strncpy(comm, name, sizeof(comm) - 1);
	pw_glob_compile(&glob, pattern);
	return pw_glob_matches(&glob, comm);
}

static void words(void **state)
{
	(void)state;
	assert_true(matches("nginx*", "nginx"));
	assert_true(matches("*nginx*", "my-nginx-2"));
	assert_true(matches("*", ""));
	assert_true(matches("**", "x"));
	assert_true(matches("exactly-15-long", "exactly-15-long"));
	assert_true(matches("*?*?*", "ab"));
	assert_false(matches("*?*?*", "a"));
	assert_false(matches("nginx", "nginx2"));
	assert_false(matches("?", ""));
	assert_false(matches("sshd", "ssh"));
	assert_true(matches("\xc3\xa9*", "\xc3\xa9t\xc3\xa9"));
}

static void longest(void **state)
{
	char pattern[PW_GLOB_LEN + 1];

	(void)state;
	for (size_t i = 0; i < PW_GLOB_LEN; i++)
		pattern[i] = i % 4 ? '*' : 'a';
	pattern[PW_GLOB_LEN] = '\0';
	assert_true(matches(pattern, "aaaaaaaaaaaaaaa"));
	assert_false(matches(pattern, "aaaaaaaaaaaaaa"));
	memset(pattern, '?', PW_GLOB_LEN);
	assert_false(matches(pattern, "aaaaaaaaaaaaaaa"));
}

static void make(char *text, size_t most, const char *letters)
{
	const size_t length = (size_t)rand() % (most + 1), n = strlen(letters);

	for (size_t i = 0; i < length; i++)
		text[i] = letters[(size_t)rand() % n];
	text[length] = '\0';
}

static void as_the_library(void **state)
{
	char pattern[PW_GLOB_LEN + 1], name[PW_COMM_LEN];
	int matched = 0;

	(void)state;
	srand(1);
	for (int i = 0; i < 200000; i++) {
		make(pattern, i % 10 ? 8 : PW_GLOB_LEN, "aab*?");
		make(name, PW_COMM_LEN - 1, "ab");
		matched += matches(pattern, name);
		if (matches(pattern, name) != !fnmatch(pattern, name, 0))
			fail_msg("'%s' and '%s'", pattern, name);
	}
	assert_in_range(matched, 1000, 199000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(longest),
		cmocka_unit_test(as_the_library),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
