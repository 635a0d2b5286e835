/* SPDX-License-Identifier: GPL-2.0-only */
/* The clock of all events: CLOCK_MONOTONIC, as bpf_ktime_get_ns() and a task's start time use it. */
#ifndef PW_CLOCK_H
#define PW_CLOCK_H

#include <stdint.h>

#define PW_NS_PER_MS UINT64_C(1000000)
#define PW_NS_PER_S  UINT64_C(1000000000)

/* The time now, in ns. */
uint64_t pw_clock_ns(void);

#endif
