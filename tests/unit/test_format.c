/* SPDX-License-Identifier: GPL-2.0-only */
/* Durations, ranges and counts as people read them; the names of signals and system calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>

#include "util/format.h"
#include "util/kernel_names.h"

static void test_durations(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} cases[] = {
		{0, "0"},
		{1, "0.001 µs"},
		{450, "0.450 µs"},
		{999, "0.999 µs"},
		{1000, "1.00 µs"},
		{9994, "9.99 µs"},
		{9995, "10.0 µs"},
		{12345, "12.3 µs"},
		{99950, "100 µs"},
		{999499, "999 µs"},
		{999500, "1.00 ms"},
		{1234567, "1.23 ms"},
		{500300000, "500 ms"},
		{999499999, "999 ms"},
		{999500000, "1.00 s"},
		{62500000000, "62.5 s"},
		{999499999999, "999 s"},
		{999500000000, "16m40s"},
		{3599499999999, "59m59s"},
		{3599500000000, "1h00m"},
		{11100000000000, "3h05m"},
		{86369999999999, "23h59m"},
		{86370000000000, "1d00h"},
		{UINT64_C(198000000000000), "2d07h"},
		{UINT64_MAX, "213504d00h"},
	};
	char buf[PW_FORMAT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(pw_format_duration(buf, cases[i].ns), cases[i].text);
}

static void test_ranges(void **state)
{
	char buf[PW_RANGE_MAX];

	(void)state;
	assert_string_equal(pw_format_range(buf, 1200000, 48000000), "1.20–48.0 ms");
	assert_string_equal(pw_format_range(buf, 900000, 1200000), "900 µs–1.20 ms");
	assert_string_equal(pw_format_range(buf, 12000001, 12000002), "12.0 ms");
	assert_string_equal(pw_format_range(buf, 0, 1000), "0–1.00 µs");
	assert_string_equal(pw_format_range(buf, 1000, 2000000000000), "1.00 µs–33m20s");
}

static void test_counts(void **state)
{
	char buf[PW_FORMAT_MAX];

	(void)state;
	assert_string_equal(pw_format_count(buf, 0), "0");
	assert_string_equal(pw_format_count(buf, 9999), "9999");
	assert_string_equal(pw_format_count(buf, 10000), "10 000");
	assert_string_equal(pw_format_count(buf, 1234567), "1 234 567");
	assert_string_equal(pw_format_count(buf, UINT64_MAX), "18 446 744 073 709 551 615");
}

static void assert_digits(uint64_t n)
{
	char expected[PW_FORMAT_MAX], buf[PW_FORMAT_MAX];
	const int length = snprintf(expected, sizeof(expected), "%" PRIu64, n);

	assert_int_equal(pw_format_digits(buf, n), length);
	assert_memory_equal(buf, expected, (size_t)length);
}

static void test_digits(void **state)
{
	(void)state;
	for (uint64_t n = 0; n < 12000; n++)
		assert_digits(n);
	for (uint64_t ten = 1; ten <= UINT64_MAX / 10; ten *= 10) {
		assert_digits(10 * ten - 1);
		assert_digits(10 * ten);
		assert_digits(10 * ten + 1);
	}
	assert_digits(UINT64_MAX);
}

static void test_signals(void **state)
{
	(void)state;
	assert_string_equal(pw_signal_name(SIGTERM), "SIGTERM");
	assert_string_equal(pw_signal_name(1), "SIGHUP");
	assert_string_equal(pw_signal_name(31), "SIGSYS");
	assert_string_equal(pw_signal_name(34), "SIGRTMIN");
	assert_string_equal(pw_signal_name(64), "SIGRTMAX");
	assert_string_equal(pw_signal_name(49), "SIGRTMIN+15");
	assert_string_equal(pw_signal_name(50), "SIGRTMAX-14");
	assert_null(pw_signal_name(0));
	assert_null(pw_signal_name(-1));
	assert_null(pw_signal_name(33));
	assert_null(pw_signal_name(65));
}

static void test_system_calls(void **state)
{
	(void)state;
	assert_string_equal(pw_syscall_name(SYS_read), "read");
	assert_string_equal(pw_syscall_name(SYS_wait4), "wait4");
	assert_string_equal(pw_syscall_name(SYS_clock_nanosleep), "clock_nanosleep");
	assert_null(pw_syscall_name(-1));
	assert_null(pw_syscall_name(32767));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_durations),    cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_counts),	     cmocka_unit_test(test_signals),
		cmocka_unit_test(test_system_calls), cmocka_unit_test(test_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
