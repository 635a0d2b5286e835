/* SPDX-License-Identifier: GPL-2.0-only */
/* A thread's state machine: every way on and off the CPU. */
#include <signal.h>
#include <stdio.h>

#include "lib/model_test.h"

#define WAIT4	  61
#define VFORK	  58
#define NANOSLEEP 230

static void fork_run_sleep_wake(void **state)
{
	struct fixture *f = *state;
	const struct pw_thread *t;

	ev_fork(&f->ev, 100, 1, 10, "parent");
	ev_on(&f->ev, 110, 0, 10);
	ev_off(&f->ev, 200, 10, STATE_SLEEP, WAIT4);
	ev_wake(&f->ev, 250, 10, 11);
	ev_on(&f->ev, 260, 1, 10);
	finish(f, 300);
	expect_timeline(f, 10,
			"100 ready:new 110 running@0 200 blocked:interruptible(61) 250 ready:woken<11 260 "
			"running@1<11 300");
	t = thread_of(f, 10);
	assert_int_equal(t->switch_ins, 2);
	assert_int_equal(t->wakeups, 1);
	assert_int_equal(t->migrations, 1);
	assert_int_equal(t->switches.voluntary, 1);
	assert_int_equal(t->switches.involuntary, 0);
	assert_int_equal(t->missed_switches, 0);
	assert_int_equal(t->exit, 0);
	assert_int_equal(process_of(f, 10)->totals[PW_RUNNING], 130);
	assert_false(process_of(f, 10)->exited);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

static void preempted_needs_no_wake(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_fork(&f->ev, 105, 1, 20, "b");
	ev_on(&f->ev, 110, 0, 10);
	ev_switch(&f->ev, 200, 10, STATE_RUNNABLE, -1, 20);
	ev_wake(&f->ev, 210, 10, 20); /* spurious: it waits for a CPU already */
	ev_switch(&f->ev, 300, 20, STATE_RUNNABLE, -1, 10);
	finish(f, 400);
	expect_timeline(f, 10, "100 ready:new 110 running@0 200 ready:preempted 300 running@0 400");
	expect_timeline(f, 20, "105 ready:new 200 running@0 300 ready:preempted 400");
	assert_int_equal(thread_of(f, 10)->wakeups, 0);
	assert_int_equal(thread_of(f, 10)->switches.involuntary, 1);
}

/* Preempted between setting its state and schedule(): the state says asleep, the flag says preempted. */
static void preempted_with_a_state(void **state)
{
	struct fixture *f = *state;
	struct pw_switch ev = {
		.h = {.ts = 200, .kind = PW_EV_SWITCH, .flags = PW_PREV_WATCHED | PW_PREEMPTED},
		.prev_state = STATE_SLEEP,
		.prev_nivcsw = 1,
		.prev_runtime = 90};

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 110, 0, 10);
	ev.h.tid = 10;
	ev.h.start = 100;
	ev_emit(&f->ev, &ev);
	finish(f, 300);
	expect_timeline(f, 10, "100 ready:new 110 running@0 200 ready:preempted 300");
	assert_int_equal(thread_of(f, 10)->switches.involuntary, 1);
}

static void every_kind_of_sleep(void **state)
{
	static const struct {
		uint32_t raw;
		const char *name;
	} kinds[] = {
		{0x0001, "blocked:interruptible(230)"},
		{0x2001, "blocked:interruptible(230)"},
		{0x0200, "blocked:interruptible(230)"},
		{0x0002, "blocked:uninterruptible(230)"},
		{0x0102, "blocked:uninterruptible(230)"},
		{0x8000, "blocked:uninterruptible(230)"},
		{0x1000, "blocked:uninterruptible(230)"},
		{0x0402, "blocked:idle(230)"},
		{0x0040, "blocked:parked(230)"},
		{0x0104, "stopped:signalled"},
		{0x0108, "stopped:traced"},
		{0x0008, "stopped:traced"},
	};
	struct fixture *f = *state;
	char expected[128];

	for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		ev_fork(&f->ev, 100, 1, 10 + i, "a");
		ev_on(&f->ev, 110, (uint16_t)i, 10 + i);
	}
	for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		ev_off(&f->ev, 200, 10 + i, kinds[i].raw, NANOSLEEP);
	finish(f, 300);
	for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(expected, sizeof(expected), "100 ready:new 110 running@%u 200 %s 300", i,
			 kinds[i].name);
		expect_timeline(f, 10 + i, expected);
	}
}

/* The wake-up comes before the sleeper's switch-out, as sched_waking may. */
static void woken_while_going_to_sleep(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 110, 0, 10);
	ev_off(&f->ev, 200, 10, STATE_SLEEP, -1);
	ev_wake(&f->ev, 195, 10, 7);
	ev_on(&f->ev, 260, 0, 10);
	finish(f, 300);
	expect_timeline(f, 10, "100 ready:new 110 running@0 200 ready:woken<7 260 running@0<7 300");
}

static void wake_not_seen(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 110, 0, 10);
	ev_off(&f->ev, 1000000, 10, STATE_SLEEP, -1);
	ev_on(&f->ev, 1000100, 0, 10);
	ev_off(&f->ev, 2000000, 10, STATE_SLEEP, -1);
	ev_wake(&f->ev, 1500000, 10, 7); /* of an earlier sleep */
	ev_on(&f->ev, 2000100, 0, 10);
	finish(f, 2000200);
	expect_timeline(f, 10,
			"100 ready:new 110 running@0 1000000 blocked:interruptible 1000100 running@0 2000000 "
			"blocked:interruptible 2000100 running@0 2000200");
	assert_int_equal(thread_of(f, 10)->wakeups, 2);
}

static void woken_by_an_interrupt(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 110, 0, 10);
	ev_off(&f->ev, 200, 10, STATE_SLEEP, NANOSLEEP);
	ev_wake(&f->ev, 250, 10, PW_IRQ_WAKER);
	ev_on(&f->ev, 260, 0, 10);
	finish(f, 300);
	expect_timeline(f, 10,
			"100 ready:new 110 running@0 200 blocked:interruptible(230) 250 ready:woken<irq 260 "
			"running@0<irq 300");
}

/* The kernel says when the task was enqueued, and no waker was observed. */
static void waker_not_seen(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 110, 0, 10);
	ev_off(&f->ev, 200, 10, STATE_SLEEP, -1);
	ev_wake(&f->ev, 240, 10, 0);
	ev_on(&f->ev, 260, 0, 10);
	ev_off(&f->ev, 300, 10, 0, -1); /* preempted: enqueued then */
	ev_wake(&f->ev, 299, 10, 0);
	ev_on(&f->ev, 360, 0, 10);
	finish(f, 400);
	expect_timeline(f, 10,
			"100 ready:new 110 running@0 200 blocked:interruptible 240 ready:woken 260 running@0 "
			"300 ready:preempted 360 running@0 400");
	assert_int_equal(thread_of(f, 10)->wakeups, 1);
}

static void wake_told_by_itself(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 110, 0, 10);
	ev_wake_event(&f->ev, 150, 10, 140, 7); /* spurious: it runs */
	ev_off(&f->ev, 200, 10, STATE_SLEEP, -1);
	ev_wake_event(&f->ev, 230, 10, 225, 8);
	ev_wake_event(&f->ev, 240, 10, 235, 9); /* spurious: it is ready already */
	finish(f, 300);
	expect_timeline(f, 10, "100 ready:new 110 running@0 200 blocked:interruptible 225 ready:woken<8 300");
	assert_int_equal(thread_of(f, 10)->wakeups, 1);
}

static void wake_told_twice(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 110, 0, 10);
	ev_off(&f->ev, 200, 10, STATE_SLEEP, -1);
	ev_wake_event(&f->ev, 230, 10, 225, 8);
	ev_wake(&f->ev, 225, 10, 8);
	ev_on(&f->ev, 260, 0, 10);
	finish(f, 300);
	expect_timeline(
		f, 10,
		"100 ready:new 110 running@0 200 blocked:interruptible 225 ready:woken<8 260 running@0<8 "
		"300");
	assert_int_equal(thread_of(f, 10)->wakeups, 1);
}

static void stop_and_continue(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 110, 0, 10);
	ev_off(&f->ev, 200, 10, STATE_SLEEP, NANOSLEEP);
	ev_signal(&f->ev, 250, 1, 10, SIGSTOP);
	ev_wake(&f->ev, 250, 10, 1); /* it must run to stop */
	ev_on(&f->ev, 260, 0, 10);
	ev_off(&f->ev, 270, 10, STATE_STOP, -1);
	ev_signal(&f->ev, 400, 1, 10, SIGCONT);
	ev_wake(&f->ev, 400, 10, 1);
	ev_on(&f->ev, 410, 0, 10);
	finish(f, 500);
	expect_timeline(f, 10,
			"100 ready:new 110 running@0 200 blocked:interruptible(230) 250 ready:woken<1 260 "
			"running@0<1 270 stopped:signalled 400 ready:woken<1 410 running@0<1 500");
	assert_int_equal(process_of(f, 10)->totals[PW_STOPPED], 130);
	assert_int_equal(pw_model_signal_count(f->model), 2);
	assert_int_equal(pw_model_signal(f->model, 1)->sig, SIGCONT);
	assert_null(pw_model_signal(f->model, 2));
}

static void vfork_blocks_the_parent(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "parent");
	ev_on(&f->ev, 110, 0, 10);
	ev_fork(&f->ev, 150, 10, 11, "parent");
	ev_switch(&f->ev, 160, 10, STATE_VFORK, VFORK, 11);
	ev_exec(&f->ev, 200, 11, "/bin/true");
	ev_wake(&f->ev, 201, 10, 11);
	ev_on(&f->ev, 210, 1, 10);
	finish(f, 300);
	expect_timeline(f, 10,
			"100 ready:new 110 running@0 160 blocked:uninterruptible(58) 201 ready:woken<11 210 "
			"running@1<11 300");
	expect_timeline(f, 11, "150 ready:new 160 running@0 300");
}

/* Zero-length intervals are never stored. */
static void nothing_takes_no_time(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 100, 0, 10);
	ev_off(&f->ev, 200, 10, STATE_SLEEP, -1);
	ev_wake(&f->ev, 200, 10, 7);
	ev_on(&f->ev, 200, 0, 10);
	ev_off(&f->ev, 200, 10, STATE_RUNNABLE, -1);
	ev_on(&f->ev, 250, 0, 10);
	finish(f, 300);
	expect_timeline(f, 10, "100 running@0 200 ready:preempted 250 running@0 300");
	assert_int_equal(thread_of(f, 10)->switch_ins, 3);
}

/* Records of two CPUs may be out of order by some nanoseconds: no interval goes backwards. */
static void late_by_a_little(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 110, 0, 10);
	ev_off(&f->ev, 200, 10, STATE_RUNNABLE, -1);
	ev_on(&f->ev, 195, 1, 10);
	ev_off(&f->ev, 300, 10, STATE_SLEEP, -1);
	finish(f, 400);
	expect_timeline(f, 10, "100 ready:new 110 running@0 200 running@1 300 blocked:interruptible 400");
}

static void seeds(void **state)
{
	struct fixture *f = *state;

	ev_seed(&f->ev, 1000, 1, 10, 10, 50, 0, true);
	ev_seed(&f->ev, 1000, 1, 11, 11, 51, 0, false);
	ev_seed(&f->ev, 1000, 1, 12, 12, 52, STATE_SLEEP, false);
	ev_seed(&f->ev, 1000, 1, 13, 13, 53, STATE_STOP, false);
	ev_off(&f->ev, 1500, 10, STATE_SLEEP, NANOSLEEP);
	finish(f, 2000);
	expect_timeline(f, 10, "1000 running@0 1500 blocked:interruptible(230) 2000");
	expect_timeline(f, 11, "1000 ready 2000");
	expect_timeline(f, 12, "1000 blocked:interruptible 2000");
	expect_timeline(f, 13, "1000 stopped:signalled 2000");
	assert_true(process_of(f, 10)->seeded);
	assert_int_equal(process_of(f, 10)->start, 50);
	assert_true(process_of(f, 10)->parents[0].bounded);
	assert_int_equal(thread_of(f, 10)->switches.voluntary, 1);
	assert_int_equal(thread_of(f, 10)->missed_switches, 0);
	assert_int_equal(pw_model_stats(f->model)->missed_switches, 0);
}

/* The snapshot was preempted between the time and the counters, which include two later switch-outs. */
static void seed_with_two_switches(void **state)
{
	struct fixture *f = *state;
	struct source_task *t;

	ev_seed(&f->ev, 1000, 1, 10, 10, 50, 0, true);
	t = ev_task(&f->ev, 10);
	t->nvcsw -= 2;
	t->runtime -= 200;
	ev_off(&f->ev, 1100, 10, STATE_SLEEP, NANOSLEEP);
	ev_on(&f->ev, 1200, 0, 10);
	ev_off(&f->ev, 1300, 10, STATE_SLEEP, NANOSLEEP);
	finish(f, 2000);
	expect_timeline(f, 10,
			"1000 running@0 1100 blocked:interruptible(230) 1200 running@0 1300 "
			"blocked:interruptible(230) 2000");
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
	assert_int_equal(pw_model_stats(f->model)->missed_switches, 0);
}

/* The task exited between the time and the state: it was alive when it became watched, and its exit is raised. */
static void seed_that_dies(void **state)
{
	struct fixture *f = *state;
	struct source_task *t;

	ev_seed(&f->ev, 1000, 1, 10, 10, 50, STATE_DEAD, false);
	t = ev_task(&f->ev, 10);
	t->nvcsw--;
	t->runtime -= 100;
	ev_on(&f->ev, 1100, 0, 10);
	ev_exit(&f->ev, 1150, 10, 3 << 8);
	ev_die(&f->ev, 1200, 10, 0x20);
	finish(f, 2000);
	expect_timeline(f, 10, "1000 ready 1100 running@0 1200");
	assert_int_equal(process_of(f, 10)->exit_begun, 1150);
	assert_int_equal(process_of(f, 10)->exit_at, 1200);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 0);
}

/* Both the fork and the snapshot's iterator reported the task. */
static void seeded_and_seen(void **state)
{
	struct fixture *f = *state;
	struct pw_birth again = {
		.h = {.ts = 150, .start = 100, .tid = 10, .kind = PW_EV_BIRTH, .flags = PW_SEEDED},
		.tgid = 10,
		.state = STATE_SLEEP};

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 110, 0, 10);
	ev_emit(&f->ev, &again);
	finish(f, 200);
	assert_int_equal(pw_model_count(f->model), 1);
	expect_timeline(f, 10, "100 ready:new 110 running@0 200");
	assert_false(process_of(f, 10)->seeded);
}

static void strangers_are_counted(void **state)
{
	struct fixture *f = *state;
	struct pw_event nonsense = {.kind = 200};

	ev_on(&f->ev, 110, 60000, 10);
	ev_off(&f->ev, 120, 10, STATE_SLEEP, -1);
	ev_exec(&f->ev, 130, 10, "/bin/a");
	ev_rename(&f->ev, 140, 10, "b");
	ev_reap(&f->ev, 150, 10, 1, PW_REAP_WAIT);
	ev_free(&f->ev, 160, 10);
	ev_emit(&f->ev, &nonsense);
	finish(f, 200);
	assert_int_equal(pw_model_count(f->model), 0);
	assert_int_equal(pw_model_stats(f->model)->unknown_tasks, 6);
	assert_int_equal(pw_model_stats(f->model)->contradictions, 1);
	assert_int_equal(pw_model_stats(f->model)->events, 7);
}

static void words(void **state)
{
	(void)state;
	assert_string_equal(pw_state_name(PW_RUNNING), "running");
	assert_string_equal(pw_state_name(PW_UNKNOWN), "unknown");
	assert_string_equal(pw_state_name((enum pw_state)99), "unknown");
	assert_string_equal(pw_detail_name(PW_TAKEN_OFF), "preempted");
	assert_string_equal(pw_detail_name(PW_DETAIL_NONE), "");
	assert_string_equal(pw_detail_name((enum pw_detail)99), "");
}

/* A signal was pending when it wanted to sleep: counted as voluntary, and it stays runnable. */
static void a_sleep_that_a_signal_aborts(void **state)
{
	struct fixture *f = *state;
	struct pw_switch ev;

	ev_fork(&f->ev, 100, 1, 10, "p");
	ev_on(&f->ev, 110, 0, 10);
	ev = (struct pw_switch){.h = {.ts = 200, .start = 100, .tid = 10, .kind = PW_EV_SWITCH},
				.prev_runtime = 90,
				.prev_nvcsw = 1,
				.prev_syscall = -1};
	ev.h.flags = PW_PREV_WATCHED;
	ev_emit(&f->ev, &ev);
	finish(f, 300);
	expect_timeline(f, 10, "100 ready:new 110 running@0 200 ready:woken 300");
	assert_int_equal(thread_of(f, 10)->switches.voluntary, 1);
	assert_int_equal(thread_of(f, 10)->switches.involuntary, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(a_sleep_that_a_signal_aborts),
		model_test(fork_run_sleep_wake),
		model_test(preempted_needs_no_wake),
		model_test(preempted_with_a_state),
		model_test(every_kind_of_sleep),
		model_test(woken_while_going_to_sleep),
		model_test(wake_not_seen),
		model_test(woken_by_an_interrupt),
		model_test(waker_not_seen),
		model_test(wake_told_by_itself),
		model_test(wake_told_twice),
		model_test(stop_and_continue),
		model_test(vfork_blocks_the_parent),
		model_test(nothing_takes_no_time),
		model_test(late_by_a_little),
		model_test(seeds),
		model_test(seed_with_two_switches),
		model_test(seed_that_dies),
		model_test(seeded_and_seen),
		model_test(strangers_are_counted),
		model_test(words),
	};

	return cmocka_run_group_tests_name("model: a thread's states", tests, NULL, NULL);
}
