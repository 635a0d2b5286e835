/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers with units, as people type them: digits, an optional fraction, and a unit. Anything
 * after that is an error. The locale does not matter. On failure the result is unchanged.
 */
#ifndef PW_PARSE_H
#define PW_PARSE_H

#include <stddef.h>
#include <stdint.h>

/* "500ms", "10s", "1.5s", "2m", "1h" (also ns and us), always with a unit, in ns. -EINVAL, or -ERANGE past 292 years. */
int pw_parse_time(const char *text, uint64_t *ns);
/* "65536", "64K", "8M", "1G", "8MiB", in upper or lower case, in bytes. -EINVAL, or -ERANGE past 8 EiB. */
int pw_parse_size(const char *text, size_t *bytes);
/* An integer from min to max. -EINVAL or -ERANGE. */
int pw_parse_number(const char *text, long min, long max, long *value);

#endif
