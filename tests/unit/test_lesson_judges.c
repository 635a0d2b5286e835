/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The judges: each demo as it should go, where every claim is held; and spoilt,
 * where the claim that is spoilt must not be.
 */
#include <signal.h>

#include "test_lesson_stage.h"

enum { MAIN = 100, CHILD, OTHER, THIRD };
#define EXITED(code) ((uint32_t)(code) << 8)

/* ---- zombie ---- */

static void zombie_begins(struct stage *st)
{
	is_forked(st, MAIN, OUTSIDER, "demo_zombie", 0);
	is_forked(st, CHILD, MAIN, "child", 1000);
	dies(st, CHILD, EXITED(7), 2000);
}

static void main_ends(struct stage *st, uint64_t at)
{
	dies(st, MAIN, 0, at);
	reaps(st, OUTSIDER, MAIN, at + 100);
}

static void zombie_is_held(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	zombie_begins(st);
	pauses(st, MAIN, 1500, 500000);
	reaps(st, MAIN, CHILD, 500100);
	main_ends(st, 501000);
	lesson = judged(st, "demo_zombie", NULL, 510000);
	assert_all_held(&lesson);
	assert_evidence(&lesson, "zombie", "reaped by 100 with wait 498 ms");
	pw_lesson_free(&lesson);
}

static void a_parent_that_reaps_at_once_is_found_out(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	zombie_begins(st);
	sleeps(st, MAIN, SYS_wait4, 1500, 2030, CHILD);
	reaps(st, MAIN, CHILD, 2060);
	pauses(st, MAIN, 2100, 500000);
	main_ends(st, 501000);
	lesson = judged(st, "demo_zombie", NULL, 510000);
	assert_held(&lesson, "zombie");
	assert_not_held(&lesson, "lasts");
	pw_lesson_free(&lesson);
}

static void a_parent_that_dawdles_is_found_out(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	zombie_begins(st);
	pauses(st, MAIN, 1500, 300000);
	sleeps(st, MAIN, SYS_read, 300050, 450000, 0);
	reaps(st, MAIN, CHILD, 500100);
	main_ends(st, 501000);
	lesson = judged(st, "demo_zombie", NULL, 510000);
	assert_held(&lesson, "zombie");
	assert_not_held(&lesson, "lasts");
	assert_evidence(&lesson, "lasts", "but blocked for 150 ms");
	pw_lesson_free(&lesson);
}

static void a_zombie_nobody_reaps_is_no_reaped_one(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	zombie_begins(st);
	pauses(st, MAIN, 1500, 500000);
	lesson = judged(st, "demo_zombie", NULL, 510000);
	assert_not_held(&lesson, "zombie");
	assert_not_held(&lesson, "freed");
	assert_not_held(&lesson, "lasts");
	assert_held(&lesson, "no-cpu");
	pw_lesson_free(&lesson);
}

static void a_zombie_that_runs_is_found_out(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	zombie_begins(st);
	plays_on(st, CHILD, 100000);
	goes_off(st, CHILD, 200000, 1);
	pauses(st, MAIN, 1500, 500000);
	reaps(st, MAIN, CHILD, 500100);
	main_ends(st, 501000);
	lesson = judged(st, "demo_zombie", NULL, 510000);
	assert_not_held(&lesson, "no-cpu");
	pw_lesson_free(&lesson);
}

static void without_wait_the_adopter_reaps(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	zombie_begins(st);
	pauses(st, MAIN, 1500, 500000);
	dies(st, MAIN, 0, 500100);
	leaves_to_init(st, MAIN, 500120);
	reaps(st, OUTSIDER, MAIN, 500300);
	reaps(st, INIT, CHILD, 1500000);
	lesson = judged(st, "demo_zombie", "--no-wait", 1600000);
	assert_all_held(&lesson);
	assert_evidence(&lesson, "adopted", "from 100 to 1 init (init) when 100 exited");
	pw_lesson_free(&lesson);
}

static void a_parent_that_waits_is_not_without_wait(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	zombie_begins(st);
	pauses(st, MAIN, 1500, 500000);
	reaps(st, MAIN, CHILD, 500100);
	main_ends(st, 501000);
	lesson = judged(st, "demo_zombie", "--no-wait", 510000);
	assert_not_held(&lesson, "zombie");
	assert_not_held(&lesson, "adopted");
	pw_lesson_free(&lesson);
}

/* ---- orphan ---- */

static void orphan(struct stage *st, bool adopted)
{
	is_forked(st, MAIN, OUTSIDER, "demo_orphan", 0);
	is_forked(st, CHILD, MAIN, "child", 1000);
	pauses(st, CHILD, 2000, 200000);
	pauses(st, MAIN, 2000, 300000);
	dies(st, MAIN, 0, 300100);
	if (adopted)
		leaves_to_init(st, MAIN, 300120);
	reaps(st, OUTSIDER, MAIN, 300500);
	pauses(st, CHILD, 200100, 1000000);
	dies(st, CHILD, 0, 1000100);
}

static void orphan_is_held(void **state)
{
	struct pw_lesson lesson;

	orphan(*state, true);
	reaps(*state, INIT, CHILD, 2000000);
	lesson = judged(*state, "demo_orphan", NULL, 2100000);
	assert_all_held(&lesson);
	assert_evidence(&lesson, "reaped", "reaped by 1 with wait 1.00 s after it exited");
	pw_lesson_free(&lesson);
}

static void an_unseen_reap_of_an_orphan_is_said_to_be_bounded(void **state)
{
	struct pw_lesson lesson;

	orphan(*state, true);
	is_freed(*state, CHILD, 1020000);
	lesson = judged(*state, "demo_orphan", NULL, 2100000);
	assert_all_held(&lesson);
	assert_evidence(&lesson, "reaped", "released at most");
	assert_evidence(&lesson, "reaped", "the reap was not observed");
	pw_lesson_free(&lesson);
}

static void an_orphan_never_adopted_is_found_out(void **state)
{
	struct pw_lesson lesson;

	orphan(*state, false);
	lesson = judged(*state, "demo_orphan", NULL, 2100000);
	assert_held(&lesson, "goes-on");
	assert_not_held(&lesson, "adopted");
	assert_not_held(&lesson, "reaped");
	assert_not_held(&lesson, "harmless");
	pw_lesson_free(&lesson);
}

static void an_orphan_reaped_by_a_stranger_is_found_out(void **state)
{
	struct pw_lesson lesson;

	orphan(*state, true);
	reaps(*state, OUTSIDER, CHILD, 1000300);
	lesson = judged(*state, "demo_orphan", NULL, 2100000);
	assert_held(&lesson, "adopted");
	assert_not_held(&lesson, "reaped");
	pw_lesson_free(&lesson);
}

static void a_child_that_ends_first_is_no_orphan(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	is_forked(st, MAIN, OUTSIDER, "demo_orphan", 0);
	is_forked(st, CHILD, MAIN, "child", 1000);
	dies(st, CHILD, 0, 2000);
	pauses(st, MAIN, 2000, 300000);
	dies(st, MAIN, 0, 300100);
	leaves_to_init(st, MAIN, 300120);
	reaps(st, INIT, CHILD, 300200);
	lesson = judged(st, "demo_orphan", NULL, 400000);
	assert_not_held(&lesson, "goes-on");
	pw_lesson_free(&lesson);
}

/* ---- daemon ---- */

static void daemon_begins(struct stage *st)
{
	is_forked(st, MAIN, OUTSIDER, "demo_daemon", 0);
	is_forked(st, CHILD, MAIN, "daemon", 1000);
	is_forked(st, OTHER, MAIN, "worker", 2000);
	pauses(st, MAIN, 3000, 300000);
	pauses(st, OTHER, 3000, 800000);
}

/* The daemon sleeps until it is ended, main until that has happened. */
static void daemon_is_ended(struct stage *st, uint64_t at)
{
	kills(st, MAIN, CHILD, SIGTERM, at);
	sleeps(st, CHILD, SYS_clock_nanosleep, 4000, at, MAIN);
	sleeps(st, MAIN, SYS_wait4, at + 10, at + 80, CHILD);
	dies(st, CHILD, SIGTERM, at + 50);
	reaps(st, MAIN, CHILD, at + 100);
}

static void worker_is_joined(struct stage *st)
{
	sleeps(st, MAIN, SYS_wait4, 301000, 800130, OTHER);
	dies(st, OTHER, 0, 800100);
	reaps(st, MAIN, OTHER, 800150);
}

static void daemon_is_held(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	daemon_begins(st);
	daemon_is_ended(st, 300100);
	worker_is_joined(st);
	main_ends(st, 801000);
	lesson = judged(st, "demo_daemon", NULL, 900000);
	assert_all_held(&lesson);
	pw_lesson_free(&lesson);
}

static void a_daemon_that_lasts_as_long_as_the_worker_is_found_out(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	daemon_begins(st);
	worker_is_joined(st);
	daemon_is_ended(st, 801000);
	main_ends(st, 802000);
	lesson = judged(st, "demo_daemon", NULL, 900000);
	assert_not_held(&lesson, "code-done");
	assert_not_held(&lesson, "independent");
	pw_lesson_free(&lesson);
}

static void a_main_that_does_not_wait_is_found_out(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	daemon_begins(st);
	daemon_is_ended(st, 300100);
	dies(st, MAIN, 0, 301000);
	leaves_to_init(st, MAIN, 301020);
	dies(st, OTHER, 0, 800100);
	reaps(st, INIT, OTHER, 800300);
	lesson = judged(st, "demo_daemon", NULL, 900000);
	assert_held(&lesson, "code-done");
	assert_not_held(&lesson, "waits");
	pw_lesson_free(&lesson);
}

static void a_daemon_nobody_ends_is_found_out(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson;

	daemon_begins(st);
	worker_is_joined(st);
	main_ends(st, 801000);
	lesson = judged(st, "demo_daemon", NULL, 900000);
	assert_not_held(&lesson, "code-done");
	assert_not_held(&lesson, "independent");
	pw_lesson_free(&lesson);
}

/* OTHER is the go-between here. */
static void unix_daemon(struct stage *st, bool adopted, uint32_t code)
{
	is_forked(st, MAIN, OUTSIDER, "demo_daemon", 0);
	is_forked(st, OTHER, MAIN, "go-between", 1000);
	is_forked(st, CHILD, OTHER, "daemon", 2000);
	dies(st, OTHER, 0, 3000);
	if (adopted)
		leaves_to_init(st, OTHER, 3020);
	reaps(st, MAIN, OTHER, 3100);
	pauses(st, MAIN, 4000, 300000);
	pauses(st, CHILD, 4000, 600000);
	main_ends(st, 300100);
	dies(st, CHILD, EXITED(code), 600100);
	reaps(st, adopted ? INIT : MAIN, CHILD, 600300);
}

static void unix_daemon_is_held(void **state)
{
	struct pw_lesson lesson;

	unix_daemon(*state, true, 0);
	lesson = judged(*state, "demo_daemon", "--unix", 700000);
	assert_all_held(&lesson);
	pw_lesson_free(&lesson);
}

static void a_unix_daemon_with_ties_is_found_out(void **state)
{
	struct pw_lesson lesson;

	unix_daemon(*state, false, 1);
	lesson = judged(*state, "demo_daemon", "--unix", 700000);
	assert_held(&lesson, "outlives");
	assert_not_held(&lesson, "adopted");
	assert_not_held(&lesson, "session");
	assert_not_held(&lesson, "reaped");
	pw_lesson_free(&lesson);
}

int main(void)
{
#define PLAY(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)
	const struct CMUnitTest tests[] = {
		PLAY(zombie_is_held),
		PLAY(a_parent_that_reaps_at_once_is_found_out),
		PLAY(a_parent_that_dawdles_is_found_out),
		PLAY(a_zombie_nobody_reaps_is_no_reaped_one),
		PLAY(a_zombie_that_runs_is_found_out),
		PLAY(without_wait_the_adopter_reaps),
		PLAY(a_parent_that_waits_is_not_without_wait),
		PLAY(orphan_is_held),
		PLAY(an_unseen_reap_of_an_orphan_is_said_to_be_bounded),
		PLAY(an_orphan_never_adopted_is_found_out),
		PLAY(an_orphan_reaped_by_a_stranger_is_found_out),
		PLAY(a_child_that_ends_first_is_no_orphan),
		PLAY(daemon_is_held),
		PLAY(a_daemon_that_lasts_as_long_as_the_worker_is_found_out),
		PLAY(a_main_that_does_not_wait_is_found_out),
		PLAY(a_daemon_nobody_ends_is_found_out),
		PLAY(unix_daemon_is_held),
		PLAY(a_unix_daemon_with_ties_is_found_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
