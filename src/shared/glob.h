/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shell-like patterns on the names of processes: * any characters, ? one. Shared
 * by bpf/ (which includes vmlinux.h first).
 *
 * All the ways a pattern may match are followed at once, a bit for each place in
 * it: no branch depends on the pattern. A matcher that goes back to the last * has
 * more states than the verifier is willing to walk through.
 */
#ifndef PW_GLOB_H
#define PW_GLOB_H

#include "shared/event.h"

#define PW_GLOB_LEN 60 /* the longest pattern */

/* Bit i stands for the pattern's place i. */
struct pw_glob {
	__pw_u64 match[256]; /* by character: the places that take it and are done */
	__pw_u64 star; /* the places that take any and stay */
	__pw_u64 end; /* the place after the last */
};

/* A * may also take nothing. */
static inline __attribute__((always_inline)) __pw_u64 pw_glob_skip(__pw_u64 at, __pw_u64 star)
{
	return at | (at & star) << 1;
}

/* name: ends with a NUL or after PW_COMM_LEN characters. */
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
/* pattern: at most PW_GLOB_LEN characters. */
void pw_glob_compile(struct pw_glob *glob, const char *pattern);
#endif

#endif
