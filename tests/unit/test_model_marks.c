/* SPDX-License-Identifier: GPL-2.0-only */
/* Marks: their threads, their order, and records that are no valid mark. */
#include "lib/model_test.h"

static const struct pw_thread *leader(struct fixture *f, uint32_t pid)
{
	return process_of(f, pid)->threads;
}

static void belong_to_the_thread_that_passed_them(void **state)
{
	const int64_t one = 1, least = INT64_MIN;
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "app");
	ev_on(&f->ev, 110, 0, 10);
	ev_thread(&f->ev, 120, 10, 11);
	ev_on(&f->ev, 130, 1, 11);
	ev_mark_name(&f->ev, 140, 1, "put");
	ev_mark_name(&f->ev, 140, 2, "queue full");
	ev_mark(&f->ev, 140, 10, 1, &one);
	ev_mark(&f->ev, 150, 11, 1, &least);
	ev_mark(&f->ev, 160, 10, 2, NULL);
	ev_mark_name(&f->ev, 170, 3, "late");
	ev_mark(&f->ev, 170, 10, 3, NULL);
	finish(f, 300);
	assert_int_equal(leader(f, 10)->n_marks, 3);
	assert_int_equal(leader(f, 10)->marks[0].at, 140);
	assert_string_equal(leader(f, 10)->marks[0].name, "put");
	assert_true(leader(f, 10)->marks[0].valued);
	assert_int_equal(leader(f, 10)->marks[0].value, 1);
	assert_int_equal(leader(f, 10)->marks[1].at, 160);
	assert_string_equal(leader(f, 10)->marks[1].name, "queue full");
	assert_false(leader(f, 10)->marks[1].valued);
	assert_string_equal(leader(f, 10)->marks[2].name, "late");
	assert_int_equal(leader(f, 10)->next->n_marks, 1);
	assert_true(leader(f, 10)->next->marks[0].value == INT64_MIN);
	/* Equal names share one text, so that a reader may compare addresses. */
	assert_ptr_equal(leader(f, 10)->marks[0].name, leader(f, 10)->next->marks[0].name);
	/* Marks are points: the states are as without them. */
	expect_states(f, 10, "100 ready:new 110 running@0 300");
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

/* exec() by a thread other than the leader: the survivor has the leader's tid. */
static void follow_who_took_over_the_leader(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "app");
	ev_on(&f->ev, 110, 0, 10);
	ev_thread(&f->ev, 120, 10, 11);
	ev_on(&f->ev, 130, 1, 11);
	ev_mark_name(&f->ev, 135, 1, "before and after");
	ev_mark(&f->ev, 135, 11, 1, NULL);
	ev_exit(&f->ev, 140, 10, 0);
	ev_die(&f->ev, 145, 10, 0x20);
	ev_take_over(&f->ev, 11);
	ev_exec_by(&f->ev, 150, 10, 11, "/bin/x", "x", 2);
	ev_mark(&f->ev, 160, 10, 1, NULL);
	finish(f, 300);
	assert_int_equal(leader(f, 10)->n_marks, 2);
	assert_int_equal(leader(f, 10)->marks[0].at, 135);
	assert_int_equal(leader(f, 10)->marks[1].at, 160);
}

static void without_a_name_are_contradictions(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "app");
	ev_on(&f->ev, 110, 0, 10);
	ev_mark(&f->ev, 120, 10, 1, NULL);
	ev_mark_name(&f->ev, 130, 2, "other");
	ev_mark(&f->ev, 140, 10, 0, NULL);
	ev_mark(&f->ev, 150, 10, UINT32_MAX, NULL);
	ev_mark(&f->ev, 160, 10, 2, NULL);
	finish(f, 300);
	assert_int_equal(leader(f, 10)->n_marks, 1);
	assert_int_equal(process_of(f, 10)->contradictions, 3);
	expect_states(f, 10, "100 ready:new 110 running@0 300");
}

static void of_unknown_tasks_are_counted_apart(void **state)
{
	struct fixture *f = *state;

	ev_mark_name(&f->ev, 100, 1, "mark");
	ev_mark(&f->ev, 110, 77, 1, NULL);
	finish(f, 300);
	assert_int_equal(pw_model_count(f->model), 0);
	assert_int_equal(pw_model_stats(f->model)->unknown_tasks, 1);
}

static void that_come_late_keep_the_order(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "app");
	ev_on(&f->ev, 110, 0, 10);
	ev_mark_name(&f->ev, 120, 1, "mark");
	ev_mark(&f->ev, 150, 10, 1, NULL);
	ev_mark(&f->ev, 140, 10, 1, NULL);
	ev_mark(&f->ev, 160, 10, 1, NULL);
	finish(f, 300);
	assert_int_equal(leader(f, 10)->n_marks, 3);
	assert_int_equal(leader(f, 10)->marks[1].at, 150);
}

static void there_may_be_many(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "app");
	ev_on(&f->ev, 110, 0, 10);
	ev_mark_name(&f->ev, 120, 1, "mark");
	for (int64_t i = 0; i < 100000; i++)
		ev_mark(&f->ev, (uint64_t)(200 + i), 10, 1, &i);
	finish(f, 200000);
	assert_int_equal(leader(f, 10)->n_marks, 100000);
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(leader(f, 10)->marks[i].value, i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(belong_to_the_thread_that_passed_them),
		model_test(follow_who_took_over_the_leader),
		model_test(without_a_name_are_contradictions),
		model_test(of_unknown_tasks_are_counted_apart),
		model_test(that_come_late_keep_the_order),
		model_test(there_may_be_many),
	};

	return cmocka_run_group_tests_name("marks of the model", tests, NULL, NULL);
}
