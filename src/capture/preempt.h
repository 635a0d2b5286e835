/* SPDX-License-Identifier: GPL-2.0-only */
/* preempt_count tells an interrupt from the task it interrupted: where x86-64 keeps it, and its bits. */
#ifndef PW_PREEMPT_H
#define PW_PREEMPT_H

#include <stdint.h>

struct btf;

/*
 * The number of bytes from a CPU's run queue to its preempt_count, both of them per-CPU
 * variables; 0 if neither the BTF nor the kernel's symbols tell. Without CAP_SYSLOG the
 * addresses of symbols are hidden while kernel.perf_event_paranoid is above 1.
 */
int pw_preempt_count_from_rq(const struct btf *btf);

/* The bits that are set in an NMI, in an interrupt, and while a softirq is served. */
uint32_t pw_preempt_interrupt_bits(const struct btf *btf);

#endif
