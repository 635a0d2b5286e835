/* SPDX-License-Identifier: GPL-2.0-only */
/* Bounded memory: what is dropped, and that nothing else changes. */
#include <signal.h>
#include <stdlib.h>

#include "lib/kernel.h"
#include "lib/model_test.h"
#include "lib/soundness.h"
#include "model/questions.h"

#define MS  UINT64_C(1000000)
#define SEC (1000 * MS)

static void keep_ns(struct fixture *f, uint64_t ns)
{
	pw_model_keep(f->model, &(struct pw_keep){.ns = ns});
}

/* ---- what is kept */

static void what_was_before_is_in_the_totals_alone(void **state)
{
	struct fixture *f = *state;

	keep_ns(f, 1000);
	ev_fork(&f->ev, 100, 1, 10, "p");
	ev_on(&f->ev, 200, 0, 10);
	ev_off(&f->ev, 500, 10, STATE_SLEEP, 61);
	ev_wake_event(&f->ev, 900, 10, 900, 11);
	ev_on(&f->ev, 1000, 0, 10);
	ev_off(&f->ev, 1600, 10, STATE_SLEEP, 35);
	finish(f, 3000);
	expect_timeline(f, 10, "2000 blocked:interruptible(35) 3000");
	expect_states(f, 10, "2000 blocked:interruptible(35) 3000");
	assert_int_equal(pw_model_kept_from(f->model), 2000);
	assert_int_equal(process_of(f, 10)->totals[PW_RUNNING], 300 + 600);
	assert_int_equal(process_of(f, 10)->totals[PW_READY], 100 + 100);
	assert_int_equal(process_of(f, 10)->totals[PW_BLOCKED], 400 + 1400);
	assert_int_equal(thread_of(f, 10)->from, 100);
}

static void nothing_is_dropped_that_is_younger(void **state)
{
	struct fixture *f = *state;

	keep_ns(f, 1000);
	ev_fork(&f->ev, 100, 1, 10, "p");
	ev_on(&f->ev, 200, 0, 10);
	finish(f, 1100);
	expect_timeline(f, 10, "100 ready:new 200 running@0 1100");
	assert_int_equal(pw_model_kept_from(f->model), 0);
}

/* A thread that sleeps forever does not keep the other threads' intervals. */
static void a_sleeper_is_cut(void **state)
{
	struct fixture *f = *state;
	uint64_t now = 400;

	keep_ns(f, 1000);
	ev_fork(&f->ev, 100, 1, 10, "p");
	ev_on(&f->ev, 200, 0, 10);
	ev_thread(&f->ev, 210, 10, 11);
	ev_off(&f->ev, 300, 10, STATE_SLEEP, 202);
	for (int i = 0; i < 10000; i++, now += 200) {
		ev_on(&f->ev, now, 1, 11);
		ev_off(&f->ev, now + 100, 11, STATE_RUNNABLE, -1);
		assert_true(pw_model_stats(f->model)->intervals < 100);
	}
	finish(f, now);
	assert_int_equal(process_of(f, 10)->totals[PW_RUNNING], 100 + 10000 * 100);
	assert_int_equal(process_of(f, 10)->totals[PW_BLOCKED], 0);
	assert_int_equal(thread_of(f, 10)->totals[PW_BLOCKED], now - 300);
	assert_int_equal(thread_of(f, 11)->switches.involuntary, 10000);
}

static void a_waker_is_named_though_the_sleep_began_before(void **state)
{
	struct fixture *f = *state;

	keep_ns(f, 1000);
	ev_fork(&f->ev, 100, 1, 10, "p");
	ev_on(&f->ev, 200, 0, 10);
	ev_off(&f->ev, 300, 10, STATE_SLEEP, 61);
	ev_fork(&f->ev, 5000, 1, 12, "clock");
	ev_wake(&f->ev, 5500, 10, 77);
	ev_on(&f->ev, 5600, 0, 10);
	finish(f, 5700);
	expect_timeline(f, 10, "4700 blocked:interruptible(61) 5500 ready:woken<77 5600 running@0<77 5700");
	assert_int_equal(thread_of(f, 10)->wakeups, 1);
	assert_int_equal(thread_of(f, 10)->totals[PW_BLOCKED], 5200);
}

/* The thread ran all the time: the run time of the dropped part is no missed switch. */
static void a_long_run_needs_no_repair(void **state)
{
	struct fixture *f = *state;

	keep_ns(f, 1000);
	ev_fork(&f->ev, 100, 1, 10, "p");
	ev_on(&f->ev, 200, 0, 10);
	ev_fork(&f->ev, 900000, 1, 12, "clock");
	ev_off(&f->ev, 900500, 10, STATE_RUNNABLE, -1);
	finish(f, 900600);
	assert_int_equal(thread_of(f, 10)->totals[PW_RUNNING], 900300);
	assert_int_equal(pw_model_stats(f->model)->missed_switches, 0);
	assert_int_equal(process_of(f, 10)->totals[PW_UNKNOWN], 0);
}

static void a_zombie_counts_whole(void **state)
{
	struct fixture *f = *state;

	keep_ns(f, 1000);
	ev_fork(&f->ev, 100, 1, 9, "parent");
	ev_fork(&f->ev, 100, 9, 10, "p");
	ev_on(&f->ev, 200, 0, 10);
	ev_exit(&f->ev, 250, 10, 0x700);
	ev_notice(&f->ev, 300, 10, 9);
	ev_die(&f->ev, 310, 10, 0x20);
	ev_fork(&f->ev, 8000, 1, 12, "clock");
	ev_reap(&f->ev, 9000, 10, 9, PW_REAP_RELEASE);
	finish(f, 9500);
	assert_int_equal(process_of(f, 10)->totals[PW_ZOMBIE], 8700);
	assert_int_equal(process_of(f, 10)->totals[PW_RUNNING], 100);
	assert_int_equal(process_of(f, 10)->reaper_pid, 9);
	expect_timeline(f, 10, "");
}

static void signals_go_and_who_killed_stays(void **state)
{
	struct fixture *f = *state;

	keep_ns(f, 1000);
	ev_fork(&f->ev, 100, 1, 9, "killer");
	ev_fork(&f->ev, 100, 1, 10, "p");
	ev_on(&f->ev, 200, 0, 10);
	ev_signal(&f->ev, 220, 9, 10, SIGTERM);
	ev_exit(&f->ev, 250, 10, SIGTERM);
	ev_die(&f->ev, 310, 10, 0x20);
	finish(f, 9500);
	assert_int_equal(pw_model_signal_count(f->model), 0);
	assert_int_equal(process_of(f, 10)->killer.from_pid, 9);
}

/* ---- against a model that keeps everything */

struct pair {
	struct pw_model *whole, *kept;
};

static int feed_both(void *context, const struct pw_event *ev)
{
	struct pair *pair = context;
	int r = pw_model_feed(pair->whole, ev);

	return r ? r : pw_model_feed(pair->kept, ev);
}

static void same_thread(const struct pw_thread *a, const struct pw_thread *b)
{
	assert_int_equal(a->tid, b->tid);
	assert_int_equal(a->from, b->from);
	assert_int_equal(a->exit, b->exit);
	assert_memory_equal(a->totals, b->totals, sizeof(a->totals));
	assert_memory_equal(&a->switches, &b->switches, sizeof(a->switches));
	assert_int_equal(a->switch_ins, b->switch_ins);
	assert_int_equal(a->wakeups, b->wakeups);
	assert_int_equal(a->migrations, b->migrations);
}

static void same_process(const struct pw_process *a, const struct pw_process *b)
{
	const struct pw_thread *t = a->threads, *u = b->threads;

	assert_int_equal(a->pid, b->pid);
	assert_memory_equal(a->totals, b->totals, sizeof(a->totals));
	assert_int_equal(a->cpu_ns, b->cpu_ns);
	assert_int_equal(a->exit_at, b->exit_at);
	assert_int_equal(a->wait_status, b->wait_status);
	assert_int_equal(a->zombie_from, b->zombie_from);
	assert_int_equal(a->reap_at, b->reap_at);
	assert_int_equal(a->reaper_pid, b->reaper_pid);
	assert_int_equal(a->n_parents, b->n_parents);
	assert_memory_equal(a->parents, b->parents, a->n_parents * sizeof(*a->parents));
	assert_int_equal(a->n_execs, b->n_execs);
	assert_int_equal(a->n_threads, b->n_threads);
	for (; t; t = t->next, u = u->next)
		same_thread(t, u);
}

static uint64_t intervals_from(const struct pw_model *m, uint64_t at)
{
	uint64_t n = 0;

	for (size_t i = 0; i < pw_model_count(m); i++) {
		for (const struct pw_thread *t = pw_model_process(m, i)->threads; t; t = t->next) {
			struct pw_thread_iter it;
			struct pw_span s;

			pw_thread_iter_init(&it, t);
			while (pw_thread_iter_next(&it, &s))
				n += s.to > at;
		}
	}
	return n;
}

/* A machine of many tasks; steps as many as a history needs to outlast what is kept. */
#define STEPS 4000

static struct kernel_options machine(uint64_t seed, event_sink sink, void *context)
{
	return (struct kernel_options){.seed = seed,
				       .start = 1000000,
				       .cpus = KERNEL_CPUS,
				       .tasks = KERNEL_TASKS,
				       .hook = PW_REAP_RELEASE,
				       .sink = sink,
				       .context = context};
}

static uint64_t run(const struct kernel_options *o)
{
	struct kernel *k = kernel_new(o);
	uint64_t end;

	assert_non_null(k);
	kernel_run(k, STEPS);
	end = kernel_stop(k);
	assert_true(end);
	kernel_free(k);
	return end;
}

static void the_totals_are_those_of_a_model_that_keeps_all(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct pair pair = {pw_model_new(), pw_model_new()};
		struct kernel_options o = machine(seed, feed_both, &pair);
		uint64_t end;

		pw_model_keep(pair.kept, &(struct pw_keep){.ns = 20000 * (1 + seed % 20)});
		/*
		 * When another thread execs after the leader's exit, the old leader's end moves back to its last
		 * switch. Where that interval is not kept any more, the end stays at the exec.
		 */
		o.leaders_exec = true;
		o.wake_events = true;
		end = run(&o);
		assert_int_equal(pw_model_finish(pair.whole, end), 0);
		assert_int_equal(pw_model_finish(pair.kept, end), 0);
		assert_null(model_problem(pair.whole, end));
		assert_null(model_problem(pair.kept, end));
		assert_true(pw_model_kept_from(pair.kept) > 0);
		assert_int_equal(pw_model_count(pair.whole), pw_model_count(pair.kept));
		for (size_t i = 0; i < pw_model_count(pair.whole); i++)
			same_process(pw_model_process(pair.whole, i), pw_model_process(pair.kept, i));
		assert_int_equal(intervals_from(pair.kept, 0),
				 intervals_from(pair.whole, pw_model_kept_from(pair.kept)));
		pw_model_free(pair.kept);
		pw_model_free(pair.whole);
	}
}

/* Records are missing, others are noise: what is kept stays sound. */
static void damaged_histories(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 150; seed++) {
		struct pw_model *m = pw_model_new();
		struct kernel_options o = machine(seed, model_sink, m);
		uint64_t end;

		o.missing = seed % 3 ? 2 + (unsigned int)seed / 4 : 0;
		o.noise = seed % 3 != 1 ? 1 + (unsigned int)seed / 10 : 0;
		pw_model_keep(m, &(struct pw_keep){.ns = 10000 * (1 + seed % 50)});
		end = run(&o);
		assert_int_equal(pw_model_finish(m, end), 0);
		assert_null(model_problem(m, o.noise ? UINT64_MAX : end));
		pw_model_free(m);
	}
}

/* ---- endless processes and threads */

/* A child of 9 that runs for a while and is reaped; pids are reused. */
static void one_child(struct event_source *ev, uint64_t at, uint32_t i)
{
	uint32_t pid = 100 + i % 5000;

	ev_fork(ev, at, 9, pid, i % 3 ? "even" : "odd");
	ev_on(ev, at + 10, 0, pid);
	ev_exit(ev, at + 50, pid, i % 7 ? 0 : 0x300);
	ev_notice(ev, at + 60, pid, 9);
	ev_die(ev, at + 110, pid, 0x20);
	ev_reap(ev, at + 200, pid, 9, PW_REAP_RELEASE);
	ev_free(ev, at + 300, pid);
	ev->n = 2; /* init and the parent: the source need not remember more than the model */
}

static void processes_that_ended_long_ago_become_sums(void **state)
{
	const uint32_t count = 100000;
	struct fixture *f = *state;
	uint64_t now = SEC, processes = 0, running = 0, zombie = 0, failed = 0, most = 0;

	pw_model_keep(f->model, &(struct pw_keep){.bytes = 8u << 20});
	ev_fork(&f->ev, now, 1, 9, "parent");
	ev_exec(&f->ev, now + 10, 9, "/bin/parent");
	for (uint32_t i = 0; i < count; i++, now += MS) {
		one_child(&f->ev, now + MS, i);
		if (pw_model_bytes(f->model) > most)
			most = pw_model_bytes(f->model);
	}
	finish(f, now + SEC);
	assert_true(most < (9u << 20));
	assert_int_equal(pw_model_count(f->model) + pw_model_folded(f->model), count + 1);
	assert_true(pw_model_folded(f->model) > count / 2 && pw_model_count(f->model) > 2500);
	assert_int_equal(pw_model_earlier_count(f->model), 2);
	assert_int_equal(pw_model_first_start(f->model), SEC);
	for (size_t i = 0; i < 2; i++) {
		const struct pw_earlier *e = pw_model_earlier(f->model, i);

		assert_int_equal(e->exit_zero + e->exit_other, e->processes);
		assert_int_equal(e->reaped_wait, e->processes);
		assert_int_equal(e->longest_zombie, 140);
		processes += e->processes;
		running += e->cpu_ns;
		zombie += e->totals[PW_ZOMBIE];
		failed += e->exit_other;
	}
	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_process *process = pw_model_process(f->model, i);

		assert_string_equal(pw_process_image(process)->exe, "/bin/parent");
		running += process->cpu_ns;
		zombie += process->totals[PW_ZOMBIE];
		failed += process->wait_status != 0;
	}
	assert_int_equal(processes, pw_model_folded(f->model));
	assert_int_equal(running, UINT64_C(50) * count);
	assert_int_equal(zombie, UINT64_C(140) * count);
	assert_int_equal(failed, (count + 6) / 7);
}

static void threads_that_ended_long_ago_become_sums(void **state)
{
	const uint32_t count = 50000;
	struct fixture *f = *state;
	const struct pw_process *process;
	uint64_t now = SEC;

	pw_model_keep(f->model, &(struct pw_keep){.bytes = 4u << 20});
	ev_fork(&f->ev, now, 1, 9, "server");
	ev_on(&f->ev, now + 10, 0, 9);
	for (uint32_t i = 0; i < count; i++, now += MS) {
		uint32_t tid = 100 + i % 5000;

		ev_thread(&f->ev, now + 100, 9, tid);
		ev_on(&f->ev, now + 200, 1, tid);
		ev_exit(&f->ev, now + 250, tid, 0);
		ev_die(&f->ev, now + 300, tid, 0x10);
		ev_free(&f->ev, now + 400, tid);
		f->ev.n = 2;
		assert_true(pw_model_bytes(f->model) < (5u << 20));
	}
	finish(f, now);
	process = process_of(f, 9);
	assert_true(process->ended_threads.count > count / 2 && process->n_threads > 2500);
	assert_int_equal(process->ended_threads.count + process->n_threads, count + 1);
	assert_int_equal(process->ended_threads.totals[PW_RUNNING], 100 * process->ended_threads.count);
	assert_int_equal(process->cpu_ns, UINT64_C(100) * count + now - SEC - 10);
}

/* Marks are dropped with the intervals. */
static void marks_go_with_the_intervals(void **state)
{
	struct fixture *f = *state;

	keep_ns(f, 1000);
	ev_fork(&f->ev, 100, 1, 10, "p");
	ev_on(&f->ev, 200, 0, 10);
	ev_mark_name(&f->ev, 250, 1, "mark");
	for (int64_t i = 250; i < 3000; i += 10)
		ev_mark(&f->ev, (uint64_t)i, 10, 1, &i);
	finish(f, 3000);
	assert_int_equal(process_of(f, 10)->threads->n_marks, 100);
	assert_int_equal(process_of(f, 10)->threads->marks[0].at, 2000);
	assert_string_equal(process_of(f, 10)->threads->marks[0].name, "mark");
}

/* The marks of a program that does nothing else stay within the bound. */
static void marks_are_bounded(void **state)
{
	struct fixture *f = *state;
	const size_t bound = 1 << 20;

	pw_model_keep(f->model, &(struct pw_keep){.bytes = bound});
	ev_fork(&f->ev, 100, 1, 10, "p");
	ev_on(&f->ev, 200, 0, 10);
	ev_mark_name(&f->ev, 250, 1, "mark");
	for (int64_t i = 0; i < 200000; i++) {
		ev_mark(&f->ev, 300 + (uint64_t)i * MS, 10, 1, &i);
		assert_true(pw_model_bytes(f->model) <= 2 * bound); /* an array doubles */
	}
	assert_true(pw_model_bytes(f->model) <= bound);
	finish(f, 201 * SEC);
	assert_true(process_of(f, 10)->threads->n_marks > 1000);
	assert_int_equal(process_of(f, 10)->threads->marks[process_of(f, 10)->threads->n_marks - 1].value,
			 199999);
	assert_true(pw_model_kept_from(f->model) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(marks_go_with_the_intervals),
		model_test(marks_are_bounded),
		model_test(what_was_before_is_in_the_totals_alone),
		model_test(nothing_is_dropped_that_is_younger),
		model_test(a_sleeper_is_cut),
		model_test(a_waker_is_named_though_the_sleep_began_before),
		model_test(a_long_run_needs_no_repair),
		model_test(a_zombie_counts_whole),
		model_test(signals_go_and_who_killed_stays),
		cmocka_unit_test(the_totals_are_those_of_a_model_that_keeps_all),
		cmocka_unit_test(damaged_histories),
		model_test(processes_that_ended_long_ago_become_sums),
		model_test(threads_that_ended_long_ago_become_sums),
	};

	return cmocka_run_group_tests_name("model: bounded memory", tests, NULL, NULL);
}
