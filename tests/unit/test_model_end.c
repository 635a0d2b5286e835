/* SPDX-License-Identifier: GPL-2.0-only */
/* How processes end: exit, notification, last switch, in every order in which the kernel may raise them. */
#include <signal.h>

#include "lib/model_test.h"
#include "model/questions.h"

static void zombie_until_reaped(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	family(f);
	ev_exit(&f->ev, 300, 11, 7 << 8);
	ev_notice(&f->ev, 320, 11, 10);
	assert_int_equal(pw_model_alive(f->model), 1);
	assert_int_equal(pw_model_zombies(f->model), 1);
	ev_die(&f->ev, 324, 11, 0x20);
	ev_reap(&f->ev, 800, 11, 10, PW_REAP_RELEASE);
	ev_free(&f->ev, 20000, 11);
	assert_int_equal(pw_model_zombies(f->model), 0);
	finish(f, 30000);
	process = process_of(f, 11);
	assert_true(process->exited);
	assert_int_equal(process->exit_begun, 300);
	assert_int_equal(process->exit_at, 320);
	assert_int_equal(process->notified_at, 320);
	assert_int_equal(process->wait_status, 7 << 8);
	assert_int_equal(process->zombie_from, 320);
	assert_int_equal(process->zombie_to, 800);
	assert_int_equal(process->reaped, PW_REAPED_WAIT);
	assert_int_equal(process->reap_at, 800);
	assert_false(process->reap_bounded);
	assert_int_equal(process->reaper_pid, 10);
	assert_string_equal(process->reaper_comm, "parent");
	assert_int_equal(process->reap_hook, PW_REAP_RELEASE);
	assert_int_equal(process->totals[PW_ZOMBIE], 480);
	assert_int_equal(pw_process_end(process), 800);
	assert_int_equal(thread_of(f, 11)->exit, 320);
	assert_int_equal(thread_of(f, 11)->switches.voluntary, 0); /* the last one does not count */
	assert_int_equal(thread_of(f, 11)->switch_ins, 1);
	expect_timeline(f, 11, "200 ready:new 210 running@1 320");
	expect_states(f, 11, "200 ready:new 210 running@1 320 zombie 800");
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

static void reaped_before_its_last_switch(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	family(f);
	ev_exit(&f->ev, 300, 11, 0);
	ev_notice(&f->ev, 320, 11, 10);
	ev_reap(&f->ev, 322, 11, 10, PW_REAP_RELEASE);
	ev_die(&f->ev, 326, 11, 0x10);
	ev_free(&f->ev, 20000, 11);
	finish(f, 30000);
	process = process_of(f, 11);
	assert_int_equal(process->exit_at, 320);
	assert_int_equal(process->zombie_to, 322);
	assert_int_equal(process->reaped, PW_REAPED_WAIT);
	expect_timeline(f, 11, "200 ready:new 210 running@1 320");
	assert_int_equal(thread_of(f, 11)->switches.voluntary, 0);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

/* The task was preempted, and ran again after its parent had reaped it. */
static void preempted_after_its_end(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_exit(&f->ev, 300, 11, 0);
	ev_notice(&f->ev, 320, 11, 10);
	ev_reap(&f->ev, 322, 11, 10, PW_REAP_RELEASE);
	ev_task(&f->ev, 11)->exit_state = 0x10;
	ev_off(&f->ev, 323, 11, STATE_RUNNABLE, -1);
	ev_on(&f->ev, 500, 1, 11);
	ev_off(&f->ev, 510, 11, STATE_RUNNABLE, -1);
	ev_on(&f->ev, 600, 0, 11);
	ev_die(&f->ev, 610, 11, 0x10);
	finish(f, 30000);
	expect_timeline(f, 11, "200 ready:new 210 running@1 320");
	assert_int_equal(thread_of(f, 11)->switch_ins, 3);
	assert_int_equal(thread_of(f, 11)->missed_switches, 0);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

/* A thread that has notified and is preempted before its last switch has not left yet. */
static void preempted_on_the_way_out(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_thread(&f->ev, 250, 11, 12);
	ev_on(&f->ev, 255, 0, 12);
	ev_exit(&f->ev, 300, 12, 0);
	ev_task(&f->ev, 12)->exit_state = 0x10;
	ev_off(&f->ev, 310, 12, STATE_RUNNABLE, -1);
	ev_on(&f->ev, 350, 0, 12);
	ev_die(&f->ev, 360, 12, 0x10);
	finish(f, 1000);
	expect_timeline(f, 12, "250 ready:new 255 running@0 310 ready:preempted 350 running@0 360");
	assert_int_equal(thread_of(f, 12)->exit, 360);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

static void reaped_before_the_notice(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	family(f);
	ev_exit(&f->ev, 300, 11, 0);
	ev_reap(&f->ev, 320, 11, 10, PW_REAP_WAIT);
	ev_notice(&f->ev, 321, 11, 10);
	ev_die(&f->ev, 326, 11, 0x10);
	ev_reap(&f->ev, 330, 11, 12, PW_REAP_WAIT); /* the first counts */
	finish(f, 1000);
	process = process_of(f, 11);
	assert_int_equal(process->exit_at, 320);
	assert_int_equal(process->reap_at, 320);
	assert_int_equal(process->reaper_pid, 10);
	assert_int_equal(process->totals[PW_ZOMBIE], 0);
	expect_timeline(f, 11, "200 ready:new 210 running@1 320");
}

/* clone() with exit_signal 0 notifies no parent: the last switch is the end. */
static void no_notice(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_exit(&f->ev, 300, 11, 0);
	ev_die(&f->ev, 330, 11, 0x20);
	finish(f, 1000);
	assert_int_equal(process_of(f, 11)->exit_at, 330);
	assert_int_equal(process_of(f, 11)->notified_at, 0);
	assert_int_equal(process_of(f, 11)->zombie_to, 0);
	assert_int_equal(process_of(f, 11)->reaped, PW_REAPED_NOT);
	assert_int_equal(pw_process_end(process_of(f, 11)), 1000);
	expect_states(f, 11, "200 ready:new 210 running@1 330 zombie 1000");
	assert_int_equal(pw_model_zombies(f->model), 1);
}

/* Two threads: the leader exits first, and the process ends with the other. */
static void leader_ends_first(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	family(f);
	ev_thread(&f->ev, 250, 11, 12);
	ev_on(&f->ev, 255, 0, 12);
	ev_exit(&f->ev, 300, 11, 6 << 8);
	ev_die(&f->ev, 310, 11, 0x20);
	assert_int_equal(pw_model_alive(f->model), 2);
	ev_exit(&f->ev, 500, 12, 5 << 8);
	ev_notice(&f->ev, 520, 12, 10);
	ev_die(&f->ev, 525, 12, 0x10);
	ev_free(&f->ev, 10000, 12);
	ev_reap(&f->ev, 11000, 11, 10, PW_REAP_RELEASE);
	finish(f, 30000);
	process = process_of(f, 11);
	assert_int_equal(process->n_threads, 2);
	assert_int_equal(process->exit_at, 520);
	assert_int_equal(process->exit_begun, 500);
	assert_int_equal(process->wait_status, 5 << 8);
	assert_int_equal(process->reaped, PW_REAPED_WAIT);
	assert_int_equal(process->zombie_to, 11000);
	expect_timeline(f, 11, "200 ready:new 210 running@1 310 zombie:leader-ended 520");
	expect_timeline(f, 12, "250 ready:new 255 running@0 520");
	expect_states(f, 11, "200 ready:new 210 running@1 520 zombie 11000");
	assert_int_equal(process->totals[PW_ZOMBIE], 11000 - 520);
	assert_int_equal(thread_of(f, 11)->totals[PW_ZOMBIE], 210);
}

static void leader_ends_first_autoreap(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_thread(&f->ev, 250, 11, 12);
	ev_on(&f->ev, 255, 0, 12);
	ev_exit_autoreap(&f->ev, 300, 11, 0, 1);
	ev_die(&f->ev, 310, 11, 0x20);
	ev_exit_autoreap(&f->ev, 500, 12, 0, 1);
	ev_die(&f->ev, 525, 12, 0x10);
	finish(f, 30000);
	assert_int_equal(process_of(f, 11)->exit_at, 525);
	assert_int_equal(process_of(f, 11)->reaped, PW_REAPED_AUTO);
}

static void thread_ends_before_leader(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_thread(&f->ev, 250, 11, 12);
	ev_on(&f->ev, 255, 0, 12);
	ev_exit(&f->ev, 300, 12, 0);
	ev_die(&f->ev, 310, 12, 0x10);
	ev_free(&f->ev, 400, 12);
	ev_exit(&f->ev, 500, 11, 0);
	ev_notice(&f->ev, 520, 11, 10);
	ev_die(&f->ev, 525, 11, 0x20);
	finish(f, 1000);
	expect_timeline(f, 12, "250 ready:new 255 running@0 310");
	assert_int_equal(thread_of(f, 12)->exit, 310);
	assert_int_equal(process_of(f, 11)->exit_at, 520);
}

/* A thread's last switch comes after its leader's notification. */
static void thread_still_leaving(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_thread(&f->ev, 250, 11, 12);
	ev_on(&f->ev, 255, 0, 12);
	ev_exit(&f->ev, 500, 12, 0);
	ev_exit(&f->ev, 501, 11, 0);
	ev_notice(&f->ev, 520, 11, 10);
	ev_die(&f->ev, 522, 12, 0x10);
	ev_die(&f->ev, 525, 11, 0x20);
	ev_reap(&f->ev, 600, 11, 10, PW_REAP_RELEASE);
	finish(f, 1000);
	expect_timeline(f, 12, "250 ready:new 255 running@0 520");
	expect_timeline(f, 11, "200 ready:new 210 running@1 520");
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

/* A tracer is notified of each thread's end, which is not the end of the process. */
static void notice_to_a_tracer(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_thread(&f->ev, 250, 11, 12);
	ev_on(&f->ev, 255, 0, 12);
	ev_exit(&f->ev, 300, 12, 0);
	ev_notice(&f->ev, 305, 12, 99);
	ev_die(&f->ev, 310, 12, 0x20);
	assert_false(process_of(f, 11)->exited);
	ev_exit(&f->ev, 500, 11, 0);
	ev_die(&f->ev, 525, 11, 0x20);
	finish(f, 1000);
	assert_int_equal(process_of(f, 11)->exit_at, 525);
	assert_int_equal(process_of(f, 11)->notified_at, 0);
}

/* forget_original_parent() notifies the new parent of a zombie orphan; the notification is not an exit. */
static void notice_for_an_orphan(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_signal(&f->ev, 300, 11, 1, SIGCHLD);
	finish(f, 1000);
	assert_false(process_of(f, 11)->exited);
	assert_int_equal(pw_model_signal_count(f->model), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(zombie_until_reaped),       model_test(reaped_before_its_last_switch),
		model_test(preempted_after_its_end),   model_test(preempted_on_the_way_out),
		model_test(reaped_before_the_notice),  model_test(no_notice),
		model_test(leader_ends_first),	       model_test(leader_ends_first_autoreap),
		model_test(thread_ends_before_leader), model_test(thread_still_leaving),
		model_test(notice_to_a_tracer),	       model_test(notice_for_an_orphan),
	};

	return cmocka_run_group_tests_name("model: how processes end", tests, NULL, NULL);
}
