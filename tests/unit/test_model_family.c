/* SPDX-License-Identifier: GPL-2.0-only */
/* Parents: by fork, by reparenting, and through which thread. */
#include <signal.h>

#include "lib/model_test.h"
#include "model/questions.h"

static void expect_parent(const struct pw_process *process, size_t i, uint64_t from, uint32_t pid,
			  const char *comm, enum pw_adopter adopter)
{
	assert_true(i < process->n_parents);
	assert_int_equal(process->parents[i].from, from);
	assert_int_equal(process->parents[i].pid, pid);
	assert_string_equal(process->parents[i].comm, comm);
	assert_int_equal(process->parents[i].why, i ? PW_BY_REPARENT : PW_BY_FORK);
	assert_int_equal(process->parents[i].adopter, adopter);
}

/* 10 forks 11, which forks 12 and 13. */
static void three_generations(struct fixture *f)
{
	ev_fork(&f->ev, 100, 1, 10, "reaper");
	ev_fork(&f->ev, 110, 10, 11, "middle");
	ev_fork(&f->ev, 120, 11, 12, "first");
	ev_fork(&f->ev, 130, 11, 13, "second");
	ev_on(&f->ev, 140, 0, 11);
}

static void orphans_go_to_init(void **state)
{
	struct fixture *f = *state;
	const struct pw_process *process;

	three_generations(f);
	ev_exit(&f->ev, 200, 11, 0);
	ev_reparent(&f->ev, 210, 11, 1, 0);
	finish(f, 300);
	process = process_of(f, 12);
	assert_int_equal(process->n_parents, 2);
	expect_parent(process, 0, 120, 11, "middle", PW_ADOPTER_NONE);
	expect_parent(process, 1, 210, 1, "outside", PW_ADOPTER_INIT);
	assert_int_equal(process_of(f, 13)->n_parents, 2);
	assert_int_equal(process_of(f, 11)->n_parents, 1);
	assert_int_equal(pw_process_parent_at(process, 209)->pid, 11);
	assert_int_equal(pw_process_parent_at(process, 210)->pid, 1);
	assert_int_equal(pw_process_parent_at(process, 1)->pid, 11);
}

static void one_orphan_at_a_time(void **state)
{
	struct fixture *f = *state;

	three_generations(f);
	ev_exit(&f->ev, 200, 11, 0);
	ev_reparent(&f->ev, 210, 11, 1, 13);
	assert_int_equal(process_of(f, 12)->n_parents, 1);
	ev_reparent(&f->ev, 211, 11, 1, 12);
	finish(f, 300);
	assert_int_equal(process_of(f, 12)->n_parents, 2);
	assert_int_equal(process_of(f, 13)->n_parents, 2);
}

/* A subreaper adopts them; when it exits too, they move again. */
static void twice_orphaned(void **state)
{
	struct fixture *f = *state;
	struct pw_reparent ev;
	const struct pw_process *process;

	three_generations(f);
	ev_exit(&f->ev, 200, 11, 0);
	ev = ev_reparent_event(&f->ev, 210, 11, 10, 0);
	ev.subreaper = 1;
	ev_emit(&f->ev, &ev);
	ev_exit(&f->ev, 220, 10, 0);
	ev_reparent(&f->ev, 230, 10, 1, 0);
	finish(f, 300);
	process = process_of(f, 12);
	assert_int_equal(process->n_parents, 3);
	expect_parent(process, 1, 210, 10, "reaper", PW_ADOPTER_SUBREAPER);
	assert_int_equal(process->parents[1].start, 100);
	expect_parent(process, 2, 230, 1, "outside", PW_ADOPTER_INIT);
	assert_int_equal(process_of(f, 11)->n_parents, 2); /* 10 was its parent too */
}

/* A thread's children go to another thread of its process, so their parent process stays the same. */
static void another_thread_takes_over(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "app");
	ev_thread(&f->ev, 110, 10, 11);
	ev_fork(&f->ev, 120, 11, 20, "of the thread");
	ev_fork(&f->ev, 130, 10, 21, "of the leader");
	assert_int_equal(process_of(f, 20)->parents[0].pid, 10);
	ev_exit(&f->ev, 200, 11, 0);
	ev_reparent(&f->ev, 210, 11, 10, 0);
	assert_int_equal(process_of(f, 20)->n_parents, 1);
	ev_exit(&f->ev, 300, 10, 0);
	ev_reparent(&f->ev, 310, 10, 1, 0);
	finish(f, 400);
	assert_int_equal(process_of(f, 20)->n_parents, 2);
	assert_int_equal(process_of(f, 21)->n_parents, 2);
}

/* The leader's children stay when another thread exits. */
static void only_the_dying_thread_s_children_move(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "app");
	ev_thread(&f->ev, 110, 10, 11);
	ev_fork(&f->ev, 120, 11, 20, "a");
	ev_fork(&f->ev, 130, 10, 21, "b");
	ev_reparent(&f->ev, 210, 11, 1, 0);
	finish(f, 400);
	assert_int_equal(process_of(f, 20)->n_parents, 2);
	assert_int_equal(process_of(f, 21)->n_parents, 1);
}

/* After exec() by a thread its children belong to its new tid. */
static void children_of_an_heir(void **state)
{
	struct fixture *f = *state;
	struct pw_reparent ev;

	ev_fork(&f->ev, 100, 1, 10, "app");
	ev_thread(&f->ev, 110, 10, 11);
	ev_on(&f->ev, 115, 1, 11);
	ev_fork(&f->ev, 120, 11, 20, "child");
	ev_exit(&f->ev, 200, 10, 9);
	ev_die(&f->ev, 210, 10, 0x20);
	ev_take_over(&f->ev, 11);
	ev_exec_by(&f->ev, 220, 10, 11, "/bin/new", "new", 4);
	ev_exit(&f->ev, 300, 10, 0);
	ev = ev_reparent_event(&f->ev, 310, 10, 1, 0);
	ev_emit(&f->ev, &ev);
	finish(f, 400);
	assert_int_equal(process_of(f, 20)->n_parents, 2);
}

static void zombies_move_reaped_ones_do_not(void **state)
{
	struct fixture *f = *state;

	three_generations(f);
	ev_exit(&f->ev, 150, 12, 0);
	ev_notice(&f->ev, 151, 12, 11);
	ev_exit(&f->ev, 152, 13, 0);
	ev_notice(&f->ev, 153, 13, 11);
	ev_reap(&f->ev, 160, 13, 11, PW_REAP_WAIT);
	ev_exit(&f->ev, 200, 11, 0);
	ev_reparent(&f->ev, 210, 11, 1, 0);
	ev_reap(&f->ev, 220, 12, 1, PW_REAP_RELEASE);
	finish(f, 300);
	assert_int_equal(process_of(f, 12)->n_parents, 2);
	assert_int_equal(process_of(f, 13)->n_parents, 1);
	assert_int_equal(process_of(f, 12)->reaped, PW_REAPED_WAIT);
	assert_int_equal(process_of(f, 12)->reaper_pid, 1);
}

/* The reparenting was not observed; the child's own exit shows it, later. */
static void move_missed(void **state)
{
	struct fixture *f = *state;
	struct pw_exit ev;
	const struct pw_process *process;

	three_generations(f);
	ev = ev_exit_event(&f->ev, 300, 12, 0);
	ev.parent_tgid = 1;
	ev_emit(&f->ev, &ev);
	ev = ev_exit_event(&f->ev, 310, 13, 0);
	ev.parent_tgid = 10;
	ev_emit(&f->ev, &ev);
	finish(f, 400);
	process = process_of(f, 12);
	assert_int_equal(process->n_parents, 2);
	expect_parent(process, 1, 300, 1, "", PW_ADOPTER_INIT);
	assert_true(process->parents[1].bounded);
	process = process_of(f, 13);
	expect_parent(process, 1, 310, 10, "reaper", PW_ADOPTER_NONE);
	assert_int_equal(process->parents[1].start, 100);
}

/* The record of the reparenting comes just after the child's exit, which already showed it. */
static void move_told_late(void **state)
{
	struct fixture *f = *state;
	struct pw_reparent move;
	struct pw_exit ev;

	three_generations(f);
	ev = ev_exit_event(&f->ev, 300, 12, 0);
	ev.parent_tgid = 10;
	ev_emit(&f->ev, &ev);
	move = ev_reparent_event(&f->ev, 305, 11, 10, 0);
	move.subreaper = 1;
	ev_emit(&f->ev, &move);
	finish(f, 400);
	assert_int_equal(process_of(f, 12)->n_parents, 2);
	expect_parent(process_of(f, 12), 1, 300, 10, "reaper", PW_ADOPTER_SUBREAPER);
	assert_false(process_of(f, 12)->parents[1].bounded);
	expect_parent(process_of(f, 13), 1, 305, 10, "reaper", PW_ADOPTER_SUBREAPER);
}

static void of_an_unknown_task(void **state)
{
	struct fixture *f = *state;

	three_generations(f);
	ev_reparent(&f->ev, 200, 77, 1, 0);
	finish(f, 300);
	assert_int_equal(pw_model_stats(f->model)->unknown_tasks, 1);
	assert_int_equal(process_of(f, 12)->n_parents, 1);
}

static void cgroups_have_paths(void **state)
{
	struct fixture *f = *state;
	struct pw_birth ev;

	ev_cgroup(&f->ev, 50, 7, "/early");
	ev = ev_birth(&f->ev, 100, 1, 10, 10, "a");
	ev.cgroup_id = 7;
	ev_emit(&f->ev, &ev);
	ev = ev_birth(&f->ev, 100, 1, 11, 11, "b");
	ev.cgroup_id = 8;
	ev_emit(&f->ev, &ev);
	ev_fork(&f->ev, 120, 1, 12, "c");
	ev_cgroup(&f->ev, 150, 8, "/late");
	finish(f, 200);
	assert_string_equal(process_of(f, 10)->cgroup, "/early");
	assert_string_equal(process_of(f, 11)->cgroup, "/late");
	assert_null(process_of(f, 12)->cgroup);
	assert_int_equal(process_of(f, 10)->cgroup_id, 7);
	assert_int_equal(process_of(f, 10)->uid, 1000);
	assert_int_equal(process_of(f, 10)->ns_pid, 10);
	assert_int_equal(process_of(f, 10)->exit_signal, SIGCHLD);
}

/* Seeds come late, and processes are in order of birth all the same. */
static void in_order_of_birth(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 1000, 1, 30, "c");
	ev_seed(&f->ev, 1010, 1, 20, 20, 500, STATE_SLEEP, false);
	ev_seed(&f->ev, 1010, 1, 10, 10, 100, STATE_SLEEP, false);
	ev_fork(&f->ev, 1020, 1, 40, "d");
	finish(f, 2000);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(pw_model_process(f->model, i)->pid, 10 * (i + 1));
	assert_null(pw_model_process(f->model, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(orphans_go_to_init),
		model_test(one_orphan_at_a_time),
		model_test(twice_orphaned),
		model_test(another_thread_takes_over),
		model_test(only_the_dying_thread_s_children_move),
		model_test(children_of_an_heir),
		model_test(zombies_move_reaped_ones_do_not),
		model_test(move_missed),
		model_test(move_told_late),
		model_test(of_an_unknown_task),
		model_test(cgroups_have_paths),
		model_test(in_order_of_birth),
	};

	return cmocka_run_group_tests_name("model: parents and children", tests, NULL, NULL);
}
