/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists of words: finding one, printing all, guessing the one that was meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "util/wordlist.h"

static const char *const words[] = {"run", "attach", "report", "demos", "check", NULL};

static void finds_only_whole_words(void **state)
{
	(void)state;
	assert_int_equal(pw_wordlist_find("run", words), 0);
	assert_int_equal(pw_wordlist_find("check", words), 4);
	assert_int_equal(pw_wordlist_find("ru", words), -1);
	assert_int_equal(pw_wordlist_find("", words), -1);
}

static void prints_a_list(void **state)
{
	char buf[64], small[8];

	(void)state;
	assert_string_equal(pw_wordlist_text(buf, sizeof(buf), words), "run, attach, report, demos or check");
	assert_string_equal(pw_wordlist_text(buf, sizeof(buf), words + 3), "demos or check");
	assert_string_equal(pw_wordlist_text(buf, sizeof(buf), words + 4), "check");
	assert_string_equal(pw_wordlist_text(buf, sizeof(buf), words + 5), "");
	assert_string_equal(pw_wordlist_text(small, sizeof(small), words), "run, at");
}

static void counts_mistakes(void **state)
{
	char long_word[64];

	(void)state;
	memset(long_word, 'a', sizeof(long_word) - 1);
	long_word[sizeof(long_word) - 1] = '\0';
	assert_int_equal(pw_edit_distance("", ""), 0);
	assert_int_equal(pw_edit_distance("zombie", "zombie"), 0);
	assert_int_equal(pw_edit_distance("zmobie", "zombie"), 1);
	assert_int_equal(pw_edit_distance("zombi", "zombie"), 1);
	assert_int_equal(pw_edit_distance("zombies", "zombie"), 1);
	assert_int_equal(pw_edit_distance("zambie", "zombie"), 1);
	assert_int_equal(pw_edit_distance("abc", ""), 3);
	assert_int_equal(pw_edit_distance("pool", "fork"), 3);
	assert_true(pw_edit_distance(long_word, "a") == SIZE_MAX);
	assert_true(pw_edit_distance("a", long_word) == SIZE_MAX);
}

static void guesses_the_nearest(void **state)
{
	static const char *const options[] = {"since", "sort", "state", "color", "no-children", NULL};

	(void)state;
	assert_string_equal(pw_wordlist_nearest("rnu", words), "run");
	assert_string_equal(pw_wordlist_nearest("atach", words), "attach");
	assert_string_equal(pw_wordlist_nearest("demo", words), "demos");
	assert_string_equal(pw_wordlist_nearest("colour", options), "color");
	assert_string_equal(pw_wordlist_nearest("nochildren", options), "no-children");
	assert_string_equal(pw_wordlist_nearest("statement", options), "state");
	assert_null(pw_wordlist_nearest("x", options));
	assert_null(pw_wordlist_nearest("", options));
	assert_null(pw_wordlist_nearest("xylophone", words));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_only_whole_words),
		cmocka_unit_test(prints_a_list),
		cmocka_unit_test(counts_mistakes),
		cmocka_unit_test(guesses_the_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
