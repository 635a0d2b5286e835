/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether classic tracepoints can be attached: tracefs and the right to use it. */
#ifndef PW_TRACEFS_H
#define PW_TRACEFS_H

#include <stdint.h>

#define PW_WHY_LEN 128

/*
 * Opens a perf event of a classic tracepoint, to find out whether that works. Mounts
 * tracefs if nobody has, in a mount namespace made for this process.
 *
 * Returns a descriptor: keep it open until the programs are attached, because the last
 * close of a tracepoint takes nearly a tenth of a second. Returns a negative errno if it
 * does not work; why becomes the reason in words, and *wanted_caps the capabilities
 * (caps.h) that would help, 0 for none.
 */
int pw_tracefs_try(char why[static PW_WHY_LEN], uint64_t *wanted_caps);

#endif
