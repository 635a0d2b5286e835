/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/parse.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct unit {
	const char *name;
	uint64_t factor;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Reads digits and an optional fraction. strtod() also accepts signs, blanks, hex, exponents, "inf"
 * and the decimal point of the locale. Returns the end of the number, or NULL if there is none.
 */
static const char *read_decimal(const char *text, double *value)
{
	double place = 1;

	if (!is_digit(*text))
		return NULL;
	for (*value = 0; is_digit(*text); text++)
		*value = *value * 10 + (*text - '0');
	if (*text != '.')
		return text;
	text++;
	if (!is_digit(*text))
		return NULL;
	for (; is_digit(*text); text++) {
		place /= 10;
		*value += (*text - '0') * place;
	}
	return text;
}

static int parse_with_unit(const char *text, const struct unit *units,
			   int (*compare)(const char *, const char *), uint64_t *result)
{
	double value;
	const char *unit = read_decimal(text, &value);

	if (!unit)
		return -EINVAL;
	for (; units->name; units++) {
		if (compare(unit, units->name) != 0)
			continue;
		value *= (double)units->factor;
		if (value >= (double)INT64_MAX)
			return -ERANGE;
		*result = (uint64_t)(value + 0.5);
		return 0;
	}
	return -EINVAL;
}

int pw_parse_time(const char *text, uint64_t *ns)
{
	static const struct unit units[] = {
		{"ns", 1},	    {"us", 1000},	  {"ms", 1000000}, {"s", 1000000000},
		{"m", 60000000000}, {"h", 3600000000000}, {NULL, 0},
	};

	return parse_with_unit(text, units, strcmp, ns);
}

int pw_parse_size(const char *text, size_t *bytes)
{
	static const struct unit units[] = {
		{"", 1},	   {"K", 1u << 10},   {"M", 1u << 20},	 {"G", 1u << 30},
		{"KiB", 1u << 10}, {"MiB", 1u << 20}, {"GiB", 1u << 30}, {NULL, 0},
	};
	uint64_t value = 0;
	int err = parse_with_unit(text, units, strcasecmp, &value);

	if (!err)
		*bytes = value;
	return err;
}

int pw_parse_number(const char *text, long min, long max, long *value)
{
	const char *digits = text[0] == '-' ? text + 1 : text;
	long number;
	char *end;

	/* strtol() also accepts blanks and a plus sign. */
	if (!is_digit(*digits))
		return -EINVAL;
	errno = 0;
	number = strtol(text, &end, 10);
	if (*end)
		return -EINVAL;
	if (errno || number < min || number > max)
		return -ERANGE;
	*value = number;
	return 0;
}
