/* SPDX-License-Identifier: GPL-2.0-only */
/* Findings about zombies: for how long, what the parent did meanwhile, who reaped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "lib/findings.h"
#include "model/questions.h"

static void test_prompt_reap(void **state)
{
	struct findings_test *s = parent_runs(state);

	child_ends(s, 10 * MS, 11, 0);
	ev_reap(&s->ev, 10 * MS + 50000, 11, 10, PW_REAP_WAIT);
	find_all(s, 100 * MS);
	only_finding(s, "alive");
}

static void test_zombie_of_a_sleeper(void **state)
{
	struct findings_test *s = parent_runs(state);
	const struct pw_finding *f;

	ev_off(&s->ev, 9 * MS + 999900, 10, STATE_SLEEP, SYS_clock_nanosleep);
	child_ends(s, 10 * MS, 11, 7 << 8);
	ev_reap(&s->ev, 510 * MS, 11, 10, PW_REAP_WAIT);
	find_all(s, 600 * MS);
	f = only_finding(s, "zombie");
	assert_int_equal(f->severity, PW_WARNING);
	assert_int_equal(f->pid, 11);
	assert_reads(s, f,
		     "11 child was a zombie for 500 ms. Meanwhile its parent 10 parent slept in "
		     "clock_nanosleep and did "
		     "not wait. SIGCHLD reached the parent 0.100 µs after the exit began. In the end the "
		     "parent reaped it.");
}

static void test_zombie_of_a_runner(void **state)
{
	struct findings_test *s = parent_runs(state);

	child_ends(s, 10 * MS, 11, 0);
	ev_reap(&s->ev, 30 * MS, 11, 10, PW_REAP_WAIT);
	find_all(s, 100 * MS);
	assert_says(s, only_finding(s, "zombie"), "10 parent was running and did not wait");
}

static void test_zombie_of_one_that_mostly_slept(void **state)
{
	struct findings_test *s = parent_runs(state);

	ev_off(&s->ev, 9 * MS + 999900, 10, STATE_SLEEP, SYS_poll);
	child_ends(s, 10 * MS, 11, 0);
	ev_wake(&s->ev, 26 * MS, 10, 0);
	ev_on(&s->ev, 26 * MS, 0, 10);
	ev_reap(&s->ev, 30 * MS, 11, 10, PW_REAP_WAIT);
	find_all(s, 100 * MS);
	assert_says(s, only_finding(s, "zombie"), "10 parent mostly slept in poll and did not wait");
}

/* The parent exits without having waited, and init reaps. */
static void test_zombie_left_to_another(void **state)
{
	struct findings_test *s = parent_runs(state);

	ev_outside(&s->ev, 1, "init");
	child_ends(s, 10 * MS, 11, 0);
	ev_exit(&s->ev, 40 * MS, 10, 0);
	ev_reparent(&s->ev, 40 * MS, 10, 1, 0);
	ev_notice(&s->ev, 40 * MS, 10, 1);
	ev_die(&s->ev, 40 * MS, 10, 0x20);
	ev_reap(&s->ev, 40 * MS + 1000, 10, 1, PW_REAP_WAIT);
	ev_reap(&s->ev, 41 * MS, 11, 1, PW_REAP_WAIT);
	find_all(s, 100 * MS);
	assert_reads(
		s, first_finding(s, "zombie"),
		"11 child was a zombie for 31.0 ms. Meanwhile its parent 10 parent was running and did not "
		"wait. SIGCHLD reached the parent 0.100 µs after the exit began. When the parent exited, 1 "
		"init adopted the zombie. In the end 1 init reaped it.");
	assert_reads(
		s, first_finding(s, "orphan"),
		"11 child, already a zombie, lost its parent 10 parent 30.0 ms after it was forked and was "
		"adopted by 1 init (init). The adopter reaped it 1.00 ms later.");
}

static void test_zombie_of_one_that_waits_for_another(void **state)
{
	struct findings_test *s = parent_runs(state);

	ev_off(&s->ev, 9 * MS + 999900, 10, STATE_SLEEP, SYS_wait4);
	child_ends(s, 10 * MS, 11, 0);
	ev_reap(&s->ev, 30 * MS, 11, 10, PW_REAP_WAIT);
	find_all(s, 100 * MS);
	assert_says(s, only_finding(s, "zombie"),
		    "10 parent was blocked in wait4, perhaps for another child, and did not reap this one.");
}

static void test_zombie_of_a_stopped_one(void **state)
{
	struct findings_test *s = parent_runs(state);

	ev_off(&s->ev, 9 * MS + 999900, 10, STATE_STOP, -1);
	child_ends(s, 10 * MS, 11, 0);
	ev_wake(&s->ev, 29 * MS, 10, 1);
	ev_on(&s->ev, 29 * MS, 0, 10);
	ev_reap(&s->ev, 30 * MS, 11, 10, PW_REAP_WAIT);
	find_all(s, 100 * MS);
	assert_says(s, only_finding(s, "zombie"), "10 parent was stopped and could not wait");
}

static void test_zombie_of_an_unwatched_one(void **state)
{
	struct findings_test *s = *state;

	ev_outside(&s->ev, 900, "shell");
	ev_fork(&s->ev, 1 * MS, 900, 11, "child");
	ev_on(&s->ev, 2 * MS, 1, 11);
	ev_exit(&s->ev, 3 * MS, 11, 0);
	ev_notice(&s->ev, 3 * MS, 11, 900);
	ev_die(&s->ev, 3 * MS, 11, 0x20);
	ev_reap(&s->ev, 30 * MS, 11, 900, PW_REAP_WAIT);
	find_all(s, 100 * MS);
	assert_says(s, only_finding(s, "zombie"),
		    "Its parent 900 shell was not watched, so its activity in that time is unknown.");
}

/* 1 ms is long in a recording of 20 ms, and short in one of 10 s. */
static void test_zombie_threshold(void **state)
{
	struct findings_test *s = parent_runs(state);

	child_ends(s, 10 * MS, 11, 0);
	ev_reap(&s->ev, 11 * MS + 100000, 11, 10, PW_REAP_WAIT);
	find_all(s, 20 * MS);
	assert_true(pw_zombie_is_long(pw_model_find(s->m, 11, 10 * MS), 20 * MS));
	assert_false(pw_zombie_is_long(pw_model_find(s->m, 11, 10 * MS), 10000 * MS));
	only_finding(s, "zombie");
}

static void test_many_zombies(void **state)
{
	struct findings_test *s = parent_runs(state);
	const struct pw_finding *f;

	ev_off(&s->ev, 9 * MS, 10, STATE_SLEEP, SYS_poll);
	for (uint32_t i = 0; i < 5; i++)
		child_ends(s, (10 + i) * MS, 11 + i, 0);
	for (uint32_t i = 0; i < 5; i++)
		ev_reap(&s->ev, (30 + 10 * i) * MS, 11 + i, 10, PW_REAP_WAIT);
	find_all(s, 100 * MS);
	f = only_finding(s, "zombie");
	assert_int_equal(f->pid, 10);
	assert_says(s, f,
		    "5 children of 10 parent were zombies for 20.0–56.0 ms. 15 child was one for the longest "
		    "time.");
	assert_says(s, f, "slept in poll and did not wait");
}

static void test_unreaped(void **state)
{
	struct findings_test *s = parent_runs(state);

	child_ends(s, 10 * MS, 11, 0);
	find_all(s, 100 * MS);
	assert_says(s, only_finding(s, "unreaped"),
		    "11 child was not reaped: it was a zombie for the last 90.0 ms of the recording.");
}

static void test_bounded_reaps_are_no_zombies(void **state)
{
	struct findings_test *s = parent_runs(state);

	child_ends(s, 10 * MS, 11, 0);
	ev_free(&s->ev, 30 * MS, 11);
	find_all(s, 100 * MS);
	assert_reads(s, only_finding(s, "unobserved"),
		     "The reap of 11 child was not observed; the process was gone at most 20.0 ms after its "
		     "exit.");
}

static void test_found_dead(void **state)
{
	struct findings_test *s = parent_runs(state);
	struct pw_birth seed = ev_birth(&s->ev, 5 * MS, 10, 11, 11, "late");

	seed.h.flags = PW_SEEDED;
	seed.exit_state = 0x20;
	seed.exit_code = 7 << 8;
	ev_emit(&s->ev, &seed);
	ev_reap(&s->ev, 305 * MS, 11, 10, PW_REAP_RELEASE);
	find_all(s, 400 * MS);
	assert_says(s, only_finding(s, "zombie"), "11 late was a zombie for at least 300 ms");
	assert_says(s, only_finding(s, "zombie"),
		    "It had exited before the recording began. In the end the parent reaped it.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, findings_setup, findings_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_found_dead),
		TEST(test_prompt_reap),
		TEST(test_zombie_of_a_sleeper),
		TEST(test_zombie_of_a_runner),
		TEST(test_zombie_of_one_that_mostly_slept),
		TEST(test_zombie_left_to_another),
		TEST(test_zombie_of_one_that_waits_for_another),
		TEST(test_zombie_of_a_stopped_one),
		TEST(test_zombie_of_an_unwatched_one),
		TEST(test_zombie_threshold),
		TEST(test_many_zombies),
		TEST(test_unreaped),
		TEST(test_bounded_reaps_are_no_zombies),
	};

	return cmocka_run_group_tests_name("findings of zombies", tests, NULL, NULL);
}
