/* SPDX-License-Identifier: GPL-2.0-only */
/* What a thread slept in, and what woke it. */
#ifndef PW_SLEEPS_H
#define PW_SLEEPS_H

#include "course/lib/evidence.h"
#include "model/model.h"

/*
 * True if a thread waits for something its program asked for: blocked, but not
 * uninterruptibly. Uninterruptible sleeps are the kernel's own waits, for a page or
 * for one of its locks, which another task that forks, exits or touches the same
 * page may hold: they depend on luck, not on what the program does.
 */
bool pw_is_asleep(const struct pw_span *span);

struct pw_sleep {
	uint64_t from, to; /* ns */
	int syscall;
	uint32_t by; /* what ended it: a tid, PW_NO_WAKER or PW_IRQ_WAKER */
};
struct pw_sleeps {
	struct pw_thread_iter it;
};

/* Walks the sleeps of a thread, or of the first thread of a process: most demos have only that one. */
void pw_sleeps_of_thread(struct pw_sleeps *all, const struct pw_thread *thread);
void pw_sleeps_init(struct pw_sleeps *all, const struct pw_process *process);
bool pw_sleeps_next(struct pw_sleeps *all, struct pw_sleep *out);

#define PW_ANY_SYSCALL (-2)
/* The longest sleep in a system call, or in PW_ANY_SYSCALL. False: there is none. */
bool pw_longest_sleep(const struct pw_thread *thread, int syscall, struct pw_sleep *out);
/* How many of its sleeps in a system call the thread of that tid ended. */
size_t pw_sleeps_ended_by(const struct pw_thread *thread, int syscall, uint32_t tid);

/* True for the system calls in which a parent waits for a child. */
bool pw_is_wait(int syscall);
/* The first sleep in such a call that ends at a moment or later. False: there is none. */
bool pw_wait_over(const struct pw_process *process, uint64_t moment, struct pw_sleep *out);

/* True for the system calls by which the demos pretend to work: a pause. */
bool pw_is_pause(int syscall);
/* The last pause that began before a moment. False: there is none. */
bool pw_last_pause(const struct pw_process *process, uint64_t before, struct pw_sleep *out);
/* Time asleep between two moments: in pauses, and in anything else, in ns. */
struct pw_blocked {
	uint64_t pause, other;
};
struct pw_blocked pw_blocked_between(const struct pw_process *process, uint64_t from, uint64_t to);

/* What ended a sleep, for a fact: a tid, the word "irq", or unknown. */
struct pw_value pw_value_waker(const char *name, uint32_t by);
/* Adds what ended the sleep that the fact before it is about. */
void pw_evidence_waker(uint32_t by, struct pw_evidence *why);

#endif
