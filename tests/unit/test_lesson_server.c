/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lesson of the servers: which client wakes which server.
 */
#include "lib/scenario.h"

enum { MAIN = 100, FORKING, THREADING, LOOPING, CLIENT = 110, FORKED = 120, CLIENTS = 4 };

/* Each of the forked servers is woken by its client. */
static void enter(struct scenario *s)
{
	static const char *const client[] = {"f-client-1", "f-client-2", "f-client-3", "f-client-4"};

	is_forked(s, MAIN, OUTSIDER, "demo_server", 0);
	is_forked(s, FORKING, MAIN, "forking", 1000);
	is_forked(s, THREADING, MAIN, "threading", 1000);
	is_forked(s, LOOPING, MAIN, "looping", 1000);
	for (uint32_t i = 0; i < CLIENTS; i++) {
		is_forked(s, CLIENT + i, MAIN, client[i], 2000);
		is_forked(s, FORKED + i, FORKING, "forked", 3000);
		sleeps(s, FORKED + i, SYS_recvfrom, 4000, 5000, CLIENT + i);
	}
}

static void each_is_woken_by_its_own(void **state)
{
	struct pw_lesson lesson;

	enter(*state);
	lesson = judged(*state, "demo_server", NULL, 20000);
	assert_held(&lesson, "process");
	pw_lesson_free(&lesson);
}

static void one_that_serves_two_is_found_out(void **state)
{
	struct pw_lesson lesson;

	enter(*state);
	sleeps(*state, FORKED, SYS_recvfrom, 6000, 7000, CLIENT + 1);
	lesson = judged(*state, "demo_server", NULL, 20000);
	assert_not_held(&lesson, "process");
	assert_evidence(&lesson, "process", "2 clients woke 120");
	pw_lesson_free(&lesson);
}

/* Two servers that exit at the same moment take the same lock in the kernel, and one wakes the other. */
static void a_lock_of_the_kernel_is_no_service(void **state)
{
	struct pw_lesson lesson;

	enter(*state);
	waits_for_the_kernel(*state, FORKED, SYS_exit_group, 6000, 7000, CLIENT + 1);
	waits_for_the_kernel(*state, FORKED + 1, -1, 6000, 7000, CLIENT + 3);
	lesson = judged(*state, "demo_server", NULL, 20000);
	assert_held(&lesson, "process");
	pw_lesson_free(&lesson);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario_test(each_is_woken_by_its_own),
		scenario_test(one_that_serves_two_is_found_out),
		scenario_test(a_lock_of_the_kernel_is_no_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
