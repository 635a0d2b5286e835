/* SPDX-License-Identifier: GPL-2.0-only */
/* A process's own states, from those of its threads; and long timelines. */
#include "lib/model_test.h"
#include "model/questions.h"

/* Leader 10 and threads 11, 12. */
static void three_threads(struct fixture *f)
{
	ev_fork(&f->ev, 100, 1, 10, "app");
	ev_on(&f->ev, 110, 0, 10);
	ev_thread(&f->ev, 120, 10, 11);
	ev_thread(&f->ev, 130, 10, 12);
}

static void running_if_any_runs(void **state)
{
	struct fixture *f = *state;

	three_threads(f);
	ev_on(&f->ev, 140, 1, 11);
	ev_on(&f->ev, 150, 2, 12);
	ev_off(&f->ev, 200, 10, STATE_SLEEP, 61);
	ev_off(&f->ev, 210, 11, STATE_SLEEP, 62);
	ev_off(&f->ev, 220, 12, STATE_RUNNABLE, -1);
	ev_on(&f->ev, 250, 0, 12);
	ev_off(&f->ev, 260, 12, STATE_STOP, -1);
	finish(f, 300);
	expect_states(f, 10,
		      "100 ready:new 110 running@0 220 ready:preempted 250 running@0 260 "
		      "blocked:interruptible(61) 300");
	assert_int_equal(process_of(f, 10)->totals[PW_RUNNING], 120);
	assert_int_equal(process_of(f, 10)->cpu_ns, 90 + 70 + 70 + 10);
	assert_int_equal(process_of(f, 10)->n_threads, 3);
}

static void stopped_only_if_all_are(void **state)
{
	struct fixture *f = *state;

	three_threads(f);
	ev_on(&f->ev, 140, 1, 11);
	ev_on(&f->ev, 150, 2, 12);
	ev_off(&f->ev, 200, 10, STATE_STOP, -1);
	ev_off(&f->ev, 210, 11, STATE_SLEEP, 62);
	ev_off(&f->ev, 220, 12, STATE_STOP, -1);
	ev_wake_event(&f->ev, 240, 11, 240, 1);
	ev_on(&f->ev, 250, 1, 11);
	ev_off(&f->ev, 260, 11, STATE_STOP, -1);
	finish(f, 300);
	expect_states(f, 10,
		      "100 ready:new 110 running@0 220 blocked:interruptible(62) 240 ready:woken<1 250 "
		      "running@1<1 260 stopped:signalled 300");
}

/* A thread in an unknown state may have run: only a running thread outweighs it. */
static void unknown_unless_one_runs(void **state)
{
	struct fixture *f = *state;

	three_threads(f);
	ev_off(&f->ev, 200, 10, STATE_SLEEP, 61);
	ev_on(&f->ev, 210, 1, 11);
	ev_on(&f->ev, 220, 1, 12); /* 11 left unseen */
	ev_off(&f->ev, 230, 12, STATE_RUNNABLE, -1);
	finish(f, 300);
	expect_states(f, 10,
		      "100 ready:new 110 running@0 200 ready:new 210 unknown:lost 220 running@1 230 "
		      "unknown:lost 300");
}

static void asked_for_a_moment(void **state)
{
	struct fixture *f = *state;
	struct pw_span s;

	three_threads(f);
	ev_off(&f->ev, 200, 10, STATE_SLEEP, 61);
	finish(f, 300);
	assert_false(pw_process_span_at(process_of(f, 10), 99, &s));
	assert_true(pw_process_span_at(process_of(f, 10), 100, &s));
	assert_int_equal(s.state, PW_READY);
	assert_true(pw_process_span_at(process_of(f, 10), 199, &s));
	assert_int_equal(s.state, PW_RUNNING);
	assert_true(pw_process_span_at(process_of(f, 10), 200, &s));
	assert_int_equal(s.state, PW_READY); /* 11 and 12 wait for a CPU */
	assert_int_equal(s.to, 300);
	assert_false(pw_process_span_at(process_of(f, 10), 300, &s));
}

/* Blocks fill up and follow each other, and a repair may lie in the block before. */
static void a_long_tape(void **state)
{
	struct fixture *f = *state;
	struct pw_thread_iter it;
	uint64_t ts = 1000, n = 0;
	struct pw_span s;

	ev_fork(&f->ev, 500, 1, 10, "a");
	ev_on(&f->ev, 600, 0, 10);
	for (int i = 0; i < 5000; i++, ts += 100) {
		ev_off(&f->ev, ts, 10, STATE_SLEEP, 0);
		ev_wake(&f->ev, ts + 10, 10, 1);
		f->ev.hidden = i % 7 == 3;
		ev_on(&f->ev, ts + 20, (uint16_t)(i % 3), 10);
		f->ev.hidden = i % 11 == 4;
		ev_off(&f->ev, ts + 50, 10, STATE_RUNNABLE, -1);
		f->ev.hidden = false;
		ev_on(&f->ev, ts + 60, 0, 10);
	}
	finish(f, ts);
	assert_int_equal(thread_of(f, 10)->switch_ins, 10001);
	assert_int_equal(thread_of(f, 10)->switches.voluntary, 5000);
	assert_int_equal(thread_of(f, 10)->switches.involuntary, 5000);
	pw_thread_iter_init(&it, thread_of(f, 10));
	while (pw_thread_iter_next(&it, &s))
		n++;
	assert_int_equal(n, pw_model_stats(f->model)->intervals);
	assert_true(n > 20000);
}

/* What a live view shows: the timeline as far as it is known. */
static void before_the_end(void **state)
{
	struct fixture *f = *state;

	ev_fork(&f->ev, 100, 1, 10, "a");
	ev_on(&f->ev, 110, 0, 10);
	expect_timeline(f, 10, "100 ready:new 110");
	assert_int_equal(pw_process_end(process_of(f, 10)), 110);
	ev_off(&f->ev, 200, 10, STATE_SLEEP, -1);
	expect_states(f, 10, "100 ready:new 110 running@0 200");
	ev_exit(&f->ev, 210, 10, 0);
	assert_int_equal(pw_model_alive(f->model), 1);
	finish(f, 300);
}

static void many_threads(void **state)
{
	struct fixture *f = *state;
	uint64_t ts = 1000;

	ev_fork(&f->ev, 100, 1, 10, "app");
	for (uint32_t i = 1; i <= 1000; i++)
		ev_thread(&f->ev, 100 + i, 10, 10 + i);
	for (int round = 0; round < 3; round++) {
		for (uint32_t i = 0; i <= 1000; i++, ts += 10) {
			ev_on(&f->ev, ts, 0, 10 + i);
			ev_off(&f->ev, ts + 7, 10 + i, STATE_RUNNABLE, -1);
		}
	}
	finish(f, ts);
	assert_int_equal(process_of(f, 10)->totals[PW_RUNNING], 3003 * 7);
	assert_int_equal(process_of(f, 10)->totals[PW_READY], ts - 100 - 3003 * 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(running_if_any_runs),
		model_test(stopped_only_if_all_are),
		model_test(unknown_unless_one_runs),
		model_test(asked_for_a_moment),
		model_test(a_long_tape),
		model_test(before_the_end),
		model_test(many_threads),
	};

	return cmocka_run_group_tests_name("model: a process's states", tests, NULL, NULL);
}
