/* SPDX-License-Identifier: GPL-2.0-only */
#include "shared/glob.h"

#include <string.h>

void pw_glob_compile(struct pw_glob *glob, const char *pattern)
{
	uint64_t place = 1;

	memset(glob, 0, sizeof(*glob));
	for (; *pattern; pattern++) {
		if (*pattern == '*') {
			/* Two stars match what one matches. */
			if (pattern[1] == '*')
				continue;
			glob->star |= place;
		} else if (*pattern == '?') {
			for (size_t c = 0; c < 256; c++)
				glob->match[c] |= place;
		} else {
			glob->match[(unsigned char)*pattern] |= place;
		}
		place <<= 1;
	}
	glob->end = place;
}
