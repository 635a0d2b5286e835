/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lessons of single processes: each demo as it should run, where every claim holds,
 * and with one mistake, where the claim that it breaks must fail.
 */
#include <signal.h>

#include "lib/scenario.h"

enum { MAIN = 100, CHILD, OTHER, THIRD };
#define EXITED(code) ((uint32_t)(code) << 8)

/* ---- zombie ---- */

static void zombie_begins(struct scenario *s)
{
	is_forked(s, MAIN, OUTSIDER, "demo_zombie", 0);
	is_forked(s, CHILD, MAIN, "child", 1000);
	dies(s, CHILD, EXITED(7), 2000);
}

static void main_ends(struct scenario *s, uint64_t at)
{
	dies(s, MAIN, 0, at);
	reaps(s, OUTSIDER, MAIN, at + 100);
}

static void zombie_is_held(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	zombie_begins(s);
	pauses(s, MAIN, 1500, 500000);
	reaps(s, MAIN, CHILD, 500100);
	main_ends(s, 501000);
	lesson = judged(s, "demo_zombie", NULL, 510000);
	assert_all_held(&lesson);
	assert_evidence(&lesson, "zombie", "reaped by 100 with wait 498 ms");
	pw_lesson_free(&lesson);
}

static void a_parent_that_reaps_at_once_is_found_out(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	zombie_begins(s);
	sleeps(s, MAIN, SYS_wait4, 1500, 2030, CHILD);
	reaps(s, MAIN, CHILD, 2060);
	pauses(s, MAIN, 2100, 500000);
	main_ends(s, 501000);
	lesson = judged(s, "demo_zombie", NULL, 510000);
	assert_held(&lesson, "zombie");
	assert_not_held(&lesson, "lasts");
	pw_lesson_free(&lesson);
}

static void a_parent_that_dawdles_is_found_out(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	zombie_begins(s);
	pauses(s, MAIN, 1500, 300000);
	sleeps(s, MAIN, SYS_read, 300050, 450000, 0);
	reaps(s, MAIN, CHILD, 500100);
	main_ends(s, 501000);
	lesson = judged(s, "demo_zombie", NULL, 510000);
	assert_held(&lesson, "zombie");
	assert_not_held(&lesson, "lasts");
	assert_evidence(&lesson, "lasts", "but the parent first blocked for 150 ms");
	pw_lesson_free(&lesson);
}

static void a_zombie_nobody_reaps_is_no_reaped_one(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	zombie_begins(s);
	pauses(s, MAIN, 1500, 500000);
	lesson = judged(s, "demo_zombie", NULL, 510000);
	assert_not_held(&lesson, "zombie");
	assert_not_held(&lesson, "freed");
	assert_not_held(&lesson, "lasts");
	assert_held(&lesson, "no-cpu");
	pw_lesson_free(&lesson);
}

static void a_zombie_that_runs_is_found_out(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	zombie_begins(s);
	runs(s, CHILD, 100000);
	stops_running(s, CHILD, 200000, STATE_SLEEP, -1);
	pauses(s, MAIN, 1500, 500000);
	reaps(s, MAIN, CHILD, 500100);
	main_ends(s, 501000);
	lesson = judged(s, "demo_zombie", NULL, 510000);
	assert_not_held(&lesson, "no-cpu");
	pw_lesson_free(&lesson);
}

static void without_wait_the_adopter_reaps(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	zombie_begins(s);
	pauses(s, MAIN, 1500, 500000);
	dies(s, MAIN, 0, 500100);
	leaves_to_init(s, MAIN, 500120);
	reaps(s, OUTSIDER, MAIN, 500300);
	reaps(s, INIT, CHILD, 1500000);
	lesson = judged(s, "demo_zombie", "--no-wait", 1600000);
	assert_all_held(&lesson);
	assert_evidence(&lesson, "adopted", "from 100 to 1 init (init) when 100 exited");
	pw_lesson_free(&lesson);
}

static void a_parent_that_waits_is_not_without_wait(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	zombie_begins(s);
	pauses(s, MAIN, 1500, 500000);
	reaps(s, MAIN, CHILD, 500100);
	main_ends(s, 501000);
	lesson = judged(s, "demo_zombie", "--no-wait", 510000);
	assert_not_held(&lesson, "zombie");
	assert_not_held(&lesson, "adopted");
	pw_lesson_free(&lesson);
}

/* ---- orphan ---- */

static void orphan(struct scenario *s, bool adopted)
{
	is_forked(s, MAIN, OUTSIDER, "demo_orphan", 0);
	is_forked(s, CHILD, MAIN, "child", 1000);
	pauses(s, CHILD, 2000, 200000);
	pauses(s, MAIN, 2000, 300000);
	dies(s, MAIN, 0, 300100);
	if (adopted)
		leaves_to_init(s, MAIN, 300120);
	reaps(s, OUTSIDER, MAIN, 300500);
	pauses(s, CHILD, 200100, 1000000);
	dies(s, CHILD, 0, 1000100);
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

static void an_orphan_reaped_by_an_outsider_is_found_out(void **state)
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
	struct scenario *s = *state;
	struct pw_lesson lesson;

	is_forked(s, MAIN, OUTSIDER, "demo_orphan", 0);
	is_forked(s, CHILD, MAIN, "child", 1000);
	dies(s, CHILD, 0, 2000);
	pauses(s, MAIN, 2000, 300000);
	dies(s, MAIN, 0, 300100);
	leaves_to_init(s, MAIN, 300120);
	reaps(s, INIT, CHILD, 300200);
	lesson = judged(s, "demo_orphan", NULL, 400000);
	assert_not_held(&lesson, "goes-on");
	pw_lesson_free(&lesson);
}

/* ---- daemon ---- */

static void daemon_begins(struct scenario *s)
{
	is_forked(s, MAIN, OUTSIDER, "demo_daemon", 0);
	is_forked(s, CHILD, MAIN, "daemon", 1000);
	is_forked(s, OTHER, MAIN, "worker", 2000);
	pauses(s, MAIN, 3000, 300000);
	pauses(s, OTHER, 3000, 800000);
}

/* The daemon sleeps until it is killed, main until that has happened. */
static void daemon_is_ended(struct scenario *s, uint64_t at)
{
	kills(s, MAIN, CHILD, SIGTERM, at);
	sleeps(s, CHILD, SYS_clock_nanosleep, 4000, at, MAIN);
	sleeps(s, MAIN, SYS_wait4, at + 10, at + 80, CHILD);
	dies(s, CHILD, SIGTERM, at + 50);
	reaps(s, MAIN, CHILD, at + 100);
}

static void worker_is_joined(struct scenario *s)
{
	sleeps(s, MAIN, SYS_wait4, 301000, 800130, OTHER);
	dies(s, OTHER, 0, 800100);
	reaps(s, MAIN, OTHER, 800150);
}

static void daemon_is_held(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	daemon_begins(s);
	daemon_is_ended(s, 300100);
	worker_is_joined(s);
	main_ends(s, 801000);
	lesson = judged(s, "demo_daemon", NULL, 900000);
	assert_all_held(&lesson);
	pw_lesson_free(&lesson);
}

static void a_daemon_that_lasts_as_long_as_the_worker_is_found_out(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	daemon_begins(s);
	worker_is_joined(s);
	daemon_is_ended(s, 801000);
	main_ends(s, 802000);
	lesson = judged(s, "demo_daemon", NULL, 900000);
	assert_not_held(&lesson, "code-done");
	assert_not_held(&lesson, "independent");
	pw_lesson_free(&lesson);
}

static void a_main_that_does_not_wait_is_found_out(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	daemon_begins(s);
	daemon_is_ended(s, 300100);
	dies(s, MAIN, 0, 301000);
	leaves_to_init(s, MAIN, 301020);
	dies(s, OTHER, 0, 800100);
	reaps(s, INIT, OTHER, 800300);
	lesson = judged(s, "demo_daemon", NULL, 900000);
	assert_held(&lesson, "code-done");
	assert_not_held(&lesson, "waits");
	pw_lesson_free(&lesson);
}

static void a_daemon_nobody_ends_is_found_out(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson;

	daemon_begins(s);
	worker_is_joined(s);
	main_ends(s, 801000);
	lesson = judged(s, "demo_daemon", NULL, 900000);
	assert_not_held(&lesson, "code-done");
	assert_not_held(&lesson, "independent");
	pw_lesson_free(&lesson);
}

/* OTHER is the process that forks the daemon and exits. */
static void unix_daemon(struct scenario *s, bool adopted, uint32_t code)
{
	is_forked(s, MAIN, OUTSIDER, "demo_daemon", 0);
	is_forked(s, OTHER, MAIN, "go-between", 1000);
	is_forked(s, CHILD, OTHER, "daemon", 2000);
	dies(s, OTHER, 0, 3000);
	if (adopted)
		leaves_to_init(s, OTHER, 3020);
	reaps(s, MAIN, OTHER, 3100);
	pauses(s, MAIN, 4000, 300000);
	pauses(s, CHILD, 4000, 600000);
	main_ends(s, 300100);
	dies(s, CHILD, EXITED(code), 600100);
	reaps(s, adopted ? INIT : MAIN, CHILD, 600300);
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
	const struct CMUnitTest tests[] = {
		scenario_test(zombie_is_held),
		scenario_test(a_parent_that_reaps_at_once_is_found_out),
		scenario_test(a_parent_that_dawdles_is_found_out),
		scenario_test(a_zombie_nobody_reaps_is_no_reaped_one),
		scenario_test(a_zombie_that_runs_is_found_out),
		scenario_test(without_wait_the_adopter_reaps),
		scenario_test(a_parent_that_waits_is_not_without_wait),
		scenario_test(orphan_is_held),
		scenario_test(an_unseen_reap_of_an_orphan_is_said_to_be_bounded),
		scenario_test(an_orphan_never_adopted_is_found_out),
		scenario_test(an_orphan_reaped_by_an_outsider_is_found_out),
		scenario_test(a_child_that_ends_first_is_no_orphan),
		scenario_test(daemon_is_held),
		scenario_test(a_daemon_that_lasts_as_long_as_the_worker_is_found_out),
		scenario_test(a_main_that_does_not_wait_is_found_out),
		scenario_test(a_daemon_nobody_ends_is_found_out),
		scenario_test(unix_daemon_is_held),
		scenario_test(a_unix_daemon_with_ties_is_found_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
