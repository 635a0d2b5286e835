/* SPDX-License-Identifier: GPL-2.0-only */
/* Forks, exits and whole processes that were observed only in part. */
#include <signal.h>

#include "lib/model_test.h"

static void pid_used_again(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *first, *second;

	family(f);
	ev_exit(&f->ev, 300, 11, 0);
	ev_notice(&f->ev, 320, 11, 10);
	ev_die(&f->ev, 325, 11, 0x20);
	ev_reap(&f->ev, 400, 11, 10, PW_REAP_WAIT);
	ev_fork(&f->ev, 500, 10, 11, "again");
	ev_on(&f->ev, 510, 1, 11);
	/* The free of the first comes late, as in the kernel. */
	ev_emit(&f->ev, &(struct pw_free){.h = {.ts = 5000, .start = 200, .tid = 11, .kind = PW_EV_FREE}});
	finish(f, 10000);
	assert_int_equal(pw_model_count(f->model), 3);
	first = pw_model_find(f->model, 11, 250);
	second = pw_model_find(f->model, 11, 600);
	assert_string_equal(first->comm, "child");
	assert_string_equal(second->comm, "again");
	assert_false(second->exited);
	assert_null(pw_model_find(f->model, 11, 450));
	assert_null(pw_model_find(f->model, 11, 150));
	assert_null(pw_model_find(f->model, 77, 450));
	assert_ptr_equal(pw_model_find_tid(f->model, 11, 350), first);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

/* The pid is reused, so the process was reaped, though unobserved. */
static void pid_used_again_before_the_free(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_exit(&f->ev, 300, 11, 0);
	ev_notice(&f->ev, 320, 11, 10);
	ev_die(&f->ev, 325, 11, 0x20);
	ev_fork(&f->ev, 500, 10, 11, "again");
	finish(f, 10000);
	assert_int_equal(pw_model_find(f->model, 11, 250)->reaped, PW_REAPED_UNOBSERVED);
	assert_int_equal(pw_model_find(f->model, 11, 250)->reap_at, 500);
	assert_true(pw_model_find(f->model, 11, 250)->reap_bounded);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

/* 12, exiting, releases itself; before its last switch its tid belongs to another task. */
static void last_switch_after_another_has_the_number(struct fixture *f)
{
	struct source_task before, again;

	ev_off(&f->ev, 310, 12, STATE_RUNNABLE, -1);
	before = *ev_task(&f->ev, 12);
	ev_fork(&f->ev, 320, 10, 12, "again");
	again = *ev_task(&f->ev, 12);
	*ev_task(&f->ev, 12) = before;
	ev_on(&f->ev, 330, 0, 12);
	ev_die(&f->ev, 340, 12, 0x10);
	*ev_task(&f->ev, 12) = again;
	ev_on(&f->ev, 350, 0, 12);
	finish(f, 400);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
	assert_string_equal(pw_model_find(f->model, 12, 360)->comm, "again");
	assert_false(pw_model_find(f->model, 12, 360)->exited);
}

static void number_of_a_thread_before_its_last_switch(void **state)
{
	struct fixture *f = *state;
	const struct pw_thread *t;

	family(f);
	ev_thread(&f->ev, 250, 11, 12);
	ev_on(&f->ev, 255, 0, 12);
	ev_exit(&f->ev, 300, 12, 0);
	last_switch_after_another_has_the_number(f);
	t = pw_model_find(f->model, 11, 360)->threads->next;
	assert_int_equal(t->tid, 12);
	assert_int_equal(t->exit, 340);
	assert_int_equal(t->totals[PW_UNKNOWN], 0);
	assert_int_equal(t->totals[PW_RUNNING], 55 + 10);
}

static void number_of_who_is_not_waited_for_before_its_last_switch(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	family(f);
	ev_fork(&f->ev, 250, 10, 12, "ignored");
	ev_on(&f->ev, 255, 0, 12);
	ev_exit_autoreap(&f->ev, 300, 12, 0, 1);
	last_switch_after_another_has_the_number(f);
	process = pw_model_find(f->model, 12, 260);
	assert_string_equal(process->comm, "ignored");
	assert_int_equal(process->exit_at, 340);
	assert_int_equal(process->reaped, PW_REAPED_AUTO);
	assert_int_equal(process->totals[PW_UNKNOWN], 0);
}

static void ended_unseen(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *first;

	family(f);
	ev_off(&f->ev, 300, 11, STATE_SLEEP, -1);
	ev_fork(&f->ev, 500, 10, 11, "again");
	finish(f, 1000);
	first = pw_model_find(f->model, 11, 250);
	assert_true(first->exited);
	assert_int_equal(first->exit_at, 500);
	assert_int_equal(first->totals[PW_UNKNOWN], 200);
	assert_int_equal(first->contradictions, 1);
	assert_string_equal(pw_model_find(f->model, 11, 600)->comm, "again");
}

static void freed_with_its_end_unseen(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_thread(&f->ev, 250, 11, 12);
	ev_on(&f->ev, 255, 0, 12);
	ev_off(&f->ev, 260, 12, STATE_SLEEP, -1);
	ev_free(&f->ev, 400, 12);
	ev_free(&f->ev, 450, 11); /* but it lives: no drop was reported */
	assert_false(process_of(f, 11)->exited);
	ev_lost(&f->ev, 500, 0, 300, 350, 9);
	ev_free(&f->ev, 600, 11);
	finish(f, 1000);
	expect_timeline(f, 12, "250 ready:new 255 running@0 260 unknown:lost 400");
	expect_timeline(f, 11, "200 ready:new 210 unknown:lost 600");
	assert_true(process_of(f, 11)->exited);
	assert_int_equal(process_of(f, 11)->reaped, PW_REAPED_UNOBSERVED);
}

static void seeded_zombie(void **state)
{
	struct fixture *f = *state;
	struct pw_birth ev = ev_birth(&f->ev, 1000, 1, 10, 10, "z");
	const struct pw_process *process;

	ev.h.flags = PW_SEEDED;
	ev.h.start = 50;
	ev.exit_state = 0x20;
	ev.exit_code = 3 << 8;
	ev_task(&f->ev, 10)->start = 50;
	ev_emit(&f->ev, &ev);
	assert_int_equal(pw_model_zombies(f->model), 1);
	ev_reap(&f->ev, 2000, 10, 1, PW_REAP_WAIT);
	finish(f, 3000);
	process = process_of(f, 10);
	assert_true(process->seeded && process->exited);
	assert_int_equal(process->exit_begun, 0);
	assert_int_equal(process->zombie_from, 1000);
	assert_int_equal(process->wait_status, 3 << 8);
	assert_int_equal(process->reap_at, 2000);
	expect_states(f, 10, "1000 zombie 2000");
}

/* Already a zombie, it had neither notified its parent nor left its CPU. */
static void seeded_on_its_way_out(void **state)
{
	struct fixture *f = *state;
	struct pw_birth ev = ev_birth(&f->ev, 1000, 1, 10, 10, "z");

	ev.h.flags = PW_SEEDED;
	ev.exit_state = 0x20;
	ev.exit_code = 3 << 8;
	ev.on_cpu = true;
	ev_emit(&f->ev, &ev);
	ev_notice(&f->ev, 1100, 10, 1);
	ev_die(&f->ev, 1200, 10, 0x20);
	ev_reap(&f->ev, 2000, 10, 1, PW_REAP_WAIT);
	finish(f, 3000);
	assert_int_equal(process_of(f, 10)->exit_at, 1000);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
	expect_states(f, 10, "1000 zombie 2000");
}

/* --no-children: the parent is watched, and its children's notifications are among its signals. */
static void notice_of_an_unwatched_child(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "parent");
	ev_notice(&f->ev, 200, 60000, 10);
	finish(f, 300);
	assert_int_equal(pw_model_count(f->model), 1);
	assert_int_equal(pw_model_stats(f->model)->unknown_tasks, 0);
}

/* The snapshot's iterator shows a dead leader first, then its living threads. */
static void seeded_leader_ended(void **state)
{
	struct fixture *f = *state;
	struct pw_birth ev = ev_birth(&f->ev, 1000, 1, 10, 10, "z");

	ev.h.flags = PW_SEEDED;
	ev.exit_state = 0x20;
	ev_emit(&f->ev, &ev);
	ev_seed(&f->ev, 1010, 1, 12, 10, 60, STATE_SLEEP, false);
	assert_int_equal(pw_model_zombies(f->model), 0);
	assert_int_equal(pw_model_alive(f->model), 1);
	ev_wake(&f->ev, 1100, 12, 1);
	ev_on(&f->ev, 1110, 0, 12);
	ev_exit(&f->ev, 1200, 12, 0);
	ev_notice(&f->ev, 1210, 12, 1);
	ev_die(&f->ev, 1220, 12, 0x10);
	finish(f, 3000);
	expect_timeline(f, 10, "1000 zombie:leader-ended 1210");
	expect_states(f, 10,
		      "1010 blocked:interruptible 1100 ready:woken<1 1110 running@0<1 1210 zombie 3000");
}

static void leader_birth_lost(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	f->ev.hidden = true;
	family(f);
	f->ev.hidden = false;
	ev_thread(&f->ev, 250, 11, 12);
	ev_on(&f->ev, 260, 0, 12);
	assert_int_equal(process_of(f, 11)->n_threads, 1);
	ev_exit(&f->ev, 300, 11, 0); /* now its start is known */
	ev_die(&f->ev, 310, 11, 0x20);
	ev_exit(&f->ev, 400, 12, 0);
	ev_notice(&f->ev, 410, 12, 10);
	ev_die(&f->ev, 420, 12, 0x10);
	ev_reap(&f->ev, 500, 11, 10, PW_REAP_WAIT);
	finish(f, 1000);
	process = process_of(f, 11);
	assert_int_equal(pw_model_count(f->model), 1);
	assert_int_equal(process->start, 200);
	assert_int_equal(process->n_threads, 2);
	assert_int_equal(process->threads->tid, 11);
	assert_int_equal(process->exit_at, 410);
	assert_int_equal(process->reap_at, 500);
	expect_timeline(f, 11, "200 unknown:lost 210 running:repaired@1 310 zombie:leader-ended 410");
}

static void a_leader_of_lost_birth_outlives_its_thread(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	f->ev.hidden = true;
	family(f);
	f->ev.hidden = false;
	ev_thread(&f->ev, 250, 11, 12);
	ev_on(&f->ev, 260, 0, 12);
	ev_exit(&f->ev, 300, 12, 0);
	ev_die(&f->ev, 310, 12, 0x10);
	assert_int_equal(pw_model_alive(f->model), 1);
	ev_exit(&f->ev, 700, 11, 5 << 8);
	ev_notice(&f->ev, 710, 11, 10);
	ev_die(&f->ev, 720, 11, 0x20);
	finish(f, 1000);
	process = process_of(f, 11);
	assert_int_equal(pw_model_count(f->model), 1);
	assert_int_equal(process->exit_at, 710);
	assert_int_equal(process->wait_status, 5 << 8);
	assert_true(process->status_known);
	assert_int_equal(thread_of(f, 12)->exit, 310);
}

/* Only the leader's reap was observed: how it ended is not known. */
static void a_leader_known_by_its_reap_alone(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	f->ev.hidden = true;
	family(f);
	f->ev.hidden = false;
	ev_thread(&f->ev, 250, 11, 12);
	ev_on(&f->ev, 260, 0, 12);
	ev_exit(&f->ev, 300, 12, 0);
	ev_die(&f->ev, 310, 12, 0x10);
	ev_reap(&f->ev, 800, 11, 10, PW_REAP_RELEASE);
	finish(f, 1000);
	process = process_of(f, 11);
	assert_int_equal(pw_model_count(f->model), 1);
	assert_int_equal(process->start, 200);
	assert_true(process->exited);
	assert_false(process->status_known);
	assert_int_equal(process->reap_at, 800);
	assert_int_equal(process->reaper_pid, 10);
}

/* The kernel skipped the exit's program: the notification still has the status, and the time it became waitable. */
static void exit_told_by_the_notice_alone(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;
	struct pw_signal notice;

	family(f);
	notice = ev_signal_event(&f->ev, 700, 11, 10, SIGCHLD);
	notice.exit_notice = notice.status_told = 1;
	notice.wait_status = 5 << 8;
	ev_emit(&f->ev, &notice);
	ev_die(&f->ev, 720, 11, 0x20);
	ev_reap(&f->ev, 800, 11, 10, PW_REAP_RELEASE);
	finish(f, 1000);
	process = process_of(f, 11);
	assert_true(process->exited && process->status_known);
	assert_int_equal(process->wait_status, 5 << 8);
	assert_int_equal(process->exit_at, 700);
	assert_int_equal(process->exit_begun, 0);
	assert_int_equal(process->reap_at, 800);
}

static void birth_lost(void **state)
{
	struct fixture *f = *state;

	f->ev.hidden = true;
	family(f);
	f->ev.hidden = false;
	ev_exit(&f->ev, 300, 11, 0);
	ev_notice(&f->ev, 310, 11, 10);
	ev_die(&f->ev, 320, 11, 0x20);
	finish(f, 1000);
	assert_int_equal(process_of(f, 11)->parents[0].pid, 10);
	assert_true(process_of(f, 11)->parents[0].bounded);
	expect_states(f, 11, "200 unknown:lost 210 running:repaired@1 310 zombie 1000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(pid_used_again),
		model_test(pid_used_again_before_the_free),
		model_test(number_of_a_thread_before_its_last_switch),
		model_test(number_of_who_is_not_waited_for_before_its_last_switch),
		model_test(ended_unseen),
		model_test(freed_with_its_end_unseen),
		model_test(seeded_zombie),
		model_test(seeded_on_its_way_out),
		model_test(notice_of_an_unwatched_child),
		model_test(seeded_leader_ended),
		model_test(leader_birth_lost),
		model_test(a_leader_of_lost_birth_outlives_its_thread),
		model_test(a_leader_known_by_its_reap_alone),
		model_test(exit_told_by_the_notice_alone),
		model_test(birth_lost),
	};

	return cmocka_run_group_tests_name("model: what was not seen", tests, NULL, NULL);
}
