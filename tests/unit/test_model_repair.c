/* SPDX-License-Identifier: GPL-2.0-only */
/* Switches never raised and records dropped: repaired where a task's own account allows it, else unknown. */
#include "lib/model_test.h"

static void begin(struct fixture *f)
{
	ev_fork(&f->ev, 1000, 1, 10, "a");
	ev_fork(&f->ev, 1000, 1, 20, "b");
	ev_on(&f->ev, 2000, 0, 10);
}

#define HIDDEN(f, call)                                                                                      \
	do {                                                                                                 \
		(f)->ev.hidden = true;                                                                       \
		call;                                                                                        \
		(f)->ev.hidden = false;                                                                      \
	} while (0)

/* The switch-in was not raised: the run time shows since when the task ran. */
static void switch_in_missed(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61);
	HIDDEN(f, ev_on(&f->ev, 5000, 1, 10));
	ev_off(&f->ev, 6000, 10, STATE_SLEEP, 61);
	finish(f, 7000);
	expect_timeline(
		f, 10,
		"1000 ready:new 2000 running@0 3000 blocked:interruptible(61) 5000 running:repaired@1 6000 "
		"blocked:interruptible(61) 7000");
	assert_int_equal(thread_of(f, 10)->switch_ins, 2);
	assert_int_equal(thread_of(f, 10)->switches.voluntary, 2);
	assert_int_equal(thread_of(f, 10)->wakeups, 1);
	assert_int_equal(thread_of(f, 10)->migrations, 1);
	assert_int_equal(thread_of(f, 10)->missed_switches, 1);
	assert_int_equal(pw_model_stats(f->model)->missed_switches, 1);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

static void switch_in_missed_wake_told(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61);
	HIDDEN(f, ev_on(&f->ev, 5000, 0, 10));
	ev_wake_event(&f->ev, 5999, 10, 4500, 20); /* the wake-up that no switch-in carried */
	ev_off(&f->ev, 6000, 10, STATE_SLEEP, 61);
	finish(f, 7000);
	expect_timeline(
		f, 10,
		"1000 ready:new 2000 running@0 3000 blocked:interruptible(61) 4500 ready:woken<20 5000 "
		"running:repaired@0 6000 blocked:interruptible(61) 7000");
}

/* A waker waits in its slot for the next switch-in that is raised, here the one after a preemption. */
static void switch_in_missed_waker_told_later(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61);
	HIDDEN(f, ev_on(&f->ev, 5000, 0, 10));
	ev_off(&f->ev, 6000, 10, STATE_RUNNABLE, -1);
	ev_wake(&f->ev, 6000, 10, 20);
	ev_on(&f->ev, 6500, 0, 10);
	ev_off(&f->ev, 7000, 10, STATE_SLEEP, 61);
	ev_wake(&f->ev, 7100, 10, 20);
	ev_on(&f->ev, 7200, 0, 10);
	ev_off(&f->ev, 7300, 10, STATE_RUNNABLE, -1);
	ev_wake(&f->ev, 7300, 10, 1);
	ev_on(&f->ev, 7400, 0, 10);
	finish(f, 8000);
	expect_timeline(
		f, 10,
		"1000 ready:new 2000 running@0 3000 blocked:interruptible(61) 5000 running:repaired@0<20 "
		"6000 "
		"ready:preempted 6500 running@0 7000 blocked:interruptible(61) 7100 ready:woken<20 7200 "
		"running@0<20 7300 ready:preempted 7400 running@0 8000");
}

static void first_switch_in_missed(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 1000, 1, 10, "a");
	HIDDEN(f, ev_on(&f->ev, 2000, 0, 10));
	ev_off(&f->ev, 3000, 10, STATE_RUNNABLE, -1);
	finish(f, 4000);
	expect_timeline(f, 10, "1000 ready:new 2000 running:repaired@0 3000 ready:preempted 4000");
}

/* The switch-out was not raised, and the task came back: the gap begins where its run time ends. */
static void switch_out_missed(void **state)
{
	struct fixture *f = *state;

	begin(f);
	HIDDEN(f, ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61));
	ev_on(&f->ev, 5000, 1, 10);
	ev_off(&f->ev, 6000, 10, STATE_RUNNABLE, -1);
	finish(f, 7000);
	expect_timeline(f, 10,
			"1000 ready:new 2000 running:repaired@0 3000 unknown:lost 5000 running@1 6000 "
			"ready:preempted 7000");
	assert_int_equal(thread_of(f, 10)->switch_ins, 2);
	assert_int_equal(thread_of(f, 10)->switches.voluntary, 1);
	assert_int_equal(thread_of(f, 10)->switches.involuntary, 1);
	assert_int_equal(thread_of(f, 10)->missed_switches, 1);
}

/* The counts also say that the task was preempted: it was ready all the time. */
static void missed_preemption(void **state)
{
	struct fixture *f = *state;

	begin(f);
	HIDDEN(f, ev_off(&f->ev, 3000, 10, STATE_RUNNABLE, -1));
	ev_on(&f->ev, 5000, 0, 10);
	ev_off(&f->ev, 6000, 10, STATE_SLEEP, -1);
	ev_on(&f->ev, 7000, 0, 20);
	finish(f, 8000);
	expect_timeline(f, 10,
			"1000 ready:new 2000 running:repaired@0 3000 ready:preempted 5000 running@0 6000 "
			"blocked:interruptible 8000");
}

/* Another task runs on its CPU: it must have left, and nothing more is known. */
static void two_on_one_cpu(void **state)
{
	struct fixture *f = *state;

	begin(f);
	HIDDEN(f, ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61));
	ev_on(&f->ev, 4000, 0, 20);
	finish(f, 8000);
	expect_timeline(f, 10, "1000 ready:new 2000 unknown:lost 8000");
	expect_timeline(f, 20, "1000 ready:new 4000 running@0 8000");
}

static void two_on_one_cpu_repaired(void **state)
{
	struct fixture *f = *state;

	begin(f);
	HIDDEN(f, ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61));
	ev_on(&f->ev, 4000, 0, 20);
	ev_wake(&f->ev, 5000, 10, 20);
	ev_on(&f->ev, 5500, 1, 10);
	ev_off(&f->ev, 6000, 10, STATE_SLEEP, 61);
	finish(f, 8000);
	expect_timeline(f, 10,
			"1000 ready:new 2000 running:repaired@0 3000 unknown:lost 5000 ready:woken<20 5500 "
			"running@1<20 6000 blocked:interruptible(61) 8000");
}

/* One switch, from 10 to 20, was not raised: both tasks' accounts show it, and agree. */
static void a_switch_between_two_missed(void **state)
{
	struct fixture *f = *state;

	begin(f);
	HIDDEN(f, ev_switch(&f->ev, 3000, 10, STATE_RUNNABLE, -1, 20));
	ev_switch(&f->ev, 4000, 20, STATE_RUNNABLE, -1, 10);
	ev_off(&f->ev, 5000, 10, STATE_SLEEP, -1);
	finish(f, 8000);
	expect_timeline(f, 10,
			"1000 ready:new 2000 running:repaired@0 3000 ready:preempted 4000 running@0 5000 "
			"blocked:interruptible 8000");
	expect_timeline(f, 20, "1000 ready:new 3000 running:repaired@0 4000 ready:preempted 8000");
}

/* A whole run was missed: its length is known, its time and CPU are not. */
static void a_stint_missed(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_off(&f->ev, 1000000, 10, STATE_SLEEP, 61);
	HIDDEN(f, ev_on(&f->ev, 2000000, 1, 10));
	HIDDEN(f, ev_off(&f->ev, 2300000, 10, STATE_SLEEP, 61));
	ev_on(&f->ev, 5000000, 0, 10);
	ev_off(&f->ev, 6000000, 10, STATE_SLEEP, 61);
	finish(f, 7000000);
	expect_timeline(f, 10,
			"1000 ready:new 2000 running@0 1000000 unknown:lost 4700000 running:repaired 5000000 "
			"running@0 6000000 blocked:interruptible(61) 7000000");
	assert_int_equal(thread_of(f, 10)->missed_switches, 1);
	assert_int_equal(thread_of(f, 10)->switch_ins, 3);
	assert_int_equal(thread_of(f, 10)->switches.voluntary, 3);
}

/* The task seems to have run all the time, but its run time says less. */
static void an_absence_missed(void **state)
{
	struct fixture *f = *state;

	begin(f);
	HIDDEN(f, ev_off(&f->ev, 1000000, 10, STATE_SLEEP, 61));
	HIDDEN(f, ev_on(&f->ev, 5000000, 0, 10));
	ev_off(&f->ev, 6000000, 10, STATE_SLEEP, 61);
	finish(f, 7000000);
	expect_timeline(f, 10,
			"1000 ready:new 2000 unknown:lost 4002000 running:repaired 6000000 "
			"blocked:interruptible(61) 7000000");
	assert_int_equal(thread_of(f, 10)->totals[PW_RUNNING], 1998000);
	assert_int_equal(thread_of(f, 10)->missed_switches, 1);
}

static void many_missed(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61);
	f->ev.hidden = true;
	for (uint64_t ts = 4000; ts < 14000; ts += 1000) {
		ev_on(&f->ev, ts, 1, 10);
		ev_off(&f->ev, ts + 100, 10, STATE_SLEEP, 61);
	}
	ev_on(&f->ev, 15000, 1, 10);
	f->ev.hidden = false;
	ev_off(&f->ev, 15500, 10, STATE_SLEEP, 61);
	finish(f, 16000);
	expect_timeline(f, 10,
			"1000 ready:new 2000 running@0 3000 unknown:lost 14000 running:repaired 15500 "
			"blocked:interruptible(61) 16000");
	assert_int_equal(thread_of(f, 10)->missed_switches, 11);
	assert_int_equal(thread_of(f, 10)->switch_ins, 12);
	assert_int_equal(thread_of(f, 10)->switches.voluntary, 12);
}

/* The last switch-in was missed, and the process had ended before the last switch-out showed it. */
static void repaired_after_the_end(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61);
	HIDDEN(f, ev_on(&f->ev, 5000, 0, 10));
	ev_exit(&f->ev, 5500, 10, 0);
	ev_notice(&f->ev, 5600, 10, 1);
	ev_die(&f->ev, 5610, 10, 0x20);
	finish(f, 7000);
	expect_states(f, 10,
		      "1000 ready:new 2000 running@0 3000 blocked:interruptible(61) 5000 running:repaired@0 "
		      "5600 zombie 7000");
	assert_int_equal(process_of(f, 10)->cpu_ns, 1600);
}

/* Records dropped by the ring are not switches that the kernel never raised. */
static void lost_is_not_a_hole(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61);
	HIDDEN(f, ev_on(&f->ev, 5000, 1, 10));
	ev_lost(&f->ev, 5500, 1, 5000, 5000, 1);
	ev_off(&f->ev, 6000, 10, STATE_SLEEP, 61);
	finish(f, 7000);
	assert_int_equal(pw_model_stats(f->model)->missed_switches, 0);
	assert_int_equal(pw_model_stats(f->model)->lost, 1);
	assert_int_equal(pw_model_lost_count(f->model), 1);
	assert_int_equal(pw_model_lost(f->model, 0)->from, 5000);
	assert_int_equal(pw_model_lost(f->model, 0)->cpu, 1);
	assert_null(pw_model_lost(f->model, 1));
	expect_timeline(
		f, 10,
		"1000 ready:new 2000 running@0 3000 blocked:interruptible(61) 5000 running:repaired@1 6000 "
		"blocked:interruptible(61) 7000");
}

/* A CPU reports its drops when it next finds room: here after their task was observed elsewhere. */
static void loss_told_late(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61);
	HIDDEN(f, ev_on(&f->ev, 5000, 1, 10));
	ev_off(&f->ev, 6000, 10, STATE_SLEEP, 61);
	assert_int_equal(pw_model_stats(f->model)->missed_switches, 1);
	ev_lost(&f->ev, 6500, 1, 3500, 5000, 1);
	finish(f, 7000);
	assert_int_equal(pw_model_stats(f->model)->missed_switches, 0);
	assert_int_equal(thread_of(f, 10)->missed_switches, 0);
}

/* The drops hit another task: the account shows that nothing of this one was missed. */
static void nothing_lost_for_this_one(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61);
	ev_lost(&f->ev, 4000, 1, 3500, 3600, 5);
	ev_wake(&f->ev, 5000, 10, 20);
	ev_on(&f->ev, 5500, 1, 10);
	ev_off(&f->ev, 6000, 10, STATE_SLEEP, 61);
	finish(f, 7000);
	expect_timeline(
		f, 10,
		"1000 ready:new 2000 running@0 3000 blocked:interruptible(61) 5000 ready:woken<20 5500 "
		"running@1<20 6000 blocked:interruptible(61) 7000");
	assert_int_equal(thread_of(f, 10)->totals[PW_UNKNOWN], 0);
}

/* A record that comes twice, and a counter that goes back, are no missed switches. */
static void impossible_accounts(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_off(&f->ev, 3000, 10, STATE_SLEEP, 61);
	ev_task(&f->ev, 10)->nvcsw = 0;
	ev_task(&f->ev, 10)->runtime = 0;
	ev_on(&f->ev, 5000, 0, 10);
	ev_off(&f->ev, 6000, 10, STATE_SLEEP, 61);
	finish(f, 7000);
	assert_int_equal(process_of(f, 10)->contradictions, 1);
	assert_int_equal(thread_of(f, 10)->missed_switches, 0);
	assert_int_equal(thread_of(f, 10)->switches.voluntary, 2);
}

/*
 * A thread's last switch was not raised, and its process ended. It had left its CPU
 * when another task ran there before that end.
 */
static void last_switch_missed(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_thread(&f->ev, 2000, 10, 11);
	ev_on(&f->ev, 2500, 1, 11);
	ev_exit(&f->ev, 3000, 11, 0);
	ev_exit(&f->ev, 3100, 10, 0);
	HIDDEN(f, ev_die(&f->ev, 3200, 11, 0x10));
	HIDDEN(f, ev_on(&f->ev, 3300, 1, 20));
	ev_notice(&f->ev, 4000, 10, 1);
	ev_die(&f->ev, 4100, 10, 0x20);
	ev_off(&f->ev, 5000, 20, STATE_SLEEP, -1);
	finish(f, 6000);
	expect_timeline(f, 10, "1000 ready:new 2000 running@0 4000");
	expect_timeline(f, 11, "2000 ready:new 2500 unknown:lost 4000");
	expect_timeline(f, 20, "1000 ready:new 3300 running:repaired@1 5000 blocked:interruptible 6000");
}

/* The same, and the task is freed: the moment when it left is not known. */
static void last_switch_missed_and_freed(void **state)
{
	struct fixture *f = *state;

	begin(f);
	ev_thread(&f->ev, 2000, 10, 11);
	ev_on(&f->ev, 2500, 1, 11);
	ev_exit(&f->ev, 3000, 11, 0);
	ev_exit(&f->ev, 3100, 10, 0);
	ev_notice(&f->ev, 4000, 10, 1);
	ev_die(&f->ev, 4100, 10, 0x20);
	ev_free(&f->ev, 5000, 11);
	finish(f, 6000);
	expect_timeline(f, 11, "2000 ready:new 2500 unknown:lost 4000");
}

/* An exit shows which task has the CPU, so no other has it. */
static void an_exit_proves_a_cpu(void **state)
{
	struct fixture *f = *state;

	begin(f);
	HIDDEN(f, ev_switch(&f->ev, 3000, 10, STATE_SLEEP, -1, 20));
	ev_exit(&f->ev, 4000, 20, 0);
	finish(f, 6000);
	expect_timeline(f, 10, "1000 ready:new 2000 unknown:lost 6000");
	expect_timeline(f, 20, "1000 unknown:lost 6000");
}

/* It goes to sleep on another CPU than the one it was observed on: its migration was missed. */
static void moved_unseen(void **state)
{
	struct fixture *f = *state;

	begin(f);
	HIDDEN(f, ev_off(&f->ev, 3000, 10, STATE_RUNNABLE, -1));
	HIDDEN(f, ev_on(&f->ev, 4000, 1, 10));
	ev_on(&f->ev, 3500, 0, 20);
	ev_off(&f->ev, 5000, 10, STATE_SLEEP, -1);
	finish(f, 6000);
	expect_timeline(
		f, 10,
		"1000 ready:new 2000 unknown:lost 3000 running:repaired 5000 blocked:interruptible 6000");
	expect_timeline(f, 20, "1000 ready:new 3500 running@0 6000");
}

/* Two tasks are seeded on one CPU: one of them had just left it. */
static void two_seeds_on_one_cpu(void **state)
{
	struct fixture *f = *state;

	ev_seed(&f->ev, 1000, 1, 10, 10, 50, 0, true);
	ev_seed(&f->ev, 1010, 1, 11, 11, 51, 0, true);
	finish(f, 2000);
	expect_timeline(f, 10, "1000 running@0 2000");
	expect_timeline(f, 11, "1010 running 2000");
}

/* A seed knows only the moment of the snapshot; the next switch-out completes it. */
static void seed_out_of_date(void **state)
{
	struct fixture *f = *state;

	ev_seed(&f->ev, 1000, 1, 10, 10, 50, STATE_SLEEP, false);
	ev_task(&f->ev, 10)->on_since = 1500; /* it was woken in between */
	ev_off(&f->ev, 2000, 10, STATE_SLEEP, 61);
	ev_seed(&f->ev, 3000, 1, 11, 11, 60, 0, true);
	ev_on(&f->ev, 3500, 0, 10); /* the seed's CPU was another */
	ev_task(&f->ev, 11)->cpu = 1;
	ev_off(&f->ev, 4000, 11, STATE_SLEEP, 61);
	finish(f, 5000);
	expect_timeline(
		f, 10,
		"1000 blocked:interruptible 1500 running:repaired@0 2000 blocked:interruptible(61) 3500 "
		"running@0 5000");
	expect_timeline(f, 11, "3000 running:repaired@1 4000 blocked:interruptible(61) 5000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(switch_in_missed),
		model_test(switch_in_missed_wake_told),
		model_test(switch_in_missed_waker_told_later),
		model_test(first_switch_in_missed),
		model_test(switch_out_missed),
		model_test(missed_preemption),
		model_test(two_on_one_cpu),
		model_test(two_on_one_cpu_repaired),
		model_test(a_switch_between_two_missed),
		model_test(a_stint_missed),
		model_test(an_absence_missed),
		model_test(many_missed),
		model_test(repaired_after_the_end),
		model_test(lost_is_not_a_hole),
		model_test(loss_told_late),
		model_test(nothing_lost_for_this_one),
		model_test(impossible_accounts),
		model_test(last_switch_missed),
		model_test(last_switch_missed_and_freed),
		model_test(an_exit_proves_a_cpu),
		model_test(moved_unseen),
		model_test(two_seeds_on_one_cpu),
		model_test(seed_out_of_date),
	};

	return cmocka_run_group_tests_name("model: holes and losses", tests, NULL, NULL);
}
