/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recordings that end in the middle of a demo, or lost an exit: no claim holds that
 * was not observed, and the evidence has no number that was not measured.
 */
#include <signal.h>

#include "lib/scenario.h"

enum { MAIN = 100, FIRST, SECOND, THIRD, FOURTH, TEN = 10 };
#define EXITED(code) ((uint32_t)(code) << 8)

static void are_forked(struct scenario *s, const char *demo, const char *const *names)
{
	is_forked(s, MAIN, OUTSIDER, demo, 0);
	for (uint32_t i = 0; names[i]; i++)
		is_forked(s, FIRST + i, MAIN, names[i], 1000 + 100 * i);
}

static void assert_none_held(const struct pw_lesson *lesson)
{
	for (size_t i = 0; i < lesson->count; i++)
		assert_not_held(lesson, lesson->claims[i].id);
}

/* All were forked, and the recording ends. */
static void assert_nothing_held_at_once(struct scenario *s, const char *demo, const char *const *names,
					const char *option)
{
	struct pw_lesson lesson;

	are_forked(s, demo, names);
	lesson = judged(s, demo, option, 100000);
	assert_none_held(&lesson);
	pw_lesson_free(&lesson);
}

static const char *const children[] = {"child-1", "child-2", "child-3", "child-4",  "child-5", "child-6",
				       "child-7", "child-8", "child-9", "child-10", NULL};

static void children_still_at_work_have_no_order(void **state)
{
	struct pw_lesson lesson;

	are_forked(*state, "demo_start", children);
	sleeps(*state, MAIN, SYS_wait4, 3000, 200000, FIRST);
	lesson = judged(*state, "demo_start", NULL, 100000);
	for (size_t i = 0; i < 3; i++)
		assert_evidence(&lesson, lesson.claims[i].id, "10 of 10 had not exited");
	assert_none_held(&lesson);
	pw_lesson_free(&lesson);
}

static void an_event_nobody_set_yet(void **state)
{
	static const char *const names[] = {"setter",	"waiter-1", "waiter-2", "waiter-3",
					    "waiter-4", "waiter-5", NULL};
	struct scenario *s = *state;
	struct pw_lesson lesson;

	are_forked(s, "demo_event", names);
	stops_running(s, FIRST, 2000, STATE_SLEEP, SYS_clock_nanosleep);
	for (uint32_t i = 1; i <= 5; i++)
		stops_running(s, FIRST + i, 2000, STATE_SLEEP, SYS_futex);
	lesson = judged(s, "demo_event", NULL, 100000);
	assert_not_held(&lesson, "blocked");
	assert_evidence(&lesson, "blocked", "had not set the event");
	assert_not_held(&lesson, "go-on");
	pw_lesson_free(&lesson);
}

static const char *const buyers[] = {"buyer-1", "buyer-2", "buyer-3", "buyer-4",  "buyer-5", "buyer-6",
				     "buyer-7", "buyer-8", "buyer-9", "buyer-10", NULL};

static void buyers_still_at_it_may_buy_yet(void **state)
{
	struct pw_lesson lesson;

	are_forked(*state, "demo_lock", buyers);
	for (uint32_t i = 0; i < 3; i++)
		dies(*state, FIRST + i, EXITED(1), 20000 * (i + 1));
	lesson = judged(*state, "demo_lock", NULL, 100000);
	assert_not_held(&lesson, "sold");
	assert_evidence(&lesson, "sold", "7 of 10 had not exited");
	pw_lesson_free(&lesson);
}

static void buyers_still_at_it_may_wait_yet(void **state)
{
	assert_nothing_held_at_once(*state, "demo_lock", buyers, "--no-lock");
}

static void readers_still_at_it(void **state)
{
	static const char *const names[] = {"reader-1", "reader-2", "writer", NULL};
	struct pw_lesson with, without;

	are_forked(*state, "demo_pipe", names);
	with = judged(*state, "demo_pipe", NULL, 100000);
	without = judged(*state, "demo_pipe", "--no-lock", 100000);
	assert_not_held(&with, "one-reads");
	assert_not_held(&without, "no-wait");
	pw_lesson_free(&with);
	pw_lesson_free(&without);
}

static void eaters_still_at_it(void **state)
{
	static const char *const names[] = {"eater-1", "eater-2", NULL};

	assert_nothing_held_at_once(*state, "demo_deadlock", names, "--ordered");
}

static void clients_still_at_it(void **state)
{
	static const char *const names[] = {"forking",	  "threading",	"looping",    "f-client-1",
					    "f-client-2", "f-client-3", "f-client-4", "t-client-1",
					    "t-client-2", "t-client-3", "t-client-4", "l-client-1",
					    "l-client-2", "l-client-3", "l-client-4", NULL};
	struct pw_lesson lesson;

	are_forked(*state, "demo_server", names);
	sleeps(*state, THIRD, SYS_epoll_wait, 50000, 60000, FOURTH);
	lesson = judged(*state, "demo_server", NULL, 100000);
	assert_not_held(&lesson, "request");
	assert_evidence(&lesson, "request", "4 of 4 had not exited");
	pw_lesson_free(&lesson);
}

static void any_of_ten_is_told_alone(void **state)
{
	static const char *const names[] = {"reader", "computer", "starter", "waiter", "helper", "any-1",
					    "any-2",  "any-3",	  "any-4",   "any-5",  "any-6",	 "any-7",
					    "any-8",  "any-9",	  "any-10",  NULL};
	struct scenario *s = *state;
	struct pw_lesson lesson;

	are_forked(s, "demo_blocking", names);
	dies(s, FIRST + 6, 0, 50000);
	sleeps(s, FOURTH, SYS_wait4, 10000, 50030, FIRST + 6);
	lesson = judged(s, "demo_blocking", NULL, 100000);
	assert_held(&lesson, "any");
	assert_no_evidence(&lesson, "any", "had not exited");
	pw_lesson_free(&lesson);
}

static const char *const ends[] = {"normal", "error", "fatal", "killed", NULL};

/* An unknown exit has status 0 in the model, as a good one has. */
static void an_end_that_was_not_seen_is_no_good_one(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	are_forked(s, "demo_exit", ends);
	dies_unseen(s, FIRST, 5000); /* the record of its exit was lost */
	dies(s, SECOND, EXITED(1), 5000);
	dies(s, THIRD, SIGSEGV, 5000);
	dies(s, FOURTH, SIGKILL, 5000);
	lesson = judged(s, "demo_exit", NULL, 100000);
	assert_not_held(&lesson, "normal");
	assert_evidence(&lesson, "normal", "101 exited, but its exit status was not observed");
	assert_held(&lesson, "error");
	assert_not_held(&lesson, "status");
	pw_lesson_free(&lesson);
}

static void one_that_has_not_ended_is_no_good_end(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	are_forked(s, "demo_exit", ends);
	dies(s, SECOND, EXITED(1), 5000);
	dies(s, THIRD, SIGSEGV, 5000);
	dies(s, FOURTH, SIGKILL, 5000);
	lesson = judged(s, "demo_exit", NULL, 100000);
	assert_not_held(&lesson, "status");
	assert_evidence(&lesson, "status", "101 had not exited");
	pw_lesson_free(&lesson);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario_test(children_still_at_work_have_no_order),
		scenario_test(an_event_nobody_set_yet),
		scenario_test(buyers_still_at_it_may_buy_yet),
		scenario_test(buyers_still_at_it_may_wait_yet),
		scenario_test(readers_still_at_it),
		scenario_test(eaters_still_at_it),
		scenario_test(clients_still_at_it),
		scenario_test(any_of_ten_is_told_alone),
		scenario_test(an_end_that_was_not_seen_is_no_good_one),
		scenario_test(one_that_has_not_ended_is_no_good_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
