/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shell-like patterns on the names of processes: * for any characters, ? for one. Shared
 * with bpf/, which includes vmlinux.h first.
 *
 * The matcher follows all the ways in which a pattern can match at once, with a bit for each
 * position in it, so that no branch depends on the pattern. A matcher that goes back to the
 * last * has more states than the verifier accepts.
 */
#ifndef PW_GLOB_H
#define PW_GLOB_H

#include "shared/event.h"

#define PW_GLOB_LEN 60 /* the longest pattern */

/* A compiled pattern. Bit i stands for position i of the pattern. */
struct pw_glob {
	/* By character: the positions that match it once. */
	__pw_u64 match[256];
	/* The positions of *, which match any number of characters. */
	__pw_u64 star;
	/* The position after the last. */
	__pw_u64 end;
};

/* A * also matches no characters. */
static inline __attribute__((always_inline)) __pw_u64 pw_glob_skip(__pw_u64 at, __pw_u64 star)
{
	return at | (at & star) << 1;
}

/* name ends with a NUL or after PW_COMM_LEN characters. */
static inline __attribute__((always_inline)) int pw_glob_matches(const volatile struct pw_glob *glob,
								 const char *name)
{
	const __pw_u64 star = glob->star;
	__pw_u64 at = pw_glob_skip(1, star);

	for (int i = 0; i < PW_COMM_LEN && name[i]; i++)
		at = pw_glob_skip((at & glob->match[(__pw_u8)name[i]]) << 1 | (at & star), star);
	return (at & glob->end) != 0;
}

#ifndef __VMLINUX_H__
/* pattern has at most PW_GLOB_LEN characters. */
void pw_glob_compile(struct pw_glob *glob, const char *pattern);
#endif

#endif
