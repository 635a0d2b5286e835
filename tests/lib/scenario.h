/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scenarios: what the processes of a demo do, written one process after the other.
 *
 * A test says which process was forked, slept, was woken and died when; the scenario makes the events, as the
 * kernel would have raised them, and puts them in order of time. Every process has one thread, and a CPU of its
 * own. Times are in microseconds from the start, pids are the test's own.
 */
#ifndef TESTS_LIB_SCENARIO_H
#define TESTS_LIB_SCENARIO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "course/course.h"
#include "lib/events.h"

#define US(n)	       ((uint64_t)(n)*1000)
#define SCENARIO_START US(1000000)
/* A moment of a scenario on the model's clock. */
#define AT(us) (SCENARIO_START + US(us))
/* What is there before: the parent of the demo, and the process that adopts. */
enum { OUTSIDER = 50, INIT = 1 };

struct scenario {
	struct event_source source;
	struct event_list events;
	uint16_t cpus;
	/* The names of marks, by their number less 1. */
	const char *marks[8];
	uint32_t n_marks;
};

void scenario_begin(struct scenario *s);
void scenario_end(struct scenario *s);
/* Back to the beginning: nothing has happened. */
void scenario_reset(struct scenario *s);
/* cmocka's: *state is a scenario. */
int scenario_set_up(void **state);
int scenario_tear_down(void **state);
#define scenario_test(test) cmocka_unit_test_setup_teardown(test, scenario_set_up, scenario_tear_down)

/* A process is forked at that moment, and runs 20 us later. */
void is_forked(struct scenario *s, uint32_t pid, uint32_t parent, const char *name, uint64_t at);
/* It goes on its CPU. */
void runs(struct scenario *s, uint32_t pid, uint64_t at);
/* It leaves its CPU in this state (STATE_...); syscall -1: none. */
void stops_running(struct scenario *s, uint32_t pid, uint64_t at, uint32_t state, int syscall);
/* It loses its CPU at one moment and has it again at another, without having slept. */
void loses_its_cpu(struct scenario *s, uint32_t pid, uint64_t from, uint64_t to);
/* It sleeps in a system call. The waker (0: a timer) ends that, and it runs 10 us later. */
void sleeps(struct scenario *s, uint32_t pid, int syscall, uint64_t from, uint64_t to, uint32_t waker);
/* The same in clock_nanosleep. */
void pauses(struct scenario *s, uint32_t pid, uint64_t from, uint64_t to);
/* As sleeps, uninterruptible: where it forks or ends it waits for a lock of the kernel that the waker holds. */
void waits_for_the_kernel(struct scenario *s, uint32_t pid, int syscall, uint64_t from, uint64_t to,
			  uint32_t waker);
/* It begins to exit. 30 us later its parent is notified, and 4 us after that it leaves its CPU. */
void dies(struct scenario *s, uint32_t pid, uint32_t status, uint64_t at);
/* It leaves its CPU for the last time, and nothing else reports its end. */
void dies_unseen(struct scenario *s, uint32_t pid, uint64_t at);
void kills(struct scenario *s, uint32_t pid, uint32_t victim, int sig, uint64_t at);
void reaps(struct scenario *s, uint32_t pid, uint32_t child, uint64_t at);
/* The released process is freed; nothing else reported its reap. */
void is_freed(struct scenario *s, uint32_t pid, uint64_t at);
/* The children of the dying process go to init. */
void leaves_to_init(struct scenario *s, uint32_t pid, uint64_t at);
/* It passes a mark. */
void marks(struct scenario *s, uint32_t pid, const char *name, int64_t value, uint64_t at);

/* The model of the scenario up to its end. The caller frees it with pw_model_free. */
struct pw_model *scenario_model(struct scenario *s, uint64_t end);
/* What a demo's lesson says of the scenario; option NULL: the demo as it is. */
struct pw_lesson judged(struct scenario *s, const char *demo, const char *option, uint64_t end);

const struct pw_claim *claim(const struct pw_lesson *lesson, const char *id);
void assert_held(const struct pw_lesson *lesson, const char *id);
void assert_not_held(const struct pw_lesson *lesson, const char *id);
void assert_all_held(const struct pw_lesson *lesson);
/* Whether the evidence for a claim, in English, has this part. */
void assert_evidence(const struct pw_lesson *lesson, const char *id, const char *part);
void assert_no_evidence(const struct pw_lesson *lesson, const char *id, const char *part);

#endif
