/* SPDX-License-Identifier: GPL-2.0-only */
/* What several threads did at the same time. */
#ifndef PW_TOGETHER_H
#define PW_TOGETHER_H

#include "model/model.h"

/* Time in ns for which one thread was in one state while the other was in the other. */
uint64_t pw_both(const struct pw_thread *a, enum pw_state a_state, const struct pw_thread *b,
		 enum pw_state b_state);
/* The same, from a moment on. */
uint64_t pw_both_since(uint64_t since, const struct pw_thread *a, enum pw_state a_state,
		       const struct pw_thread *b, enum pw_state b_state);
/* How often the CPU went from one of them to another one; at most PW_TURNS_MAX threads. */
#define PW_TURNS_MAX 32
size_t pw_turns(const struct pw_thread *const *threads, size_t count);

#endif
