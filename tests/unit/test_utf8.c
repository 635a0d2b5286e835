/* SPDX-License-Identifier: GPL-2.0-only */
/* UTF-8, the width of characters, and the escaping of untrusted text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "util/text.h"
#include "util/utf8.h"

static void test_decode(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		uint32_t character;
	} cases[] = {
		{"A", 1, 'A'},
		{"\xc2\xb5", 2, 0xb5},
		{"\xe2\x96\x88", 3, 0x2588},
		{"\xf0\x9f\x90\xa7", 4, 0x1f427},
		{"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
		{"\x80", 0, 0}, /* a continuation alone */
		{"\xc0\xaf", 0, 0}, /* overlong */
		{"\xc1\xbf", 0, 0}, /* overlong */
		{"\xe0\x9f\xbf", 0, 0}, /* overlong */
		{"\xf0\x8f\xbf\xbf", 0, 0}, /* overlong */
		{"\xed\xa0\x80", 0, 0}, /* a surrogate */
		{"\xf4\x90\x80\x80", 0, 0}, /* beyond the last */
		{"\xff", 0, 0},
		{"\xe2\x96", 0, 0}, /* cut short */
		{"\xe2\x28\xa1", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t c = 0;

		assert_int_equal(pw_utf8_decode(cases[i].bytes, strlen(cases[i].bytes), &c), cases[i].length);
		if (cases[i].length > 0)
			assert_int_equal(c, cases[i].character);
	}
}

static void test_decode_stays_inside(void **state)
{
	char *bytes = malloc(2);
	uint32_t c;

	(void)state;
	memcpy(bytes, "\xf0\x9f", 2);
	assert_int_equal(pw_utf8_decode(bytes, 2, &c), 0);
	free(bytes);
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(pw_utf8_width('a'), 1);
	assert_int_equal(pw_utf8_width(0xe9), 1);
	assert_int_equal(pw_utf8_width(0x2588), 1); /* full block */
	assert_int_equal(pw_utf8_width(0x5b50), 2); /* a Han character */
	assert_int_equal(pw_utf8_width(0xac00), 2); /* a Hangul syllable */
	assert_int_equal(pw_utf8_width(0xff21), 2); /* fullwidth A */
	assert_int_equal(pw_utf8_width(0xff76), 1); /* halfwidth katakana */
	assert_int_equal(pw_utf8_width(0x1f427), 2);
	assert_int_equal(pw_utf8_width(0x301), 0); /* combining acute */
	assert_int_equal(pw_utf8_width(0x1b), -1);
	assert_int_equal(pw_utf8_width(0x7f), -1);
	assert_int_equal(pw_utf8_width(0x9b), -1); /* CSI in one byte */
	assert_int_equal(pw_utf8_width(0x200b), -1); /* zero width space */
	assert_int_equal(pw_utf8_width(0x202e), -1); /* right-to-left override */
	assert_int_equal(pw_utf8_width(0x2028), -1); /* line separator */
	assert_int_equal(pw_utf8_width(0xfeff), -1);
	assert_int_equal(pw_utf8_width(0xffff), -1);
	assert_int_equal(pw_utf8_width(0xe0041), -1); /* a tag character */
}

static void test_columns(void **state)
{
	(void)state;
	assert_int_equal(pw_utf8_columns(""), 0);
	assert_int_equal(pw_utf8_columns("abc"), 3);
	assert_int_equal(pw_utf8_columns("子进程"), 6);
	assert_int_equal(pw_utf8_columns("e\xcc\x81t"), 2);
}

static void assert_escaped(const char *bytes, size_t n, enum pw_escaping how, const char *expected)
{
	struct pw_text t = {0};

	pw_text_escaped(&t, bytes, n, how);
	assert_false(t.failed);
	assert_string_equal(pw_text_get(&t), expected);
	pw_text_free(&t);
}

#define ESCAPED(literal, how, expected) assert_escaped(literal, sizeof(literal) - 1, how, expected)

static void test_escape(void **state)
{
	(void)state;
	ESCAPED("", PW_AS_UTF8, "");
	ESCAPED("make -j", PW_AS_UTF8, "make -j");
	ESCAPED("子é", PW_AS_UTF8, "子é");
	ESCAPED("a\x1b[31mb", PW_AS_UTF8, "a\\x1b[31mb");
	ESCAPED("a\nb\tc\x7f", PW_AS_UTF8, "a\\x0ab\\x09c\\x7f");
	ESCAPED("a\0b", PW_AS_UTF8, "a\\x00b");
	ESCAPED("\\x1b", PW_AS_UTF8, "\\\\x1b");
	ESCAPED("\xff\xe5\xad", PW_AS_UTF8, "\\xff\\xe5\\xad");
	ESCAPED("\xc2\x9b", PW_AS_UTF8, "\\xc2\\x9b");
	ESCAPED("x\xe2\x80\xaey", PW_AS_UTF8, "x\\xe2\\x80\\xaey");
	ESCAPED("\xcc\x81x", PW_AS_UTF8, "\\xcc\\x81x"); /* nothing to combine with */
	ESCAPED("x\n\xcc\x81", PW_AS_UTF8, "x\\x0a\\xcc\\x81"); /* nor with what was escaped */
	ESCAPED("x\xcc\x81\xcc\x82", PW_AS_UTF8, "x\xcc\x81\xcc\x82");
}

static void test_escape_ascii(void **state)
{
	(void)state;
	ESCAPED("é", PW_AS_ASCII, "\\xc3\\xa9");
	ESCAPED("µ", PW_AS_ASCII, "\\xc2\\xb5");
	ESCAPED("1.2–3 µs … ≤ é", PW_PROSE_AS_ASCII, "1.2-3 us ... <= \\xc3\\xa9");
}

static void assert_word(const char *word, enum pw_escaping how, const char *expected)
{
	struct pw_text t = {0};

	pw_text_shell_word(&t, word, how);
	assert_string_equal(pw_text_get(&t), expected);
	pw_text_free(&t);
}

static void test_shell_word(void **state)
{
	(void)state;
	assert_word("make", PW_AS_UTF8, "make");
	assert_word("--jobs=4", PW_AS_UTF8, "--jobs=4");
	assert_word("子", PW_AS_UTF8, "子");
	assert_word("子", PW_AS_ASCII, "$'\\xe5\\xad\\x90'");
	assert_word("", PW_AS_UTF8, "''");
	assert_word("a b", PW_AS_UTF8, "'a b'");
	assert_word("$HOME;*", PW_AS_UTF8, "'$HOME;*'");
	assert_word("it's", PW_AS_UTF8, "$'it\\'s'");
	assert_word("a\\b", PW_AS_UTF8, "$'a\\\\b'");
	assert_word("\x1b]0;\x07", PW_AS_UTF8, "$'\\x1b]0;\\x07'");
}

static void assert_cut(const char *text, size_t columns, const char *expected)
{
	struct pw_text t = {0};

	assert_int_equal(pw_text_cut(&t, text, columns, "…"), pw_utf8_columns(expected));
	assert_string_equal(pw_text_get(&t), expected);
	pw_text_free(&t);
}

static void test_cut(void **state)
{
	(void)state;
	assert_cut("abc", 3, "abc");
	assert_cut("abcd", 3, "ab…");
	assert_cut("abcd", 1, "…");
	assert_cut("abcd", 0, "");
	assert_cut("子进程", 6, "子进程");
	assert_cut("子进程", 5, "子进…");
	assert_cut("子进程", 4, "子…"); /* never half a character */
	assert_cut("e\xcc\x81te\xcc\x81s", 3, "e\xcc\x81t…");
}

static void test_growth(void **state)
{
	struct pw_text t = {0};

	(void)state;
	assert_string_equal(pw_text_get(&t), "");
	for (int i = 0; i < 1000; i++)
		pw_text_format(&t, "%d,", i % 10);
	assert_int_equal(t.length, 2000);
	assert_int_equal(strlen(pw_text_get(&t)), 2000);
	pw_text_clear(&t);
	pw_text_repeat(&t, "ab", 3);
	assert_string_equal(pw_text_get(&t), "ababab");
	pw_text_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),	   cmocka_unit_test(test_decode_stays_inside),
		cmocka_unit_test(test_width),	   cmocka_unit_test(test_columns),
		cmocka_unit_test(test_escape),	   cmocka_unit_test(test_escape_ascii),
		cmocka_unit_test(test_shell_word), cmocka_unit_test(test_cut),
		cmocka_unit_test(test_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
