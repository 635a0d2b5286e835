// SPDX-License-Identifier: GPL-2.0-only
/* How lives end: exit, zombie, reap; and every order in which the kernel may tell it. */
#include "test_model_help.h"

/* A parent 10 and its child 11, running on CPU 1 from 210. */
static void family(struct fixture *f)
{
	w_fork(&f->w, 100, 1, 10, "parent");
	w_on(&f->w, 110, 0, 10);
	w_fork(&f->w, 200, 10, 11, "child");
	w_on(&f->w, 210, 1, 11);
}

static void zombie_until_reaped(void **state)
{
	struct fixture *f = *state;
	const struct pw_life *life;

	family(f);
	w_exit(&f->w, 300, 11, 7 << 8);
	w_notice(&f->w, 320, 11, 10);
	assert_int_equal(pw_model_alive(f->model), 1);
	assert_int_equal(pw_model_zombies(f->model), 1);
	w_die(&f->w, 324, 11, 0x20);
	w_reap(&f->w, 800, 11, 10, PW_REAP_RELEASE);
	w_free(&f->w, 20000, 11);
	assert_int_equal(pw_model_zombies(f->model), 0);
	finish(f, 30000);
	life = life_of(f, 11);
	assert_true(life->exited);
	assert_int_equal(life->exit_begun, 300);
	assert_int_equal(life->exit_at, 320);
	assert_int_equal(life->notified_at, 320);
	assert_int_equal(life->wait_status, 7 << 8);
	assert_int_equal(life->zombie_from, 320);
	assert_int_equal(life->zombie_to, 800);
	assert_int_equal(life->reaped, PW_REAPED_WAIT);
	assert_int_equal(life->reap_at, 800);
	assert_false(life->reap_bounded);
	assert_int_equal(life->reaper_pid, 10);
	assert_string_equal(life->reaper_comm, "parent");
	assert_int_equal(life->reap_hook, PW_REAP_RELEASE);
	assert_int_equal(life->totals[PW_ZOMBIE], 480);
	assert_int_equal(pw_life_end(life), 800);
	assert_int_equal(thread_of(f, 11)->exit, 320);
	assert_int_equal(thread_of(f, 11)->switches.voluntary, 0); /* the last one does not count */
	assert_int_equal(thread_of(f, 11)->switch_ins, 1);
	expect_tape(f, 11, "200 ready:new 210 running@1 320");
	expect_states(f, 11, "200 ready:new 210 running@1 320 zombie 800");
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

static void reaped_before_its_last_switch(void **state)
{
	struct fixture *f = *state;
	const struct pw_life *life;

	family(f);
	w_exit(&f->w, 300, 11, 0);
	w_notice(&f->w, 320, 11, 10);
	w_reap(&f->w, 322, 11, 10, PW_REAP_RELEASE);
	w_die(&f->w, 326, 11, 0x10);
	w_free(&f->w, 20000, 11);
	finish(f, 30000);
	life = life_of(f, 11);
	assert_int_equal(life->exit_at, 320);
	assert_int_equal(life->zombie_to, 322);
	assert_int_equal(life->reaped, PW_REAPED_WAIT);
	expect_tape(f, 11, "200 ready:new 210 running@1 320");
	assert_int_equal(thread_of(f, 11)->switches.voluntary, 0);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

/* It was taken off its CPU and put back after its parent had reaped it. */
static void preempted_after_its_end(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_exit(&f->w, 300, 11, 0);
	w_notice(&f->w, 320, 11, 10);
	w_reap(&f->w, 322, 11, 10, PW_REAP_RELEASE);
	w_task(&f->w, 11)->exit_state = 0x10;
	w_off(&f->w, 323, 11, W_RUNNABLE, -1);
	w_on(&f->w, 500, 1, 11);
	w_off(&f->w, 510, 11, W_RUNNABLE, -1);
	w_on(&f->w, 600, 0, 11);
	w_die(&f->w, 610, 11, 0x10);
	finish(f, 30000);
	expect_tape(f, 11, "200 ready:new 210 running@1 320");
	assert_int_equal(thread_of(f, 11)->switch_ins, 3);
	assert_int_equal(thread_of(f, 11)->holes, 0);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

/* A thread that has told its end and is preempted before its last switch has not left yet. */
static void preempted_on_the_way_out(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_thread(&f->w, 250, 11, 12);
	w_on(&f->w, 255, 0, 12);
	w_exit(&f->w, 300, 12, 0);
	w_task(&f->w, 12)->exit_state = 0x10;
	w_off(&f->w, 310, 12, W_RUNNABLE, -1);
	w_on(&f->w, 350, 0, 12);
	w_die(&f->w, 360, 12, 0x10);
	finish(f, 1000);
	expect_tape(f, 12, "250 ready:new 255 running@0 310 ready:preempted 350 running@0 360");
	assert_int_equal(thread_of(f, 12)->exit, 360);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

static void reaped_before_the_notice(void **state)
{
	struct fixture *f = *state;
	const struct pw_life *life;

	family(f);
	w_exit(&f->w, 300, 11, 0);
	w_reap(&f->w, 320, 11, 10, PW_REAP_WAIT);
	w_notice(&f->w, 321, 11, 10);
	w_die(&f->w, 326, 11, 0x10);
	w_reap(&f->w, 330, 11, 12, PW_REAP_WAIT); /* the first counts */
	finish(f, 1000);
	life = life_of(f, 11);
	assert_int_equal(life->exit_at, 320);
	assert_int_equal(life->reap_at, 320);
	assert_int_equal(life->reaper_pid, 10);
	assert_int_equal(life->totals[PW_ZOMBIE], 0);
	expect_tape(f, 11, "200 ready:new 210 running@1 320");
}

/* clone with exit_signal 0 tells nobody: the last switch is the end. */
static void no_notice(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_exit(&f->w, 300, 11, 0);
	w_die(&f->w, 330, 11, 0x20);
	finish(f, 1000);
	assert_int_equal(life_of(f, 11)->exit_at, 330);
	assert_int_equal(life_of(f, 11)->notified_at, 0);
	assert_int_equal(life_of(f, 11)->zombie_to, 0);
	assert_int_equal(life_of(f, 11)->reaped, PW_REAPED_NOT);
	assert_int_equal(pw_life_end(life_of(f, 11)), 1000);
	expect_states(f, 11, "200 ready:new 210 running@1 330 zombie 1000");
	assert_int_equal(pw_model_zombies(f->model), 1);
}

static void parent_ignores_sigchld(void **state)
{
	struct fixture *f = *state;
	const struct pw_life *life;

	family(f);
	w_exit_autoreap(&f->w, 300, 11, 0, 1);
	w_reap(&f->w, 320, 11, 11, PW_REAP_RELEASE);
	w_die(&f->w, 330, 11, 0x10);
	w_free(&f->w, 20000, 11);
	finish(f, 30000);
	life = life_of(f, 11);
	assert_int_equal(life->reaped, PW_REAPED_AUTO);
	assert_int_equal(life->exit_at, 320);
	assert_int_equal(life->reap_at, 320);
	assert_int_equal(life->zombie_from, 0);
	assert_int_equal(life->zombie_to, 0);
	assert_int_equal(life->notified_at, 0);
	assert_int_equal(life->reaper_pid, 11);
	assert_int_equal(life->reap_hook, PW_REAP_RELEASE);
	expect_states(f, 11, "200 ready:new 210 running@1 320");
	assert_int_equal(pw_model_zombies(f->model), 0);
}

/* The same where no hook sees the release: the last state of the leader tells. */
static void parent_ignores_sigchld_no_hook(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_exit_autoreap(&f->w, 300, 11, 0, 1);
	w_die(&f->w, 330, 11, 0x10);
	w_free(&f->w, 20000, 11);
	finish(f, 30000);
	assert_int_equal(life_of(f, 11)->reaped, PW_REAPED_AUTO);
	assert_int_equal(life_of(f, 11)->reap_at, 330);
	assert_int_equal(life_of(f, 11)->reap_hook, 0);
	assert_false(life_of(f, 11)->reap_bounded);
}

static void parent_said_nocldwait(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_exit_autoreap(&f->w, 300, 11, 0, 2);
	w_notice(&f->w, 320, 11, 10);
	w_die(&f->w, 330, 11, 0x10);
	finish(f, 30000);
	assert_int_equal(life_of(f, 11)->reaped, PW_REAPED_AUTO);
	assert_int_equal(life_of(f, 11)->exit_at, 320);
	assert_int_equal(life_of(f, 11)->reap_at, 320);
	assert_int_equal(life_of(f, 11)->notified_at, 320);
	assert_int_equal(life_of(f, 11)->zombie_from, 0);
	expect_states(f, 11, "200 ready:new 210 running@1 320");
}

/* It ignored SIGCHLD when the child began to exit, and no longer when it ended. */
static void parent_changed_its_mind(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_exit_autoreap(&f->w, 300, 11, 0, 1);
	w_notice(&f->w, 320, 11, 10);
	w_die(&f->w, 330, 11, 0x20);
	w_reap(&f->w, 500, 11, 10, PW_REAP_WAIT);
	finish(f, 1000);
	assert_int_equal(life_of(f, 11)->reaped, PW_REAPED_WAIT);
	assert_int_equal(life_of(f, 11)->totals[PW_ZOMBIE], 180);
}

static void reap_not_observed(void **state)
{
	struct fixture *f = *state;
	const struct pw_life *life;

	family(f);
	w_exit(&f->w, 300, 11, 0);
	w_notice(&f->w, 320, 11, 10);
	w_die(&f->w, 330, 11, 0x20);
	w_free(&f->w, 20000, 11);
	w_reap(&f->w, 20001, 11, 10, PW_REAP_WAIT); /* cannot be */
	finish(f, 30000);
	life = life_of(f, 11);
	assert_int_equal(life->reaped, PW_REAPED_UNOBSERVED);
	assert_int_equal(life->reap_at, 20000);
	assert_true(life->reap_bounded);
	assert_int_equal(life->zombie_to, 20000);
	assert_int_equal(life->reaper_pid, 0);
}

/* Two threads: the leader goes first, the process ends with the other. */
static void leader_ends_first(void **state)
{
	struct fixture *f = *state;
	const struct pw_life *life;

	family(f);
	w_thread(&f->w, 250, 11, 12);
	w_on(&f->w, 255, 0, 12);
	w_exit(&f->w, 300, 11, 6 << 8);
	w_die(&f->w, 310, 11, 0x20);
	assert_int_equal(pw_model_alive(f->model), 2);
	w_exit(&f->w, 500, 12, 5 << 8);
	w_notice(&f->w, 520, 12, 10);
	w_die(&f->w, 525, 12, 0x10);
	w_free(&f->w, 10000, 12);
	w_reap(&f->w, 11000, 11, 10, PW_REAP_RELEASE);
	finish(f, 30000);
	life = life_of(f, 11);
	assert_int_equal(life->n_threads, 2);
	assert_int_equal(life->exit_at, 520);
	assert_int_equal(life->exit_begun, 500);
	assert_int_equal(life->wait_status, 5 << 8);
	assert_int_equal(life->reaped, PW_REAPED_WAIT);
	assert_int_equal(life->zombie_to, 11000);
	expect_tape(f, 11, "200 ready:new 210 running@1 310 zombie:leader-ended 520");
	expect_tape(f, 12, "250 ready:new 255 running@0 520");
	expect_states(f, 11, "200 ready:new 210 running@1 520 zombie 11000");
	assert_int_equal(life->totals[PW_ZOMBIE], 11000 - 520);
	assert_int_equal(thread_of(f, 11)->totals[PW_ZOMBIE], 210);
}

static void leader_ends_first_autoreap(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_thread(&f->w, 250, 11, 12);
	w_on(&f->w, 255, 0, 12);
	w_exit_autoreap(&f->w, 300, 11, 0, 1);
	w_die(&f->w, 310, 11, 0x20);
	w_exit_autoreap(&f->w, 500, 12, 0, 1);
	w_die(&f->w, 525, 12, 0x10);
	finish(f, 30000);
	assert_int_equal(life_of(f, 11)->exit_at, 525);
	assert_int_equal(life_of(f, 11)->reaped, PW_REAPED_AUTO);
}

static void thread_ends_before_leader(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_thread(&f->w, 250, 11, 12);
	w_on(&f->w, 255, 0, 12);
	w_exit(&f->w, 300, 12, 0);
	w_die(&f->w, 310, 12, 0x10);
	w_free(&f->w, 400, 12);
	w_exit(&f->w, 500, 11, 0);
	w_notice(&f->w, 520, 11, 10);
	w_die(&f->w, 525, 11, 0x20);
	finish(f, 1000);
	expect_tape(f, 12, "250 ready:new 255 running@0 310");
	assert_int_equal(thread_of(f, 12)->exit, 310);
	assert_int_equal(life_of(f, 11)->exit_at, 520);
}

/* A thread's last switch comes after the notice its leader sent. */
static void thread_still_leaving(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_thread(&f->w, 250, 11, 12);
	w_on(&f->w, 255, 0, 12);
	w_exit(&f->w, 500, 12, 0);
	w_exit(&f->w, 501, 11, 0);
	w_notice(&f->w, 520, 11, 10);
	w_die(&f->w, 522, 12, 0x10);
	w_die(&f->w, 525, 11, 0x20);
	w_reap(&f->w, 600, 11, 10, PW_REAP_RELEASE);
	finish(f, 1000);
	expect_tape(f, 12, "250 ready:new 255 running@0 520");
	expect_tape(f, 11, "200 ready:new 210 running@1 520");
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

/* A tracer is told of each thread's end: that is not the process's. */
static void notice_to_a_tracer(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_thread(&f->w, 250, 11, 12);
	w_on(&f->w, 255, 0, 12);
	w_exit(&f->w, 300, 12, 0);
	w_notice(&f->w, 305, 12, 99);
	w_die(&f->w, 310, 12, 0x20);
	assert_false(life_of(f, 11)->exited);
	w_exit(&f->w, 500, 11, 0);
	w_die(&f->w, 525, 11, 0x20);
	finish(f, 1000);
	assert_int_equal(life_of(f, 11)->exit_at, 525);
	assert_int_equal(life_of(f, 11)->notified_at, 0);
}

/* forget_original_parent tells the new parent of a zombie orphan: a record, nobody's end. */
static void notice_for_an_orphan(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_signal(&f->w, 300, 11, 1, SIGCHLD);
	finish(f, 1000);
	assert_false(life_of(f, 11)->exited);
	assert_int_equal(pw_model_signal_count(f->model), 1);
}

static void released_by_a_dying_parent(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_exit(&f->w, 300, 11, 0);
	w_notice(&f->w, 320, 11, 10);
	w_die(&f->w, 325, 11, 0x20);
	w_exit(&f->w, 400, 10, 0);
	w_reparent(&f->w, 410, 10, 1, 11);
	w_reap(&f->w, 411, 11, 10, PW_REAP_RELEASE);
	finish(f, 1000);
	assert_int_equal(life_of(f, 11)->reaped, PW_REAPED_AUTO);
	assert_int_equal(life_of(f, 11)->totals[PW_ZOMBIE], 91);
	assert_int_equal(life_of(f, 11)->reaper_pid, 10);
}

static void pid_used_again(void **state)
{
	struct fixture *f = *state;
	const struct pw_life *first, *second;

	family(f);
	w_exit(&f->w, 300, 11, 0);
	w_notice(&f->w, 320, 11, 10);
	w_die(&f->w, 325, 11, 0x20);
	w_reap(&f->w, 400, 11, 10, PW_REAP_WAIT);
	w_fork(&f->w, 500, 10, 11, "again");
	w_on(&f->w, 510, 1, 11);
	/* The free of the first comes late, as it does. */
	w_emit(&f->w, &(struct pw_free){.h = {.ts = 5000, .start = 200, .tid = 11, .kind = PW_EV_FREE}});
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

/* The number is free again, so it was reaped, though nobody saw it. */
static void pid_used_again_before_the_free(void **state)
{
	struct fixture *f = *state;

	family(f);
	w_exit(&f->w, 300, 11, 0);
	w_notice(&f->w, 320, 11, 10);
	w_die(&f->w, 325, 11, 0x20);
	w_fork(&f->w, 500, 10, 11, "again");
	finish(f, 10000);
	assert_int_equal(pw_model_find(f->model, 11, 250)->reaped, PW_REAPED_UNOBSERVED);
	assert_int_equal(pw_model_find(f->model, 11, 250)->reap_at, 500);
	assert_true(pw_model_find(f->model, 11, 250)->reap_bounded);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

static void ended_unseen(void **state)
{
	struct fixture *f = *state;
	const struct pw_life *first;

	family(f);
	w_off(&f->w, 300, 11, W_SLEEP, -1);
	w_fork(&f->w, 500, 10, 11, "again");
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
	w_thread(&f->w, 250, 11, 12);
	w_on(&f->w, 255, 0, 12);
	w_off(&f->w, 260, 12, W_SLEEP, -1);
	w_free(&f->w, 400, 12);
	w_free(&f->w, 450, 11); /* but it lives: it was told of nothing lost */
	assert_false(life_of(f, 11)->exited);
	w_lost(&f->w, 500, 0, 300, 350, 9);
	w_free(&f->w, 600, 11);
	finish(f, 1000);
	expect_tape(f, 12, "250 ready:new 255 running@0 260 unknown:lost 400");
	expect_tape(f, 11, "200 ready:new 210 unknown:lost 600");
	assert_true(life_of(f, 11)->exited);
	assert_int_equal(life_of(f, 11)->reaped, PW_REAPED_UNOBSERVED);
}

static void seeded_zombie(void **state)
{
	struct fixture *f = *state;
	struct pw_birth ev = w_birth(&f->w, 1000, 1, 10, 10, "z");
	const struct pw_life *life;

	ev.h.flags = PW_SEEDED;
	ev.h.start = 50;
	ev.exit_state = 0x20;
	ev.exit_code = 3 << 8;
	w_task(&f->w, 10)->start = 50;
	w_emit(&f->w, &ev);
	assert_int_equal(pw_model_zombies(f->model), 1);
	w_reap(&f->w, 2000, 10, 1, PW_REAP_WAIT);
	finish(f, 3000);
	life = life_of(f, 10);
	assert_true(life->seeded && life->exited);
	assert_int_equal(life->exit_begun, 0);
	assert_int_equal(life->zombie_from, 1000);
	assert_int_equal(life->wait_status, 3 << 8);
	assert_int_equal(life->reap_at, 2000);
	expect_states(f, 10, "1000 zombie 2000");
}

/* The iterator shows a dead leader first, then its living threads. */
static void seeded_leader_ended(void **state)
{
	struct fixture *f = *state;
	struct pw_birth ev = w_birth(&f->w, 1000, 1, 10, 10, "z");

	ev.h.flags = PW_SEEDED;
	ev.exit_state = 0x20;
	w_emit(&f->w, &ev);
	w_seed(&f->w, 1010, 1, 12, 10, 60, W_SLEEP, false);
	assert_int_equal(pw_model_zombies(f->model), 0);
	assert_int_equal(pw_model_alive(f->model), 1);
	w_wake(&f->w, 1100, 12, 1);
	w_on(&f->w, 1110, 0, 12);
	w_exit(&f->w, 1200, 12, 0);
	w_notice(&f->w, 1210, 12, 1);
	w_die(&f->w, 1220, 12, 0x10);
	finish(f, 3000);
	expect_tape(f, 10, "1000 zombie:leader-ended 1210");
	expect_states(f, 10,
		      "1010 blocked:interruptible 1100 ready:woken<1 1110 running@0<1 1210 zombie 3000");
}

static void leader_birth_lost(void **state)
{
	struct fixture *f = *state;
	const struct pw_life *life;

	f->w.hidden = true;
	family(f);
	f->w.hidden = false;
	w_thread(&f->w, 250, 11, 12);
	w_on(&f->w, 260, 0, 12);
	assert_int_equal(life_of(f, 11)->n_threads, 1);
	w_exit(&f->w, 300, 11, 0); /* now its start is known */
	w_die(&f->w, 310, 11, 0x20);
	w_exit(&f->w, 400, 12, 0);
	w_notice(&f->w, 410, 12, 10);
	w_die(&f->w, 420, 12, 0x10);
	w_reap(&f->w, 500, 11, 10, PW_REAP_WAIT);
	finish(f, 1000);
	life = life_of(f, 11);
	assert_int_equal(pw_model_count(f->model), 1);
	assert_int_equal(life->start, 200);
	assert_int_equal(life->n_threads, 2);
	assert_int_equal(life->threads->tid, 11);
	assert_int_equal(life->exit_at, 410);
	assert_int_equal(life->reap_at, 500);
	expect_tape(f, 11, "200 unknown:lost 210 running:repaired@1 310 zombie:leader-ended 410");
}

static void birth_lost(void **state)
{
	struct fixture *f = *state;

	f->w.hidden = true;
	family(f);
	f->w.hidden = false;
	w_exit(&f->w, 300, 11, 0);
	w_notice(&f->w, 310, 11, 10);
	w_die(&f->w, 320, 11, 0x20);
	finish(f, 1000);
	assert_int_equal(life_of(f, 11)->parents[0].pid, 10);
	assert_true(life_of(f, 11)->parents[0].bounded);
	expect_states(f, 11, "200 unknown:lost 210 running:repaired@1 310 zombie 1000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(zombie_until_reaped),
		model_test(reaped_before_its_last_switch),
		model_test(preempted_after_its_end),
		model_test(preempted_on_the_way_out),
		model_test(reaped_before_the_notice),
		model_test(no_notice),
		model_test(parent_ignores_sigchld),
		model_test(parent_ignores_sigchld_no_hook),
		model_test(parent_said_nocldwait),
		model_test(parent_changed_its_mind),
		model_test(reap_not_observed),
		model_test(leader_ends_first),
		model_test(leader_ends_first_autoreap),
		model_test(thread_ends_before_leader),
		model_test(thread_still_leaving),
		model_test(notice_to_a_tracer),
		model_test(notice_for_an_orphan),
		model_test(released_by_a_dying_parent),
		model_test(pid_used_again),
		model_test(pid_used_again_before_the_free),
		model_test(ended_unseen),
		model_test(freed_with_its_end_unseen),
		model_test(seeded_zombie),
		model_test(seeded_leader_ended),
		model_test(leader_birth_lost),
		model_test(birth_lost),
	};

	return cmocka_run_group_tests_name("model: how lives end", tests, NULL, NULL);
}
