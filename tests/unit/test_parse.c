/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers with units: everything that people type is read, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "util/parse.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void times(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} good[] = {
		{"1ns", 1},
		{"7us", 7000},
		{"500ms", 500000000},
		{"10s", 10000000000},
		{"1.5s", 1500000000},
		{"2m", 120000000000},
		{"1h", 3600000000000},
		{"0s", 0},
		{"0.25ms", 250000},
		{"007s", 7000000000},
		{"0.1s", 100000000},
		{"292000h", 292000 * 3600000000000},
		{"0.000001s", 1000},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		uint64_t ns = 12345;

		assert_int_equal(pw_parse_time(good[i].text, &ns), 0);
		assert_int_equal(ns, good[i].ns);
	}
}

static void no_times(void **state)
{
	static const char *const bad[] = {
		"",	"s",	  "10",	 "-1s", "+1s",	" 1s",	"1s ", "1 s", "1e3s", "0x10s", "1.s",  ".5s",
		"1,5s", "1.5.5s", "inf", "nan", "infs", "1sec", "10S", "5M",  "1s\n", "1s2ms", "\xff", "١s",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		uint64_t ns = 12345;

		assert_int_equal(pw_parse_time(bad[i], &ns), -EINVAL);
		assert_int_equal(ns, 12345);
	}
}

static void too_long_a_time(void **state)
{
	uint64_t ns = 12345;

	(void)state;
	assert_int_equal(pw_parse_time("9223372037s", &ns), -ERANGE);
	assert_int_equal(pw_parse_time("99999999999999999999999999999999999h", &ns), -ERANGE);
	assert_int_equal(ns, 12345);
}

static void sizes(void **state)
{
	static const struct {
		const char *text;
		size_t bytes;
	} good[] = {
		{"0", 0},	 {"65536", 65536},     {"64K", 65536},	    {"64k", 65536},
		{"8M", 8 << 20}, {"1G", 1 << 30},      {"8MiB", 8 << 20},   {"8mib", 8 << 20},
		{"4KiB", 4096},	 {"2GiB", 2ull << 30}, {"0.5M", 512 << 10},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		size_t bytes = 12345;

		assert_int_equal(pw_parse_size(good[i].text, &bytes), 0);
		assert_int_equal(bytes, good[i].bytes);
	}
}

static void no_sizes(void **state)
{
	static const char *const bad[] = {"",	 "K",	"-1",  "+1", "8X", "1e9", "0x1000",
					  "8 M", "8MB", "8M ", "M8", "1.", "∞"};
	size_t bytes = 12345;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(pw_parse_size(bad[i], &bytes), -EINVAL);
	}
	assert_int_equal(pw_parse_size("99999999999999999999G", &bytes), -ERANGE);
	assert_int_equal(bytes, 12345);
}

static void numbers(void **state)
{
	long value = 12345;

	(void)state;
	assert_int_equal(pw_parse_number("40", 40, 100, &value), 0);
	assert_int_equal(value, 40);
	assert_int_equal(pw_parse_number("-7", -10, 10, &value), 0);
	assert_int_equal(value, -7);
	assert_int_equal(pw_parse_number("9223372036854775807", 0, LONG_MAX, &value), 0);
	assert_int_equal(value, LONG_MAX);
}

static void no_numbers(void **state)
{
	static const char *const bad[] = {"",	 "-",	 "--1", "+1",  " 1", "1 ",
					  "1.0", "0x10", "ten", "1e2", "-a"};
	long value = 12345;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(pw_parse_number(bad[i], -100, 100, &value), -EINVAL);
	}
	assert_int_equal(pw_parse_number("39", 40, 100, &value), -ERANGE);
	assert_int_equal(pw_parse_number("101", 40, 100, &value), -ERANGE);
	assert_int_equal(pw_parse_number("99999999999999999999", 0, LONG_MAX, &value), -ERANGE);
	assert_int_equal(value, 12345);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),      cmocka_unit_test(no_times), cmocka_unit_test(too_long_a_time),
		cmocka_unit_test(sizes),      cmocka_unit_test(no_sizes), cmocka_unit_test(numbers),
		cmocka_unit_test(no_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
