/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/parse.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct unit {
	const char *name;
	uint64_t factor;
};

/* The number and its unit; the C library would also take signs, hex, "inf" and leading blanks. */
static int parse_with_unit(const char *text, const struct unit *units, double *value)
{
	char *end;
	double number;

	if (!isdigit((unsigned char)text[0]) || tolower((unsigned char)text[1]) == 'x')
		return -EINVAL;
	number = strtod(text, &end);
	for (; units->name; units++) {
		if (!strcasecmp(end, units->name)) {
			*value = number * (double)units->factor;
			return 0;
		}
	}
	return -EINVAL;
}

int pw_parse_time(const char *text, uint64_t *ns)
{
	static const struct unit units[] = {
		{"ns", 1},	    {"us", 1000},	  {"ms", 1000000}, {"s", 1000000000},
		{"m", 60000000000}, {"h", 3600000000000}, {NULL, 0},
	};
	double value;
	int err = parse_with_unit(text, units, &value);

	if (err)
		return err;
	if (value >= (double)INT64_MAX)
		return -ERANGE;
	*ns = (uint64_t)value;
	return 0;
}

int pw_parse_size(const char *text, size_t *bytes)
{
	static const struct unit units[] = {
		{"", 1},	   {"K", 1u << 10},   {"M", 1u << 20}, {"G", 1u << 30},
		{"KiB", 1u << 10}, {"MiB", 1u << 20}, {NULL, 0},
	};
	double value;
	int err = parse_with_unit(text, units, &value);

	if (err)
		return err;
	if (value >= (double)INT64_MAX)
		return -ERANGE;
	*bytes = (size_t)value;
	return 0;
}

int pw_parse_number(const char *text, long min, long max, long *value)
{
	char *end;

	if (!isdigit((unsigned char)text[text[0] == '-']))
		return -EINVAL;
	errno = 0;
	*value = strtol(text, &end, 10);
	if (*end)
		return -EINVAL;
	return errno || *value < min || *value > max ? -ERANGE : 0;
}
