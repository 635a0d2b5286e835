/* SPDX-License-Identifier: GPL-2.0-only */
/* Exec and names, and exec by a thread other than the leader. */
#include <string.h>

#include "lib/model_test.h"
#include "model/questions.h"

static void exec_keeps_the_process(void **state)
{
	static const char argv[] = "/bin/ls\0-l\0a b";
	struct fixture *f = *state;
	const struct pw_process *process;

	ev_fork(&f->ev, 100, 1, 10, "sh");
	ev_on(&f->ev, 110, 0, 10);
	ev_rename(&f->ev, 150, 10, "ls");
	ev_exec_by(&f->ev, 151, 10, 10, "/bin/ls", argv, sizeof(argv));
	ev_rename(&f->ev, 200, 10, "worker");
	finish(f, 300);
	process = process_of(f, 10);
	assert_int_equal(pw_model_count(f->model), 1);
	assert_int_equal(process->n_execs, 1);
	assert_int_equal(process->execs[0].at, 151);
	assert_string_equal(process->execs[0].exe, "/bin/ls");
	assert_int_equal(process->execs[0].argv_len, sizeof(argv));
	assert_memory_equal(process->execs[0].argv, argv, sizeof(argv));
	assert_false(process->execs[0].truncated);
	assert_string_equal(process->comm, "worker");
	assert_int_equal(process->n_names, 3);
	assert_string_equal(pw_process_comm_at(process, 100), "sh");
	assert_string_equal(pw_process_comm_at(process, 50), "sh");
	assert_string_equal(pw_process_comm_at(process, 199), "ls");
	assert_string_equal(pw_process_comm_at(process, 1000), "worker");
	assert_string_equal(thread_of(f, 10)->comm, "worker");
	expect_timeline(f, 10, "100 ready:new 110 running@0 300");
}

/* The lengths in a record are not trusted; a truncated argument is still terminated. */
static void argv_cut_or_absurd(void **state)
{
	struct fixture *f = *state;
	struct pw_exec ev = {
		.h = {.ts = 150, .start = 100, .tid = 10, .kind = PW_EV_EXEC, .flags = PW_TRUNCATED},
		.old_tid = 10,
		.argv_len = UINT32_MAX};
	const struct pw_exec_record *rec;

	memset(ev.comm, 'c', sizeof(ev.comm));
	memset(ev.exe, 'e', sizeof(ev.exe));
	memset(ev.argv, 'a', sizeof(ev.argv));
	ev_fork(&f->ev, 100, 1, 10, "sh");
	ev_emit(&f->ev, &ev);
	ev.argv_len = 0;
	ev_emit(&f->ev, &ev);
	finish(f, 300);
	rec = process_of(f, 10)->execs;
	assert_int_equal(strlen(rec[0].exe), PW_PATH_LEN);
	assert_true(rec[0].truncated);
	assert_int_equal(rec[0].argv_len, PW_ARGV_LEN + 1);
	assert_int_equal(strlen(rec[0].argv), PW_ARGV_LEN);
	assert_int_equal(rec[1].argv_len, 0);
	assert_int_equal(strlen(process_of(f, 10)->comm), PW_COMM_LEN - 1);
}

static void a_thread_has_its_own_name(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "app");
	ev_on(&f->ev, 110, 0, 10);
	ev_thread(&f->ev, 120, 10, 11);
	ev_rename(&f->ev, 130, 11, "helper");
	finish(f, 300);
	assert_string_equal(process_of(f, 10)->comm, "app");
	assert_int_equal(process_of(f, 10)->n_names, 1);
	assert_string_equal(thread_of(f, 11)->comm, "helper");
	assert_string_equal(thread_of(f, 10)->comm, "app");
}

/* Leader 10 on CPU 0; thread 11 on CPU 1 calls exec. */
static void two_threads(struct fixture *f)
{
	ev_fork(&f->ev, 100, 1, 10, "app");
	ev_on(&f->ev, 110, 0, 10);
	ev_thread(&f->ev, 120, 10, 11);
	ev_on(&f->ev, 130, 1, 11);
}

static void after_exec(struct fixture *f)
{
	const struct pw_process *process = process_of(f, 10);

	assert_int_equal(pw_model_count(f->model), 1);
	assert_int_equal(process->n_threads, 2);
	assert_int_equal(process->threads->tid, 10);
	assert_int_equal(process->threads->start, 120);
	assert_string_equal(process->threads->comm, "new");
	assert_string_equal(process->comm, "new");
	assert_int_equal(process->n_execs, 1);
	assert_true(process->threads->next->exit);
	assert_false(process->threads->next->totals[PW_ZOMBIE]);
	assert_ptr_equal(pw_model_find_tid(f->model, 11, 150), process);
	assert_null(pw_model_find_tid(f->model, 11, 900));
	assert_ptr_equal(pw_model_find_tid(f->model, 10, 900), process);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
	assert_int_equal(pw_model_stats(f->model)->unknown_tasks, 0);
	assert_int_equal(pw_model_stats(f->model)->missed_switches, 0);
}

static void exec_by_a_thread(void **state)
{
	struct fixture *f = *state;

	two_threads(f);
	ev_off(&f->ev, 200, 11, STATE_DISK, 59); /* waits in de_thread */
	ev_exit(&f->ev, 210, 10, 9);
	ev_die(&f->ev, 220, 10, 0x20);
	ev_wake(&f->ev, 221, 11, 10);
	ev_on(&f->ev, 230, 1, 11);
	ev_take_over(&f->ev, 11);
	ev_rename(&f->ev, 239, 10, "new");
	ev_exec_by(&f->ev, 240, 10, 11, "/bin/new", "new", 4);
	ev_off(&f->ev, 300, 10, STATE_SLEEP, -1);
	ev_free(&f->ev, 400, 11); /* the old leader, under the thread's tid */
	ev_wake(&f->ev, 500, 10, 1);
	ev_on(&f->ev, 510, 0, 10);
	ev_exit(&f->ev, 600, 10, 0);
	ev_notice(&f->ev, 610, 10, 1);
	ev_die(&f->ev, 620, 10, 0x20);
	ev_reap(&f->ev, 700, 10, 1, PW_REAP_RELEASE);
	ev_free(&f->ev, 900, 10);
	finish(f, 1000);
	assert_int_equal(process_of(f, 10)->exit_at, 610);
	assert_int_equal(process_of(f, 10)->reap_at, 700);
	expect_timeline(f, 10,
			"120 ready:new 130 running@1 200 blocked:uninterruptible(59) 221 ready:woken<10 230 "
			"running@1<10 300 blocked:interruptible 500 ready:woken<1 510 running@0<1 610");
	expect_states(
		f, 10,
		"100 ready:new 110 running@0 220 blocked:uninterruptible(59) 221 ready:woken<10 230 "
		"running@1<10 300 blocked:interruptible 500 ready:woken<1 510 running@0<1 610 zombie 700");
	assert_int_equal(process_of(f, 10)->threads->next->exit, 220);
}

/* Switched out and in under the new identity before the EXEC record. */
static void switches_before_the_exec_record(void **state)
{
	struct fixture *f = *state;

	two_threads(f);
	ev_exit(&f->ev, 210, 10, 9);
	ev_die(&f->ev, 220, 10, 0x20);
	ev_take_over(&f->ev, 11);
	ev_off(&f->ev, 230, 10, STATE_DISK, 59);
	ev_wake(&f->ev, 235, 10, PW_IRQ_WAKER);
	ev_on(&f->ev, 240, 0, 10);
	ev_exec_by(&f->ev, 250, 10, 11, "/bin/new", "new", 4);
	ev_free(&f->ev, 400, 10); /* the old leader: the process goes on */
	finish(f, 1000);
	after_exec(f);
	expect_timeline(f, 10,
			"120 ready:new 130 running@1 230 blocked:uninterruptible(59) 235 ready:woken<irq 240 "
			"running@0<irq 1000");
	assert_false(process_of(f, 10)->exited);
}

/* The switch-out under the new identity was not raised, the switch-in was. */
static void switch_in_before_the_exec_record(void **state)
{
	struct fixture *f = *state;

	two_threads(f);
	ev_exit(&f->ev, 210, 10, 9);
	ev_die(&f->ev, 220, 10, 0x20);
	ev_take_over(&f->ev, 11);
	f->ev.hidden = true;
	ev_off(&f->ev, 225, 10, STATE_RUNNABLE, -1);
	f->ev.hidden = false;
	ev_on(&f->ev, 240, 0, 10);
	ev_exec_by(&f->ev, 250, 10, 11, "/bin/new", "new", 4);
	ev_off(&f->ev, 300, 10, STATE_SLEEP, -1);
	finish(f, 1000);
	assert_int_equal(process_of(f, 10)->threads->start, 120);
	expect_timeline(f, 10,
			"120 ready:new 130 running:repaired@1 225 ready:preempted 240 running@0 300 "
			"blocked:interruptible 1000");
}

/* The old leader's last switch comes after the exchange, under the thread's tid. */
static void old_leader_leaves_late(void **state)
{
	struct fixture *f = *state;

	two_threads(f);
	ev_exit(&f->ev, 210, 10, 9);
	ev_take_over(&f->ev, 11);
	ev_off(&f->ev, 215, 10, STATE_RUNNABLE, -1); /* the thread that took over: it ran on CPU 1 */
	ev_die(&f->ev, 220, 11, 0x20); /* the leader, on CPU 0 */
	ev_on(&f->ev, 240, 0, 10);
	ev_exec_by(&f->ev, 250, 10, 11, "/bin/new", "new", 4);
	finish(f, 1000);
	after_exec(f);
	expect_timeline(f, 10, "120 ready:new 130 running@1 215 ready:preempted 240 running@0 1000");
	assert_int_equal(process_of(f, 10)->threads->next->exit, 220);
}

static void old_leader_leaves_first_under_the_other_tid(void **state)
{
	struct fixture *f = *state;

	two_threads(f);
	ev_exit(&f->ev, 210, 10, 9);
	ev_take_over(&f->ev, 11);
	ev_die(&f->ev, 220, 11, 0x20);
	ev_off(&f->ev, 225, 10, STATE_RUNNABLE, -1);
	ev_on(&f->ev, 240, 0, 10);
	ev_exec_by(&f->ev, 250, 10, 11, "/bin/new", "new", 4);
	finish(f, 1000);
	after_exec(f);
	expect_timeline(f, 10, "120 ready:new 130 running@1 225 ready:preempted 240 running@0 1000");
}

/* While the leader is exiting, a thread of the process may wake it or be observed beside it. */
static void a_dying_leader_is_still_itself(void **state)
{
	struct fixture *f = *state;

	two_threads(f);
	ev_exit(&f->ev, 200, 10, 0); /* pthread_exit */
	ev_off(&f->ev, 210, 10, STATE_DISK, -1);
	ev_wake_event(&f->ev, 220, 10, 220, 11);
	ev_emit(&f->ev,
		&(struct pw_rename){.h = {.ts = 225, .start = 100, .tid = 10, .cpu = 1, .kind = PW_EV_RENAME},
				    .comm = "main"});
	ev_on(&f->ev, 230, 0, 10);
	ev_die(&f->ev, 240, 10, 0x20);
	finish(f, 1000);
	expect_timeline(f, 10,
			"100 ready:new 110 running@0 210 blocked:uninterruptible 220 ready:woken<11 230 "
			"running@0<11 240 zombie:leader-ended 1000");
	expect_timeline(f, 11, "120 ready:new 130 running@1 1000");
	assert_string_equal(process_of(f, 10)->comm, "main");
}

/* exec() fails past the point of no return: the calling thread dies under the leader's identity. */
static void exec_that_kills(void **state)
{
	struct fixture *f = *state;

	two_threads(f);
	ev_exit(&f->ev, 210, 10, 9);
	ev_die(&f->ev, 220, 10, 0x20);
	ev_take_over(&f->ev, 11);
	ev_exit(&f->ev, 230, 10, 9);
	ev_notice(&f->ev, 240, 10, 1);
	ev_die(&f->ev, 245, 10, 0x20);
	ev_reap(&f->ev, 300, 10, 1, PW_REAP_WAIT);
	finish(f, 1000);
	assert_int_equal(process_of(f, 10)->exit_at, 240);
	assert_int_equal(process_of(f, 10)->reap_at, 300);
	expect_timeline(f, 10, "120 ready:new 130 running@1 240");
	expect_states(f, 10, "100 ready:new 110 running@0 240 zombie 300");
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

/* The identity stays the first leader's, however often threads take it over. */
static void exec_by_a_thread_twice(void **state)
{
	struct fixture *f = *state;

	two_threads(f);
	ev_exit(&f->ev, 210, 10, 9);
	ev_die(&f->ev, 220, 10, 0x20);
	ev_take_over(&f->ev, 11);
	ev_exec_by(&f->ev, 250, 10, 11, "/bin/new", "new", 4);
	ev_free(&f->ev, 260, 11);
	ev_thread(&f->ev, 300, 10, 12);
	ev_on(&f->ev, 310, 0, 12);
	ev_exit(&f->ev, 400, 10, 9);
	ev_die(&f->ev, 410, 10, 0x20);
	ev_take_over(&f->ev, 12);
	ev_exec_by(&f->ev, 450, 10, 12, "/bin/newer", "newer", 6);
	ev_free(&f->ev, 460, 12);
	ev_exit(&f->ev, 500, 10, 0);
	ev_notice(&f->ev, 510, 10, 1);
	ev_die(&f->ev, 520, 10, 0x20);
	ev_reap(&f->ev, 600, 10, 1, PW_REAP_RELEASE);
	finish(f, 1000);
	assert_int_equal(pw_model_count(f->model), 1);
	assert_int_equal(process_of(f, 10)->n_threads, 3);
	assert_int_equal(process_of(f, 10)->n_execs, 2);
	assert_int_equal(process_of(f, 10)->reap_at, 600);
	expect_timeline(f, 10, "300 ready:new 310 running@0 510");
	expect_states(f, 10, "100 ready:new 110 running@0 510 zombie 600");
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
	assert_int_equal(pw_model_stats(f->model)->unknown_tasks, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(exec_keeps_the_process),
		model_test(argv_cut_or_absurd),
		model_test(a_thread_has_its_own_name),
		model_test(exec_by_a_thread),
		model_test(switches_before_the_exec_record),
		model_test(switch_in_before_the_exec_record),
		model_test(old_leader_leaves_late),
		model_test(old_leader_leaves_first_under_the_other_tid),
		model_test(a_dying_leader_is_still_itself),
		model_test(exec_that_kills),
		model_test(exec_by_a_thread_twice),
	};

	return cmocka_run_group_tests_name("model: exec and names", tests, NULL, NULL);
}
