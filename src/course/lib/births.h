/* SPDX-License-Identifier: GPL-2.0-only */
/* When threads and processes were created, and what that cost. */
#ifndef PW_BIRTHS_H
#define PW_BIRTHS_H

#include "course/lib/evidence.h"
#include "course/lib/roles.h"

/*
 * When a process created its threads (after the first), or its children: count
 * moments into birth. False if there are more or fewer, and the evidence says how many.
 */
bool pw_thread_births(const struct pw_process *maker, uint64_t *birth, size_t count, struct pw_evidence *why);
bool pw_process_births(const struct pw_demo_run *run, const struct pw_process *maker, uint64_t *birth,
		       size_t count, struct pw_evidence *why);
/*
 * What it cost to create one, in ns: the time the maker's first thread was on a CPU
 * between one birth and the next. The least is taken, as nothing disturbed that one.
 */
uint64_t pw_birth_cost(const struct pw_process *maker, const uint64_t *birth, size_t count);

#endif
