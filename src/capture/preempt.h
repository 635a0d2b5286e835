/* SPDX-License-Identifier: GPL-2.0-only */
/* preempt_count, which tells an interrupt from the task that it hit: where x86-64 keeps it, and its bits. */
#ifndef PW_PREEMPT_H
#define PW_PREEMPT_H

#include <stdint.h>

struct btf;

/*
 * Bytes from a CPU's runqueue to its preempt_count, both of them per-CPU variables;
 * 0 where neither the BTF nor the kernel's symbols tell. Symbols have no addresses for who lacks
 * CAP_SYSLOG while kernel.perf_event_paranoid is above 1.
 */
int pw_preempt_count_from_rq(const struct btf *btf);

/* Those that are set in an NMI, in an interrupt, and while a softirq is served. */
uint32_t pw_preempt_interrupt_bits(const struct btf *btf);

#endif
