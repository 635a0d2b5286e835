/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define SECOND UINT64_C(1000000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static uint64_t rounded(uint64_t ns, uint64_t unit)
{
	return ns / unit + (ns % unit >= unit - unit / 2 ? 1 : 0);
}

/* "16m40s": two units of time, the smaller one with two digits. */
static void clock_form(char *buf, uint64_t ns, uint64_t unit, uint64_t part, const char *names)
{
	uint64_t parts = rounded(ns, part), per = unit / part;

	snprintf(buf, PW_FORMAT_MAX, "%llu%c%02llu%c", (unsigned long long)(parts / per), names[0],
		 (unsigned long long)(parts % per), names[1]);
}

/*
 * Uses the first unit and precision that gives at most three digits. Rounding may carry into the
 * next one: 999.6 µs is "1.00 ms". False from 1000 s on.
 */
static bool decimal_form(char *buf, uint64_t ns)
{
	static const struct {
		uint64_t unit;
		const char *name;
	} units[] = {{1000, "µs"}, {1000000, "ms"}, {SECOND, "s"}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		for (uint64_t digits = 3, scale = 1000; scale > 0; digits--, scale /= 10) {
			const uint64_t n = rounded(ns, units[i].unit / scale);
			int length;

			if (n >= 1000)
				continue;
			length = snprintf(buf, PW_FORMAT_MAX, "%llu", (unsigned long long)(n / scale));
			if (digits > 0)
				length += snprintf(buf + length, PW_FORMAT_MAX - (size_t)length, ".%0*llu",
						   (int)digits, (unsigned long long)(n % scale));
			snprintf(buf + length, PW_FORMAT_MAX - (size_t)length, " %s", units[i].name);
			return true;
		}
	}
	return false;
}

const char *pw_format_duration(char buf[static PW_FORMAT_MAX], uint64_t ns)
{
	if (ns == 0)
		strcpy(buf, "0");
	else if (decimal_form(buf, ns))
		return buf;
	else if (rounded(ns, SECOND) < HOUR / SECOND)
		clock_form(buf, ns, MINUTE, SECOND, "ms");
	else if (rounded(ns, MINUTE) < DAY / MINUTE)
		clock_form(buf, ns, HOUR, MINUTE, "hm");
	else
		clock_form(buf, ns, DAY, HOUR, "dh");
	return buf;
}

const char *pw_format_range(char buf[static PW_RANGE_MAX], uint64_t least, uint64_t most)
{
	char from[PW_FORMAT_MAX], to[PW_FORMAT_MAX];
	char *unit = strchr(pw_format_duration(from, least), ' ');
	const char *to_unit = strchr(pw_format_duration(to, most), ' ');

	if (strcmp(from, to) == 0)
		return strcpy(buf, to);
	if (unit && to_unit && strcmp(unit, to_unit) == 0)
		*unit = '\0';
	snprintf(buf, PW_RANGE_MAX, "%s–%s", from, to);
	return buf;
}

const char *pw_format_count(char buf[static PW_FORMAT_MAX], uint64_t n)
{
	char digits[PW_FORMAT_MAX];
	const size_t length = (size_t)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
	size_t out = 0;

	for (size_t i = 0; i < length; i++) {
		if (n >= 10000 && i > 0 && (length - i) % 3 == 0)
			buf[out++] = ' ';
		buf[out++] = digits[i];
	}
	buf[out] = '\0';
	return buf;
}

size_t pw_format_digits(char buf[static PW_FORMAT_MAX], uint64_t n)
{
	static const char pairs[] =
		"0001020304050607080910111213141516171819202122232425262728293031323334353637383940"
		"4142434445464748495051525354555657585960616263646566676869707172737475767778798081"
		"828384858687888990919293949596979899";
	char digits[20];
	size_t at = sizeof(digits);

	for (; n >= 100; n /= 100) {
		at -= 2;
		memcpy(digits + at, pairs + n % 100 * 2, 2);
	}
	if (n >= 10) {
		at -= 2;
		memcpy(digits + at, pairs + n * 2, 2);
	} else {
		digits[--at] = (char)('0' + n);
	}
	memcpy(buf, digits + at, sizeof(digits) - at);
	return sizeof(digits) - at;
}
