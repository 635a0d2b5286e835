/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/formats.h"

#include <string.h>

#define ROW(name, suffix, flags, help) {#name, suffix, flags, help, pw_report_##name},

const struct pw_report_format pw_report_formats[] = {
	PW_REPORT_FORMATS(ROW){"none", "", PW_FORMAT_ENGLISH, NULL, NULL},
	{0},
};

const struct pw_report_format *pw_report_format_find(const char *name, size_t length)
{
	for (const struct pw_report_format *f = pw_report_formats; f->name; f++)
		if (strlen(f->name) == length && !memcmp(f->name, name, length))
			return f;
	return NULL;
}
