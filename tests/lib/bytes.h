/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Any bytes at all, read as a sequence of events.
 *
 * What a byte means is chosen so that a fuzzer soon finds the interesting streams: few tasks, few CPUs, small steps
 * in time, start times that often agree. Rare bytes lead to 64 raw bits, so that every value can occur. The events
 * are in order of time, and none names a task born after it; nothing else is true.
 */
#ifndef TESTS_LIB_BYTES_H
#define TESTS_LIB_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "lib/events.h"

#define FIRST_TS UINT64_C(200)

struct bytes {
	const uint8_t *at;
	size_t left;
	/* The time of the last event; at first that of the recording's start. */
	uint64_t ts;
};

/* The next event, in memory of its own, which the caller frees; NULL when the bytes are used up. */
struct pw_event *take_event(struct bytes *b);
/* The events of so many pseudo-random bytes, of kinds that exist; the same every time. */
struct event_list random_events(size_t n_bytes, uint32_t seed);

#endif
