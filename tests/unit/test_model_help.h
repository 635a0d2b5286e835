/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the model share: a fixture, tapes as text, and the
 * invariants that hold after any history, however damaged.
 */
#ifndef PW_TEST_MODEL_HELP_H
#define PW_TEST_MODEL_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "events.h"

struct fixture {
	struct world w;
	struct pw_model *model;
};

static inline int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->model = pw_model_new();
	assert_non_null(f->model);
	world_begin(&f->w, model_sink, f->model);
	*state = f;
	return 0;
}

static inline int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	pw_model_free(f->model);
	free(f);
	return 0;
}

#define model_test(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

/* A parent 10 and its child 11, running on CPU 1 from 210. */
static inline void family(struct fixture *f)
{
	w_fork(&f->w, 100, 1, 10, "parent");
	w_on(&f->w, 110, 0, 10);
	w_fork(&f->w, 200, 10, 11, "child");
	w_on(&f->w, 210, 1, 11);
}

/* Contiguous, never empty, adding up to the totals, or to no more if the beginning was dropped; returns the sum. */
static inline uint64_t check_tape(const struct pw_thread *t, bool whole)
{
	uint64_t totals[PW_STATE_COUNT] = {0}, sum = 0, all = 0, at = 0;
	struct pw_thread_iter it;
	struct pw_span s;

	pw_thread_iter_init(&it, t);
	while (pw_thread_iter_next(&it, &s)) {
		assert_true(s.to > s.from);
		if (at)
			assert_int_equal(s.from, at);
		assert_true(s.state < PW_STATE_COUNT);
		at = s.to;
		totals[s.state] += s.to - s.from;
		sum += s.to - s.from;
	}
	if (at)
		assert_int_equal(at, t->end);
	for (size_t i = 0; i < PW_STATE_COUNT; i++) {
		assert_true(whole ? totals[i] == t->totals[i] : totals[i] <= t->totals[i]);
		all += t->totals[i];
	}
	if (t->from)
		assert_int_equal(all, t->end - t->from);
	for (size_t i = 0; i < t->n_marks; i++) {
		assert_non_null(t->marks[i].name);
		assert_true(!i || t->marks[i - 1].at <= t->marks[i].at);
	}
	return sum;
}

static inline void check_states(const struct pw_process *process, bool whole)
{
	uint64_t totals[PW_STATE_COUNT] = {0}, at = 0;
	struct pw_process_iter *it = pw_process_iter_new(process);
	struct pw_span s;

	assert_non_null(it);
	while (pw_process_iter_next(it, &s)) {
		assert_true(s.to > s.from && s.from >= at);
		at = s.to;
		totals[s.state] += s.to - s.from;
	}
	pw_process_iter_free(it);
	for (size_t i = 0; i < PW_STATE_COUNT; i++)
		assert_true(whole ? totals[i] == process->totals[i] : totals[i] <= process->totals[i]);
	if (process->zombie_from)
		assert_int_equal(process->zombie_from, process->exit_at);
	if (process->exited)
		assert_true(at <= pw_process_end(process));
}

static inline void check_process(const struct pw_process *process, bool whole)
{
	uint64_t cpu = 0, wakeups = 0;
	struct pw_switches sum = {0};
	size_t n = 0;

	sum = process->ended_threads.switches;
	cpu = process->ended_threads.totals[PW_RUNNING];
	wakeups = process->ended_threads.wakeups;
	for (const struct pw_thread *t = process->threads; t; t = t->next, n++) {
		check_tape(t, whole);
		cpu += t->totals[PW_RUNNING];
		wakeups += t->wakeups;
		sum.voluntary += t->switches.voluntary;
		sum.involuntary += t->switches.involuntary;
		if (process->exited)
			assert_true(t->exit && t->exit <= process->exit_at);
	}
	assert_int_equal(n, process->n_threads);
	assert_int_equal(cpu, process->cpu_ns);
	assert_int_equal(wakeups, process->wakeups);
	assert_int_equal(sum.voluntary, process->switches.voluntary);
	assert_int_equal(sum.involuntary, process->switches.involuntary);
	assert_true(process->n_parents && process->n_names);
	if (process->reaped)
		assert_true(process->exited && process->reap_at >= process->exit_at);
	check_states(process, whole);
}

static inline void check_model(const struct pw_model *m)
{
	size_t alive = 0, zombies = 0;

	for (size_t i = 0; i < pw_model_count(m); i++) {
		const struct pw_process *process = pw_model_process(m, i);

		check_process(process, !pw_model_kept_from(m));
		alive += !process->exited;
		zombies += process->exited && !process->reaped;
	}
	assert_int_equal(alive, pw_model_alive(m));
	assert_int_equal(zombies, pw_model_zombies(m));
}

/* Ends the recording; whatever happened, the books must be in order. */
static inline void finish(struct fixture *f, uint64_t end)
{
	assert_int_equal(f->w.result, 0);
	assert_int_equal(pw_model_finish(f->model, end), 0);
	check_model(f->model);
}

static inline const struct pw_process *process_of(const struct fixture *f, uint32_t pid)
{
	for (size_t i = pw_model_count(f->model); i-- > 0;)
		if (pw_model_process(f->model, i)->pid == pid)
			return pw_model_process(f->model, i);
	fail_msg("no process of pid %u", pid);
	return NULL;
}

static inline const struct pw_thread *thread_of(const struct fixture *f, uint32_t tid)
{
	for (size_t i = pw_model_count(f->model); i-- > 0;)
		for (const struct pw_thread *t = pw_model_process(f->model, i)->threads; t; t = t->next)
			if (t->tid == tid)
				return t;
	fail_msg("no thread of tid %u", tid);
	return NULL;
}

static inline void print_span(char *to, size_t size, const struct pw_span *s)
{
	size_t n = (size_t)snprintf(to, size, "%s%s%s", pw_state_name(s->state), s->detail ? ":" : "",
				    pw_detail_name(s->detail));

	if (s->syscall >= 0)
		n += (size_t)snprintf(to + n, size - n, "(%d)", s->syscall);
	if (s->cpu != PW_NO_CPU)
		n += (size_t)snprintf(to + n, size - n, "@%u", s->cpu);
	if (s->by == PW_IRQ_WAKER)
		n += (size_t)snprintf(to + n, size - n, "<irq");
	else if (s->by != PW_NO_WAKER)
		n += (size_t)snprintf(to + n, size - n, "<%u", s->by);
	snprintf(to + n, size - n, " %llu", (unsigned long long)s->to);
}

static inline void append(char *text, size_t size, const struct pw_span *s)
{
	size_t n = strlen(text);

	if (!n)
		n += (size_t)snprintf(text, size, "%llu", (unsigned long long)s->from);
	n += (size_t)snprintf(text + n, size - n, " ");
	print_span(text + n, size - n, s);
}

/*
 * A thread's tape as text: where it begins, then each state and its end:
 * "100 ready:new 110 running@0 200 blocked:interruptible(61) 250 ready:woken<11 260".
 */
static inline void expect_tape(const struct fixture *f, uint32_t tid, const char *expected)
{
	struct pw_thread_iter it;
	struct pw_span s;
	char text[4096] = "";

	pw_thread_iter_init(&it, thread_of(f, tid));
	while (pw_thread_iter_next(&it, &s))
		append(text, sizeof(text), &s);
	assert_string_equal(text, expected);
}

/* The same of a process's own states. */
static inline void expect_states(const struct fixture *f, uint32_t pid, const char *expected)
{
	struct pw_process_iter *it = pw_process_iter_new(process_of(f, pid));
	struct pw_span s;
	char text[4096] = "";

	assert_non_null(it);
	while (pw_process_iter_next(it, &s))
		append(text, sizeof(text), &s);
	pw_process_iter_free(it);
	assert_string_equal(text, expected);
}

#endif
