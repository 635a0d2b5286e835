/* SPDX-License-Identifier: GPL-2.0-only */
/* Which language is chosen, and that every text is in that language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "course/course.h"
#include "report/words/words.h"
#include "util/lang.h"

static void test_translates(void **state)
{
	(void)state;
	assert_string_equal(pw_lang_text(PW_ENGLISH, "zombie"), "zombie");
	assert_string_equal(pw_lang_text(PW_CHINESE, "running"), "运行");
	assert_string_equal(pw_lang_text(PW_CHINESE, "zombie"), "僵尸");
}

/* The catalogue keeps its header under the empty text, which must not be shown. */
static void test_unknown_stays(void **state)
{
	static const char *const texts[] = {"", " ", "zombi", "zombies of no catalogue", "~~", "\x01"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_ptr_equal(pw_lang_text(PW_CHINESE, texts[i]), texts[i]);
}

static void test_counts(void **state)
{
	static const char one[] = "%s mark", more[] = "%s marks";

	(void)state;
	assert_ptr_equal(pw_lang_count(PW_ENGLISH, one, more, 1), one);
	assert_ptr_equal(pw_lang_count(PW_ENGLISH, one, more, 0), more);
	assert_ptr_equal(pw_lang_count(PW_ENGLISH, one, more, 2), more);
	assert_string_equal(pw_lang_count(PW_CHINESE, one, more, 1), "%s 个标记");
	assert_string_equal(pw_lang_count(PW_CHINESE, one, more, 2), "%s 个标记");
	assert_string_equal(pw_lang_count(PW_CHINESE, "a fox", "foxes", 2), "foxes");
}

static void set_locale(const char *all, const char *messages, const char *lang)
{
	const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *const values[] = {all, messages, lang};

	unsetenv("LC_CTYPE");
	setenv("LANGUAGE", "fr:de", 1); /* procwatch has neither language, and does not ask for it */
	for (size_t i = 0; i < 3; i++) {
		if (values[i])
			setenv(names[i], values[i], 1);
		else
			unsetenv(names[i]);
	}
}

static void test_locale(void **state)
{
	static const struct {
		const char *all, *messages, *lang;
		enum pw_language language;
	} cases[] = {
		{NULL, NULL, NULL, PW_ENGLISH},		 {NULL, NULL, "zh_CN.UTF-8", PW_CHINESE},
		{NULL, NULL, "zh", PW_CHINESE},		 {NULL, NULL, "zh.UTF-8", PW_CHINESE},
		{NULL, NULL, "zh_TW", PW_CHINESE},	 {NULL, NULL, "zh@pinyin", PW_CHINESE},
		{NULL, NULL, "zha_CN", PW_ENGLISH},	 {NULL, NULL, "z", PW_ENGLISH},
		{NULL, NULL, "fr_FR.UTF-8", PW_ENGLISH}, {NULL, NULL, "C.UTF-8", PW_ENGLISH},
		{NULL, "zh_CN", "en_GB", PW_CHINESE},	 {NULL, "en_GB", "zh_CN", PW_ENGLISH},
		{"C", "zh_CN", "zh_CN", PW_ENGLISH},	 {"zh_CN", "C", "C", PW_CHINESE},
		{"", "", "zh_CN", PW_CHINESE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_locale(cases[i].all, cases[i].messages, cases[i].lang);
		assert_int_equal(pw_lang_of_locale(), cases[i].language);
	}
}

/* Machines often name a locale that they do not have. */
static void test_utf8_by_name(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C");
	set_locale(NULL, NULL, "xx_YY.UTF-8");
	assert_true(pw_lang_is_utf8());
	set_locale(NULL, NULL, "xx_YY.utf8@z");
	assert_true(pw_lang_is_utf8());
	set_locale("xx_YY", NULL, "xx_YY.UTF-8");
	assert_false(pw_lang_is_utf8());
	set_locale(NULL, NULL, "zh_CN.GB18030");
	assert_false(pw_lang_is_utf8());
	set_locale(NULL, NULL, NULL);
	assert_false(pw_lang_is_utf8());
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(pw_lang_find("en"), PW_ENGLISH);
	assert_int_equal(pw_lang_find("zh"), PW_CHINESE);
	assert_int_equal(pw_lang_find("ZH"), -EINVAL);
	assert_int_equal(pw_lang_find("zh_CN"), -EINVAL);
	assert_int_equal(pw_lang_find(""), -EINVAL);
	assert_string_equal(pw_lang_name(PW_CHINESE), "zh");
}

static bool has_chinese(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0xe4 && (unsigned char)*text <= 0xe9) /* U+4000 to U+9FFF */
			return true;
	return false;
}

/* What each lesson says of an empty recording: a new demo needs its translation. */
static void test_every_lesson(void **state)
{
	struct pw_model *empty = pw_model_new();
	struct pw_text evidence = {0};

	(void)state;
	assert_non_null(empty);
	assert_int_equal(pw_model_finish(empty, 0), 0);
	for (const struct pw_demo *d = pw_demos; d->name; d++) {
		assert_true(has_chinese(pw_lang_text(PW_CHINESE, d->chapter)));
		assert_true(has_chinese(pw_lang_text(PW_CHINESE, d->title)));
		assert_true(has_chinese(pw_lang_text(PW_CHINESE, d->page)));
		for (size_t v = 0; v == 0 || d->variants[v - 1]; v++) {
			const char *const argv[] = {d->name, v ? d->variants[v - 1] : NULL, NULL};
			struct pw_lesson lesson = {.demo = d->name};

			assert_int_equal(d->judge(&lesson, empty, argv), 0);
			assert_true(lesson.count > 0);
			for (size_t i = 0; i < lesson.count; i++) {
				assert_true(has_chinese(pw_lang_text(PW_CHINESE, lesson.claims[i].text)));
				pw_words_evidence(PW_CHINESE, &lesson, &lesson.claims[i], &evidence);
				assert_true(has_chinese(pw_text_get(&evidence)));
				pw_text_free(&evidence);
			}
			pw_lesson_free(&lesson);
		}
	}
	pw_model_free(empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_translates),   cmocka_unit_test(test_unknown_stays),
		cmocka_unit_test(test_counts),	     cmocka_unit_test(test_locale),
		cmocka_unit_test(test_utf8_by_name), cmocka_unit_test(test_names),
		cmocka_unit_test(test_every_lesson),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
