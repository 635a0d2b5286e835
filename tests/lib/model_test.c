/* SPDX-License-Identifier: GPL-2.0-only */
#include "lib/model_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/soundness.h"

int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->model = pw_model_new();
	assert_non_null(f->model);
	ev_begin(&f->ev, model_sink, f->model);
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	pw_model_free(f->model);
	free(f);
	return 0;
}

void family(struct fixture *f)
{
	ev_fork(&f->ev, 100, 1, 10, "parent");
	ev_on(&f->ev, 110, 0, 10);
	ev_fork(&f->ev, 200, 10, 11, "child");
	ev_on(&f->ev, 210, 1, 11);
}

void finish(struct fixture *f, uint64_t end)
{
	const char *problem;

	assert_int_equal(f->ev.result, 0);
	assert_int_equal(pw_model_finish(f->model, end), 0);
	problem = model_problem(f->model, f->noisy ? UINT64_MAX : end);
	if (problem)
		fail_msg("the model is not sound: %s", problem);
}

const struct pw_process *process_of(const struct fixture *f, uint32_t pid)
{
	for (size_t i = pw_model_count(f->model); i-- > 0;)
		if (pw_model_process(f->model, i)->pid == pid)
			return pw_model_process(f->model, i);
	fail_msg("no process of pid %u", pid);
	return NULL;
}

const struct pw_thread *thread_of(const struct fixture *f, uint32_t tid)
{
	for (size_t i = pw_model_count(f->model); i-- > 0;)
		for (const struct pw_thread *t = pw_model_process(f->model, i)->threads; t; t = t->next)
			if (t->tid == tid)
				return t;
	fail_msg("no thread of tid %u", tid);
	return NULL;
}

static void print_span(char *to, size_t size, const struct pw_span *s)
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

static void append(char *text, size_t size, const struct pw_span *s)
{
	size_t n = strlen(text);

	if (!n)
		n += (size_t)snprintf(text, size, "%llu", (unsigned long long)s->from);
	n += (size_t)snprintf(text + n, size - n, " ");
	print_span(text + n, size - n, s);
}

void expect_timeline(const struct fixture *f, uint32_t tid, const char *expected)
{
	struct pw_thread_iter it;
	struct pw_span s;
	char text[4096] = "";

	pw_thread_iter_init(&it, thread_of(f, tid));
	while (pw_thread_iter_next(&it, &s))
		append(text, sizeof(text), &s);
	assert_string_equal(text, expected);
}

void expect_states(const struct fixture *f, uint32_t pid, const char *expected)
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
