/* SPDX-License-Identifier: GPL-2.0-only */
/* What the lessons share, on scenarios whose times are known: sleeps, overlaps, turns, wakers, ends. */
#include <signal.h>
#include <stdio.h>

#include "course/lib/births.h"
#include "course/lib/process_set.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"
#include "course/lib/together.h"
#include "lib/scenario.h"
#include "report/words/words.h"

enum { MAIN = 100, ONE, TWO, THREE };

struct demo {
	struct scenario scenario;
	struct pw_model *m;
	struct pw_demo_run s;
};

static int set_up(void **state)
{
	struct demo *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	scenario_begin(&p->scenario);
	is_forked(&p->scenario, MAIN, OUTSIDER, "demo", 0);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct demo *p = *state;

	scenario_end(&p->scenario);
	pw_model_free(p->m);
	free(p);
	return 0;
}

static const struct pw_process *process(const struct demo *p, uint32_t pid)
{
	for (size_t i = 0; i < pw_model_count(p->m); i++) {
		if (pw_model_process(p->m, i)->pid == pid)
			return pw_model_process(p->m, i);
	}
	fail_msg("no process has pid %u", pid);
	return NULL;
}

static const struct pw_thread *thread(const struct demo *p, uint32_t pid)
{
	return process(p, pid)->threads;
}

static void end_at(struct demo *p, uint64_t end)
{
	p->m = scenario_model(&p->scenario, end);
	p->s = (struct pw_demo_run){.m = p->m, .main = process(p, MAIN)};
}

/* How the evidence reads, until the next call; it is empty then. */
static const char *read_out(struct pw_evidence *why)
{
	static char text[1024];
	const struct pw_lesson lesson = {.words = {pw_course_words}};
	const struct pw_claim claim = {.facts = why->facts};
	struct pw_text words = {0};

	pw_words_evidence(PW_ENGLISH, &lesson, &claim, &words);
	snprintf(text, sizeof(text), "%s", pw_text_get(&words));
	pw_text_free(&words);
	pw_facts_free(&why->facts);
	return text;
}

static void time_is_summed_between_two_moments(void **state)
{
	struct demo *p = *state;

	is_forked(&p->scenario, ONE, MAIN, "one", 1000); /* ready for 20 us, then running */
	sleeps(&p->scenario, ONE, SYS_read, 2000, 5000, MAIN); /* ready for 10 us */
	sleeps(&p->scenario, ONE, SYS_futex, 6000, 7000, MAIN);
	end_at(p, 10000);
	assert_int_equal(pw_spent(thread(p, ONE), PW_BLOCKED, 0, UINT64_MAX), US(4000));
	assert_int_equal(pw_spent(thread(p, ONE), PW_BLOCKED, AT(4000), AT(6500)), US(1500));
	assert_int_equal(pw_spent(thread(p, ONE), PW_RUNNING, AT(0), AT(2500)), US(980));
	assert_int_equal(pw_spent(thread(p, ONE), PW_READY, AT(5000), AT(6000)), US(10));
	assert_int_equal(pw_slept_in(thread(p, ONE), SYS_read, 0, UINT64_MAX), US(3000));
	assert_int_equal(pw_slept_in(thread(p, ONE), SYS_futex, AT(6200), AT(6300)), US(100));
	assert_int_equal(pw_slept_in(thread(p, ONE), SYS_wait4, 0, UINT64_MAX), 0);
	assert_int_equal(pw_first_run(thread(p, ONE)), AT(1020));
}

static void sleeps_are_found(void **state)
{
	struct demo *p = *state;
	struct pw_sleep sleep;

	is_forked(&p->scenario, ONE, MAIN, "one", 1000);
	sleeps(&p->scenario, ONE, SYS_read, 2000, 5000, MAIN);
	sleeps(&p->scenario, ONE, SYS_wait4, 6000, 7000, MAIN);
	sleeps(&p->scenario, ONE, SYS_read, 8000, 8500, 0);
	sleeps(&p->scenario, ONE, SYS_waitid, 9000, 9500, MAIN);
	end_at(p, 10000);
	assert_true(pw_longest_sleep(thread(p, ONE), SYS_read, &sleep));
	assert_int_equal(sleep.from, AT(2000));
	assert_int_equal(sleep.by, MAIN);
	assert_true(pw_longest_sleep(thread(p, ONE), PW_ANY_SYSCALL, &sleep));
	assert_int_equal(sleep.to - sleep.from, US(3000));
	assert_false(pw_longest_sleep(thread(p, ONE), SYS_futex, &sleep));
	assert_int_equal(pw_sleeps_ended_by(thread(p, ONE), SYS_read, MAIN), 1);
	assert_int_equal(pw_sleeps_ended_by(thread(p, ONE), SYS_read, ONE), 0);
	assert_true(pw_wait_over(process(p, ONE), AT(6500), &sleep));
	assert_int_equal(sleep.from, AT(6000));
	assert_true(pw_wait_over(process(p, ONE), AT(7500), &sleep));
	assert_int_equal(sleep.syscall, SYS_waitid);
	assert_false(pw_wait_over(process(p, ONE), AT(9600), &sleep));
}

static void what_the_kernel_waits_for_is_no_sleep(void **state)
{
	struct demo *p = *state;
	struct pw_sleep sleep;

	is_forked(&p->scenario, ONE, MAIN, "one", 1000);
	sleeps(&p->scenario, ONE, SYS_read, 2000, 3000, MAIN);
	waits_for_the_kernel(&p->scenario, ONE, SYS_read, 4000, 7000, MAIN);
	waits_for_the_kernel(&p->scenario, ONE, -1, 8000, 9000, MAIN);
	end_at(p, 10000);
	assert_int_equal(pw_asleep(thread(p, ONE), 0, UINT64_MAX), US(1000));
	assert_int_equal(pw_asleep(thread(p, ONE), AT(2500), AT(8500)), US(500));
	assert_int_equal(pw_spent(thread(p, ONE), PW_BLOCKED, 0, UINT64_MAX), US(5000));
	assert_int_equal(pw_sleeps_ended_by(thread(p, ONE), SYS_read, MAIN), 1);
	assert_true(pw_longest_sleep(thread(p, ONE), PW_ANY_SYSCALL, &sleep));
	assert_int_equal(sleep.from, AT(2000));
}

static void two_at_the_same_time(void **state)
{
	struct demo *p = *state;

	is_forked(&p->scenario, ONE, MAIN, "one", 1000);
	is_forked(&p->scenario, TWO, MAIN, "two", 1000);
	loses_its_cpu(&p->scenario, ONE, 2000, 4000);
	loses_its_cpu(&p->scenario, TWO, 4000, 6000);
	sleeps(&p->scenario, ONE, SYS_read, 5000, 7000, MAIN);
	end_at(p, 8000);

	const struct pw_thread *one = thread(p, ONE), *two = thread(p, TWO);

	/* One runs 1020-2000, 4000-5000 and from 7010; two 1020-4000 and from 6000. */
	assert_int_equal(pw_both(one, PW_RUNNING, two, PW_RUNNING), US(980 + 990));
	assert_int_equal(pw_both(one, PW_READY, two, PW_RUNNING), US(2000 + 10));
	assert_int_equal(pw_both(two, PW_RUNNING, one, PW_READY), US(2000 + 10));
	assert_int_equal(pw_both(two, PW_READY, one, PW_RUNNING), US(1000));
	assert_int_equal(pw_both(one, PW_BLOCKED, two, PW_READY), US(1000));
	assert_int_equal(pw_both(one, PW_STOPPED, two, PW_RUNNING), 0);
	assert_int_equal(pw_both_since(AT(1500), one, PW_RUNNING, two, PW_RUNNING), US(500 + 990));
	assert_int_equal(pw_both_since(AT(7500), one, PW_RUNNING, two, PW_RUNNING), US(500));
	assert_int_equal(pw_both_since(AT(9000), one, PW_RUNNING, two, PW_RUNNING), 0);
}

/* In a scenario a process stays on its CPU; here it moves. */
static void a_move_to_another_cpu_is_seen(void **state)
{
	struct demo *p = *state;

	is_forked(&p->scenario, ONE, MAIN, "one", 1000);
	is_forked(&p->scenario, TWO, MAIN, "two", 1000);
	sleeps(&p->scenario, ONE, SYS_read, 2000, 3000, MAIN);
	for (size_t i = 0; i < p->scenario.events.count; i++) {
		struct pw_event *event = p->scenario.events.at[i];

		if (event->ts < AT(3000) && event->cpu == 1)
			event->cpu = 9; /* one was elsewhere before it slept */
	}
	end_at(p, 8000);
	assert_int_equal(pw_on_last_cpu_since(thread(p, ONE)), AT(3010));
	assert_int_equal(pw_on_last_cpu_since(thread(p, TWO)), AT(1020));
}

static void turns_are_counted(void **state)
{
	struct demo *p = *state;

	is_forked(&p->scenario, ONE, MAIN, "one", 1000);
	is_forked(&p->scenario, TWO, MAIN, "two", 1500);
	loses_its_cpu(&p->scenario, ONE, 2000, 3000);
	loses_its_cpu(&p->scenario, ONE, 3500, 4000); /* no other thread had the CPU meanwhile: no turn */
	loses_its_cpu(&p->scenario, TWO, 2500, 5000);
	end_at(p, 6000);

	const struct pw_thread *const both[] = {thread(p, ONE), thread(p, TWO)};

	/* one, two, one, one, two */
	assert_int_equal(pw_turns(both, 2), 3);
	assert_int_equal(pw_turns(both, 1), 0);
	assert_int_equal(pw_turns(both, 0), 0);
}

static void groups_are_found_by_name(void **state)
{
	struct demo *p = *state;
	struct pw_evidence why = {0};
	struct pw_process_set group;

	is_forked(&p->scenario, ONE, MAIN, "demo-1", 1000);
	is_forked(&p->scenario, TWO, ONE, "demo-2", 2000);
	is_forked(&p->scenario, THREE, OUTSIDER, "demo-3", 3000);
	end_at(p, 6000);
	group = pw_process_set_of(&p->s, "demo-");
	assert_int_equal(group.count,
			 2); /* a grandchild belongs to it, an unrelated process and main do not */
	assert_int_equal(group.of[1]->pid, TWO);
	assert_true(pw_process_set_counts(&group, 2, &why));
	assert_string_equal(read_out(&why), "");
	assert_false(pw_process_set_counts(&group, 3, &why));
	assert_non_null(strstr(read_out(&why), "2 were started, not 3"));
	assert_int_equal(pw_process_set_of(&p->s, "demo-2").count, 1);
	assert_int_equal(pw_process_set_of(&p->s, "").count, 2);
	assert_int_equal(pw_process_set_of(&p->s, "x").count, 0);
}

static void groups_are_reaped_or_not(void **state)
{
	struct demo *p = *state;
	struct pw_evidence why = {0};
	struct pw_process_set group, nobody = {0};

	is_forked(&p->scenario, ONE, MAIN, "c1", 1000);
	is_forked(&p->scenario, TWO, MAIN, "c2", 1000);
	dies(&p->scenario, ONE, 0, 2000);
	dies(&p->scenario, TWO, 0, 2000);
	reaps(&p->scenario, MAIN, ONE, 3000);
	dies(&p->scenario, MAIN, 0, 4000);
	end_at(p, 6000);
	group = pw_process_set_of(&p->s, "c");
	assert_false(pw_process_set_reaped(&group, p->s.main, &why));
	assert_non_null(strstr(read_out(&why), "1 of 2 were reaped"));
	group.count = 1;
	assert_true(pw_process_set_reaped(&group, p->s.main, &why));
	assert_non_null(strstr(read_out(&why), "1 of 1 were reaped"));
	assert_false(pw_process_set_reaped(&nobody, p->s.main, &why));
	assert_non_null(strstr(read_out(&why), "0 of 0 were reaped"));
}

static void pauses_at_once_are_counted(void **state)
{
	struct demo *p = *state;
	struct pw_process_set group;
	size_t pause_count;

	for (uint32_t pid = ONE; pid <= THREE; pid++)
		is_forked(&p->scenario, pid, MAIN, "c", 1000);
	pauses(&p->scenario, ONE, 2000, 5000);
	pauses(&p->scenario, TWO, 3000, 6000);
	pauses(&p->scenario, THREE, 5000, 8000); /* begins as the first ends */
	sleeps(&p->scenario, ONE, SYS_futex, 5500, 7000, TWO);
	sleeps(&p->scenario, TWO, SYS_futex, 6500, 7000, MAIN);
	end_at(p, 9000);
	group = pw_process_set_of(&p->s, "c");
	assert_int_equal(pw_most_at_once(&group, &pause_count), 2);
	assert_int_equal(pause_count, 3);
	assert_int_equal(pw_woken_by_each_other(&group, SYS_futex), 1); /* main is not in the set */
	assert_int_equal(pw_woken_by_each_other(&group, SYS_read), 0);
}

static void signals_are_found(void **state)
{
	struct demo *p = *state;

	is_forked(&p->scenario, ONE, MAIN, "one", 1000);
	is_forked(&p->scenario, TWO, MAIN, "two", 1000);
	kills(&p->scenario, MAIN, ONE, SIGTERM, 2000);
	kills(&p->scenario, MAIN, ONE, SIGTERM, 3000);
	end_at(p, 6000);
	assert_int_equal(pw_sent(&p->s, process(p, MAIN), process(p, ONE), SIGTERM)->at, AT(2000));
	assert_null(pw_sent(&p->s, process(p, MAIN), process(p, ONE), SIGKILL));
	assert_null(pw_sent(&p->s, process(p, MAIN), process(p, TWO), SIGTERM));
	assert_null(pw_sent(&p->s, process(p, ONE), process(p, MAIN), SIGTERM));
}

static void ends_are_told_apart(void **state)
{
	struct demo *p = *state;
	struct pw_evidence why = {0};

	is_forked(&p->scenario, ONE, MAIN, "one", 1000);
	is_forked(&p->scenario, TWO, MAIN, "two", 1000);
	is_forked(&p->scenario, THREE, MAIN, "three", 1000);
	dies(&p->scenario, ONE, SIGTERM, 2000);
	dies(&p->scenario, TWO, SIGTERM << 8, 2000);
	end_at(p, 6000);
	assert_true(pw_killed_by(process(p, ONE), SIGTERM) && !pw_exited_with(process(p, ONE), SIGTERM));
	assert_true(!pw_killed_by(process(p, TWO), SIGTERM) && pw_exited_with(process(p, TWO), SIGTERM));
	assert_true(!pw_killed_by(process(p, THREE), 0) && !pw_exited_with(process(p, THREE), 0));
	assert_true(pw_has_ended(process(p, ONE), &why) && !pw_has_ended(process(p, THREE), &why));
	assert_string_equal(read_out(&why), "103 had not exited when the recording ended");
	pw_evidence_exit(process(p, ONE), &why);
	assert_non_null(strstr(read_out(&why), "101 was killed by SIGTERM"));
	pw_evidence_exit(process(p, TWO), &why);
	assert_non_null(strstr(read_out(&why), "102 exited with code 15"));
}

static void births_are_priced(void **state)
{
	struct demo *p = *state;
	struct pw_evidence why = {0};
	uint64_t birth[3];

	is_forked(&p->scenario, ONE, MAIN, "one", 1000);
	sleeps(&p->scenario, MAIN, SYS_read, 1100, 5000, 0); /* on again at 5010 */
	is_forked(&p->scenario, TWO, MAIN, "two", 5300);
	is_forked(&p->scenario, THREE, MAIN, "three", 5800);
	end_at(p, 6000);
	assert_true(pw_process_births(&p->s, p->s.main, birth, 3, &why));
	assert_int_equal(birth[2], AT(5800));
	/* 100 + 290 us on a CPU between the first two, 500 between the next. */
	assert_int_equal(pw_birth_cost(p->s.main, birth, 3), US(390));
	assert_false(pw_process_births(&p->s, p->s.main, birth, 2, &why));
	assert_string_equal(read_out(&why), "100 created 3 processes, not 2");
	assert_false(pw_thread_births(p->s.main, birth, 1, &why));
	assert_string_equal(read_out(&why), "100 had 1 thread, not 2");
}

static void who_woke_it_has_a_number_or_none(void **state)
{
	struct pw_evidence why = {0};

	(void)state;
	pw_evidence_waker(4711, &why);
	assert_string_equal(read_out(&why), "it was woken by 4711");
	pw_evidence_waker(PW_NO_WAKER, &why);
	assert_string_equal(read_out(&why), "its waker was not observed");
	pw_evidence_waker(PW_IRQ_WAKER, &why);
	assert_string_equal(read_out(&why), "it was woken by an interrupt");
}

int main(void)
{
#define demo_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		demo_test(time_is_summed_between_two_moments),
		demo_test(sleeps_are_found),
		demo_test(what_the_kernel_waits_for_is_no_sleep),
		demo_test(two_at_the_same_time),
		demo_test(a_move_to_another_cpu_is_seen),
		demo_test(turns_are_counted),
		demo_test(groups_are_found_by_name),
		demo_test(groups_are_reaped_or_not),
		demo_test(pauses_at_once_are_counted),
		demo_test(signals_are_found),
		demo_test(ends_are_told_apart),
		demo_test(births_are_priced),
		cmocka_unit_test(who_woke_it_has_a_number_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
