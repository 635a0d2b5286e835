/* SPDX-License-Identifier: GPL-2.0-only */
/* The JSON writer: what it writes, judged byte by byte and by a real parser. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/json.h"

struct page { /* a document in memory */
	struct pw_json json;
	FILE *out;
	char *text;
	size_t len;
};

static struct pw_json *page_open(struct page *p)
{
	p->out = open_memstream(&p->text, &p->len);
	assert_non_null(p->out);
	pw_json_init(&p->json, p->out);
	return &p->json;
}

static int page_close(struct page *p)
{
	int err = pw_json_finish(&p->json);

	assert_int_equal(fclose(p->out), 0);
	return err;
}

#define assert_page(p, expected)                                                                             \
	do {                                                                                                 \
		assert_int_equal(page_close(p), 0);                                                          \
		assert_string_equal((p)->text, expected "\n");                                               \
		free((p)->text);                                                                             \
	} while (0)

static void assert_written(const char *bytes, size_t len, const char *expected)
{
	struct page p;

	pw_json_bytes(page_open(&p), bytes, len);
	assert_int_equal(page_close(&p), 0);
	assert_true(p.len == strlen(expected) + 3);
	assert_memory_equal(p.text + 1, expected, p.len - 3);
	free(p.text);
}

#define WRITTEN(bytes, expected) assert_written(bytes, sizeof(bytes) - 1, expected)

static void test_nesting(void **state)
{
	struct page p;
	struct pw_json *j = page_open(&p);

	(void)state;
	pw_json_object(j);
	pw_json_key(j, "none");
	pw_json_array(j);
	pw_json_end(j);
	pw_json_key(j, "some");
	pw_json_array(j);
	pw_json_null(j);
	pw_json_bool(j, true);
	pw_json_bool(j, false);
	pw_json_object(j);
	pw_json_end(j);
	pw_json_end(j);
	pw_json_key(j, "null");
	pw_json_string(j, NULL);
	pw_json_end(j);
	assert_page(&p, "{\"none\": [], \"some\": [null, true, false, {}], \"null\": null}");
}

static void test_lines(void **state)
{
	struct page p;
	struct pw_json *j = page_open(&p);

	(void)state;
	pw_json_object(j);
	pw_json_key(j, "a");
	pw_json_u64(j, 1);
	pw_json_line(j);
	pw_json_key(j, "b");
	pw_json_array(j);
	for (uint64_t i = 0; i < 2; i++) {
		pw_json_line(j);
		pw_json_array(j);
		pw_json_u64(j, i);
		pw_json_u64(j, i);
		pw_json_end(j);
	}
	pw_json_end(j);
	pw_json_end(j);
	assert_page(&p, "{\"a\": 1,\n \"b\": [\n  [0, 0],\n  [1, 1]\n ]\n}");
}

static void test_integers(void **state)
{
	struct page p;
	struct pw_json *j = page_open(&p);

	(void)state;
	pw_json_array(j);
	pw_json_u64(j, 0);
	pw_json_u64(j, UINT64_MAX);
	pw_json_i64(j, INT64_MAX);
	pw_json_i64(j, INT64_MIN);
	pw_json_i64(j, -1);
	pw_json_difference(j, 5, 5);
	pw_json_difference(j, 3, 5);
	pw_json_difference(j, 0, UINT64_MAX);
	pw_json_difference(j, UINT64_MAX, 0);
	pw_json_end(j);
	assert_page(&p, "[0, 18446744073709551615, 9223372036854775807, -9223372036854775808, -1, 0, -2, "
			"-18446744073709551615, 18446744073709551615]");
}

static void test_escapes(void **state)
{
	(void)state;
	WRITTEN("", "");
	WRITTEN("plain /text 'x' > & ~", "plain /text 'x' > & ~");
	WRITTEN("say \"\\\"", "say \\\"\\\\\\\"");
	WRITTEN("\b\f\n\r\t", "\\b\\f\\n\\r\\t");
	WRITTEN("\0\x01\x1b[31m\x1f\x7f", "\\u0000\\u0001\\u001b[31m\\u001f\\u007f");
	WRITTEN("</script><!--", "\\u003c/script>\\u003c!--");
	/* NEL and CSI among the C1 controls, the line separators, a direction override, the byte order mark */
	WRITTEN("\xc2\x80\xc2\x85\xc2\x9b\xc2\x9f", "\\u0080\\u0085\\u009b\\u009f");
	WRITTEN("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae\xef\xbb\xbf", "\\u2028\\u2029\\u202e\\ufeff");
	/* a language tag, far beyond U+FFFF: two units */
	WRITTEN("\xf3\xa0\x80\x81", "\\udb40\\udc01");
	WRITTEN("\xe5\x83\xb5\xe5\xb0\xb8 \xc3\xa9 \xf0\x9f\xa7\x9f",
		"\xe5\x83\xb5\xe5\xb0\xb8 \xc3\xa9 \xf0\x9f\xa7\x9f");
	WRITTEN("\xc2\xa0\xef\xbf\xbd\xf4\x80\x80\x80", "\xc2\xa0\xef\xbf\xbd\xf4\x80\x80\x80");
}

#define R "\xef\xbf\xbd"

static void test_invalid_utf8(void **state)
{
	(void)state;
	WRITTEN("\x80", R);
	WRITTEN("a\xff"
		"b\xfe"
		"c",
		"a" R "b" R "c");
	WRITTEN("\xc0\xaf", R R); /* overlong */
	WRITTEN("\xc1\xbf", R R); /* overlong */
	WRITTEN("\xe0\x80\xaf", R R R); /* overlong */
	WRITTEN("\xf0\x80\x80\xaf", R R R R); /* overlong */
	WRITTEN("\xed\xa0\x80\xed\xbf\xbf", R R R R R R); /* surrogates */
	WRITTEN("\xf4\x90\x80\x80", R R R R); /* beyond U+10FFFF */
	WRITTEN("\xf5\x80\x80\x80", R R R R);
	WRITTEN("\xf8\x88\x80\x80\x80", R R R R R); /* five bytes long, once */
	WRITTEN("\xe5\x83", R R); /* cut short, as the kernel cuts a name */
	WRITTEN("\xe5\x83x", R R "x");
	WRITTEN("\xf0\x9f\xa7\"", R R R "\\\"");
	WRITTEN("\xc3\xc3\xa9", R "\xc3\xa9");
	WRITTEN("\xc3\n", R "\\n");
}

/* Pieces at every alignment to the writer's buffer. */
static void test_long_strings(void **state)
{
	static const char piece[] = "\xe5\x83\xb5\n\xff.";
	static const char written[] = "\xe5\x83\xb5\\n" R ".";
	const size_t times = 100000 / (sizeof(piece) - 1);
	char *bytes = malloc(times * sizeof(piece)), *expected = malloc(times * sizeof(written) + 16);

	(void)state;
	assert_non_null(bytes);
	assert_non_null(expected);
	for (size_t shift = 0; shift < sizeof(written); shift++) {
		size_t len = shift, out = shift;

		memset(bytes, 'x', shift);
		memset(expected, 'x', shift);
		for (size_t i = 0; i < times; i++) {
			memcpy(bytes + len, piece, sizeof(piece) - 1);
			len += sizeof(piece) - 1;
			memcpy(expected + out, written, sizeof(written));
			out += sizeof(written) - 1;
		}
		assert_written(bytes, len, expected);
	}
	free(bytes);
	free(expected);
}

/* The writer refuses what is not JSON, whatever follows. */
static void test_misuse(void **state)
{
	static void (*const calls[])(struct pw_json *) = {pw_json_object, pw_json_array, pw_json_end,
							  pw_json_null, NULL};
	/* Each is a sequence of calls: k is a key, the other letters index the calls above. */
	static const char *const wrong[] = {
		"", "0", "2", "03", "1k", "k", "022", "0k2", "0kk", "33", "0232", "121",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct page p;
		struct pw_json *j = page_open(&p);

		for (const char *c = wrong[i]; *c; c++) {
			if (*c == 'k')
				pw_json_key(j, "key");
			else
				calls[*c - '0'](j);
		}
		assert_int_equal(page_close(&p), -EINVAL);
		free(p.text);
	}
}

static void test_depth(void **state)
{
	(void)state;
	for (unsigned int depth = PW_JSON_DEPTH; depth <= PW_JSON_DEPTH + 1; depth++) {
		struct page p;
		struct pw_json *j = page_open(&p);

		for (unsigned int i = 0; i < depth; i++)
			pw_json_array(j);
		for (unsigned int i = 0; i < depth; i++)
			pw_json_end(j);
		assert_int_equal(page_close(&p), depth > PW_JSON_DEPTH ? -EINVAL : 0);
		free(p.text);
	}
}

static void test_full_disk(void **state)
{
	(void)state;
	/* Few numbers stay in buffers until the end, many do not. */
	for (uint64_t count = 1; count <= 1000000; count *= 1000) {
		FILE *out = fopen("/dev/full", "w");
		struct pw_json j;

		assert_non_null(out);
		pw_json_init(&j, out);
		pw_json_array(&j);
		for (uint64_t i = 0; i < count; i++)
			pw_json_u64(&j, i);
		pw_json_end(&j);
		assert_int_equal(pw_json_finish(&j), -ENOSPC);
		fclose(out);
	}
}

static void test_unwritable(void **state)
{
	FILE *out = fopen("/dev/null", "r");
	struct pw_json j;

	(void)state;
	assert_non_null(out);
	pw_json_init(&j, out);
	pw_json_null(&j);
	assert_int_equal(pw_json_finish(&j), -EBADF);
	fclose(out);
}

/* Random bytes, with the first bytes of characters more often than by chance. */
static size_t random_bytes(unsigned int *seed, unsigned char *bytes, size_t room)
{
	static const unsigned char starts[] = {0xc2, 0xdf, 0xe0, 0xe2, 0xed, 0xef, 0xf0,
					       0xf4, 0xf5, '"',	 '\\', 0x80, 0xa8};
	size_t len = (size_t)rand_r(seed) % room;

	for (size_t i = 0; i < len; i++) {
		unsigned int r = (unsigned int)rand_r(seed) >> 4;

		bytes[i] = r % 3 ? (unsigned char)(0x80 + r / 3 % 0x40) : (unsigned char)(r / 3);
		if (r % 4 == 1)
			bytes[i] = starts[r / 12 % sizeof(starts)];
	}
	return len;
}

static void test_parser_agrees(void **state)
{
	static const char judge[] =
		"python3 -c 'import codecs, json, sys\n"
		"codecs.register_error(\"each\", lambda e: (\"\\ufffd\" * (e.end - e.start), e.end))\n"
		"pairs = json.loads(sys.stdin.buffer.read().decode())\n"
		"assert len(pairs) == 4000\n"
		"for data, text in pairs: assert bytes(data).decode(\"utf-8\", \"each\") == text, (data, "
		"text)'";
	unsigned char bytes[64];
	unsigned int seed = 4711;
	struct pw_json j;
	FILE *out = popen(judge, "w");

	(void)state;
	assert_non_null(out);
	pw_json_init(&j, out);
	pw_json_array(&j);
	for (int i = 0; i < 4000; i++) {
		size_t len = random_bytes(&seed, bytes, sizeof(bytes));

		pw_json_array(&j);
		pw_json_array(&j);
		for (size_t at = 0; at < len; at++)
			pw_json_u64(&j, bytes[at]);
		pw_json_end(&j);
		pw_json_bytes(&j, (const char *)bytes, len);
		pw_json_end(&j);
	}
	pw_json_end(&j);
	assert_int_equal(pw_json_finish(&j), 0);
	assert_int_equal(pclose(out), 0);
}

/* Ready-made JSON may stand where any other value may, and nowhere else. */
static void test_verbatim(void **state)
{
	struct page p;
	struct pw_json *j = page_open(&p);

	(void)state;
	pw_json_array(j);
	pw_json_verbatim(j, "{\"a\": 1}", 8);
	pw_json_line(j);
	pw_json_verbatim(j, "{}", 2);
	pw_json_end(j);
	assert_page(&p, "[{\"a\": 1},\n {}\n]");

	j = page_open(&p);
	pw_json_object(j);
	pw_json_verbatim(j, "{}", 2);
	pw_json_end(j);
	assert_int_equal(page_close(&p), -EINVAL);
	free(p.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nesting),	      cmocka_unit_test(test_lines),
		cmocka_unit_test(test_integers),      cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_invalid_utf8),  cmocka_unit_test(test_long_strings),
		cmocka_unit_test(test_misuse),	      cmocka_unit_test(test_depth),
		cmocka_unit_test(test_full_disk),     cmocka_unit_test(test_unwritable),
		cmocka_unit_test(test_parser_agrees), cmocka_unit_test(test_verbatim),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
