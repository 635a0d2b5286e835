/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers and durations, as people read them. */
#ifndef PW_FORMAT_H
#define PW_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#define PW_FORMAT_MAX 32
#define PW_RANGE_MAX  72

/*
 * A duration of ns with three significant digits, never finer than a nanosecond: "0", "0.040 µs",
 * "12.3 µs", "500 ms", "1.21 s"; from 1000 s on "16m40s", "3h05m", "2d07h". Returns buf.
 */
const char *pw_format_duration(char buf[static PW_FORMAT_MAX], uint64_t ns);

/* A range of ns: "1.20–48.0 ms", "900 µs–1.20 ms", and "12.0 ms" if both ends look alike. Returns buf. */
const char *pw_format_range(char buf[static PW_RANGE_MAX], uint64_t least, uint64_t most);

/* Writes only the digits, without a NUL, and returns their number: for values written by the million. */
size_t pw_format_digits(char buf[static PW_FORMAT_MAX], uint64_t n);

/* A count in groups of three digits, but from 10 000 on, so that it looks like a pid below. Returns buf. */
const char *pw_format_count(char buf[static PW_FORMAT_MAX], uint64_t n);

#endif
