/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of the model share: a fixture, timelines as text, and the end that checks every invariant. */
#ifndef TESTS_LIB_MODEL_TEST_H
#define TESTS_LIB_MODEL_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/events.h"
#include "model/model.h"

/* A model, and a source of events that feeds it. */
struct fixture {
	struct event_source ev;
	struct pw_model *model;
	/* Some events are noise, and may have any time: the end of the recording bounds nothing. */
	bool noisy;
};

int fixture_setup(void **state);
int fixture_teardown(void **state);
#define model_test(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

/* A parent 10 and its child 11, running on CPU 1 from 210. */
void family(struct fixture *f);
/* Ends the recording. Whatever happened, the model must be sound (lib/soundness.h). */
void finish(struct fixture *f, uint64_t end);

/* The latest process of this pid, the latest thread of this tid; the test fails when there is none. */
const struct pw_process *process_of(const struct fixture *f, uint32_t pid);
const struct pw_thread *thread_of(const struct fixture *f, uint32_t tid);

/*
 * A thread's timeline as text: where it begins, then each state and its end:
 * "100 ready:new 110 running@0 200 blocked:interruptible(61) 250 ready:woken<11 260".
 */
void expect_timeline(const struct fixture *f, uint32_t tid, const char *expected);
/* The same of a process's own states. */
void expect_states(const struct fixture *f, uint32_t pid, const char *expected);

#endif
