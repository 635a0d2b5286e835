/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/clock.h"

#include <time.h>

uint64_t pw_clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * PW_NS_PER_S + (uint64_t)now.tv_nsec;
}
