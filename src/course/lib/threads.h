/* SPDX-License-Identifier: GPL-2.0-only */
/* What a thread did between two moments. All times are in ns. */
#ifndef PW_COURSE_THREADS_H
#define PW_COURSE_THREADS_H

#include "model/model.h"

/* Time it spent in a state between two moments. */
uint64_t pw_spent(const struct pw_thread *t, enum pw_state state, uint64_t from, uint64_t to);
/* Time it was asleep (pw_is_asleep) between two moments: in any system call, or in that one. */
uint64_t pw_asleep(const struct pw_thread *t, uint64_t from, uint64_t to);
uint64_t pw_slept_in(const struct pw_thread *t, int syscall, uint64_t from, uint64_t to);
/* The next span in which the thread runs. */
bool pw_next_run(struct pw_thread_iter *it, struct pw_span *out);
/* When it was first on a CPU; 0: never. */
uint64_t pw_first_run(const struct pw_thread *t);
/*
 * The moment from which it ran only on the CPU it ran on last. A process that binds
 * itself to a CPU is already running, somewhere, when it does so.
 */
uint64_t pw_on_last_cpu_since(const struct pw_thread *t);

/* How long two stretches of time overlap. */
uint64_t pw_overlap(uint64_t from, uint64_t to, uint64_t begin, uint64_t end);

#endif
