/* SPDX-License-Identifier: GPL-2.0-only */
/* Reaps: by the parent, by no one, by the exit of the parent, or unobserved. */
#include "lib/model_test.h"

static void parent_ignores_sigchld(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	family(f);
	ev_exit_autoreap(&f->ev, 300, 11, 0, 1);
	ev_reap(&f->ev, 320, 11, 11, PW_REAP_RELEASE);
	ev_die(&f->ev, 330, 11, 0x10);
	ev_free(&f->ev, 20000, 11);
	finish(f, 30000);
	process = process_of(f, 11);
	assert_int_equal(process->reaped, PW_REAPED_AUTO);
	assert_int_equal(process->exit_at, 320);
	assert_int_equal(process->reap_at, 320);
	assert_int_equal(process->zombie_from, 0);
	assert_int_equal(process->zombie_to, 0);
	assert_int_equal(process->notified_at, 0);
	assert_int_equal(process->reaper_pid, 11);
	assert_int_equal(process->reap_hook, PW_REAP_RELEASE);
	expect_states(f, 11, "200 ready:new 210 running@1 320");
	assert_int_equal(pw_model_zombies(f->model), 0);
}

/* The same where no hook observes the release: the leader's last state shows it. */
static void parent_ignores_sigchld_no_hook(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_exit_autoreap(&f->ev, 300, 11, 0, 1);
	ev_die(&f->ev, 330, 11, 0x10);
	ev_free(&f->ev, 20000, 11);
	finish(f, 30000);
	assert_int_equal(process_of(f, 11)->reaped, PW_REAPED_AUTO);
	assert_int_equal(process_of(f, 11)->reap_at, 330);
	assert_int_equal(process_of(f, 11)->reap_hook, 0);
	assert_false(process_of(f, 11)->reap_bounded);
}

static void parent_said_nocldwait(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_exit_autoreap(&f->ev, 300, 11, 0, 2);
	ev_notice(&f->ev, 320, 11, 10);
	ev_die(&f->ev, 330, 11, 0x10);
	finish(f, 30000);
	assert_int_equal(process_of(f, 11)->reaped, PW_REAPED_AUTO);
	assert_int_equal(process_of(f, 11)->exit_at, 320);
	assert_int_equal(process_of(f, 11)->reap_at, 320);
	assert_int_equal(process_of(f, 11)->notified_at, 320);
	assert_int_equal(process_of(f, 11)->zombie_from, 0);
	expect_states(f, 11, "200 ready:new 210 running@1 320");
}

/* The parent ignored SIGCHLD when the child began to exit, and no longer at its end. */
static void parent_changed_its_mind(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_exit_autoreap(&f->ev, 300, 11, 0, 1);
	ev_notice(&f->ev, 320, 11, 10);
	ev_die(&f->ev, 330, 11, 0x20);
	ev_reap(&f->ev, 500, 11, 10, PW_REAP_WAIT);
	finish(f, 1000);
	assert_int_equal(process_of(f, 11)->reaped, PW_REAPED_WAIT);
	assert_int_equal(process_of(f, 11)->totals[PW_ZOMBIE], 180);
}

static void reap_not_observed(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	family(f);
	ev_exit(&f->ev, 300, 11, 0);
	ev_notice(&f->ev, 320, 11, 10);
	ev_die(&f->ev, 330, 11, 0x20);
	ev_free(&f->ev, 20000, 11);
	ev_reap(&f->ev, 20001, 11, 12, PW_REAP_WAIT); /* cannot be: not its parent */
	finish(f, 30000);
	process = process_of(f, 11);
	assert_int_equal(process->reaped, PW_REAPED_UNOBSERVED);
	assert_int_equal(process->reap_at, 20000);
	assert_true(process->reap_bounded);
	assert_int_equal(process->zombie_to, 20000);
	assert_int_equal(process->reaper_pid, 0);
}

/* The waiter was preempted between the release and its return to user space. */
static void reaper_told_after_the_free(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	family(f);
	ev_exit(&f->ev, 300, 11, 0);
	ev_notice(&f->ev, 320, 11, 10);
	ev_die(&f->ev, 330, 11, 0x20);
	ev_free(&f->ev, 20000, 11);
	ev_reap(&f->ev, 20001, 11, 10, PW_REAP_WAIT);
	finish(f, 30000);
	process = process_of(f, 11);
	assert_int_equal(process->reaped, PW_REAPED_WAIT);
	assert_int_equal(process->reaper_pid, 10);
	assert_int_equal(process->reap_at, 20000);
	assert_true(process->reap_bounded);
	assert_int_equal(process->zombie_to, 20000);
}

static void released_by_a_dying_parent(void **state)
{
	struct fixture *f = *state;

	family(f);
	ev_exit(&f->ev, 300, 11, 0);
	ev_notice(&f->ev, 320, 11, 10);
	ev_die(&f->ev, 325, 11, 0x20);
	ev_exit(&f->ev, 400, 10, 0);
	ev_reparent(&f->ev, 410, 10, 1, 11);
	ev_reap(&f->ev, 411, 11, 10, PW_REAP_RELEASE);
	finish(f, 1000);
	assert_int_equal(process_of(f, 11)->reaped, PW_REAPED_AUTO);
	assert_int_equal(process_of(f, 11)->totals[PW_ZOMBIE], 91);
	assert_int_equal(process_of(f, 11)->reaper_pid, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(parent_ignores_sigchld),	model_test(parent_ignores_sigchld_no_hook),
		model_test(parent_said_nocldwait),	model_test(parent_changed_its_mind),
		model_test(reap_not_observed),		model_test(reaper_told_after_the_free),
		model_test(released_by_a_dying_parent),
	};

	return cmocka_run_group_tests_name("model: who reaps", tests, NULL, NULL);
}
