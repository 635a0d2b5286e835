/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random histories (sim.h): whole, the simulated kernel's own books are compared
 * with the model's; with events dropped and noise between, the books must stay in
 * order.
 */
#include "sim.h"

#define ROUNDS 60

static int by_cpu_and_time(const void *pa, const void *pb)
{
	const struct pw_span *a = pa, *b = pb;

	if (a->cpu != b->cpu)
		return a->cpu < b->cpu ? -1 : 1;
	return a->from < b->from ? -1 : a->from > b->from;
}

/* Never two threads on one CPU. */
static void check_cpus(const struct pw_model *m)
{
	struct pw_span *spans = calloc(pw_model_stats(m)->intervals + 1, sizeof(*spans)), s;
	struct pw_thread_iter it;
	size_t n = 0;

	assert_non_null(spans);
	for (size_t i = 0; i < pw_model_count(m); i++) {
		for (const struct pw_thread *t = pw_model_process(m, i)->threads; t; t = t->next) {
			pw_thread_iter_init(&it, t);
			while (pw_thread_iter_next(&it, &s))
				if (s.state == PW_RUNNING && s.cpu != PW_NO_CPU)
					spans[n++] = s;
		}
	}
	qsort(spans, n, sizeof(*spans), by_cpu_and_time);
	for (size_t i = 1; i < n; i++)
		if (spans[i].cpu == spans[i - 1].cpu)
			assert_true(spans[i].from >= spans[i - 1].to);
	free(spans);
}

static const struct pw_thread *thread_in_books(const struct pw_model *m, const struct truth *truth,
					       const struct pw_process **process)
{
	for (size_t i = 0; i < pw_model_count(m); i++) {
		*process = pw_model_process(m, i);
		for (const struct pw_thread *t = (*process)->threads; t; t = t->next)
			if (t->tid == truth->tid && t->start == truth->start)
				return t;
	}
	return NULL;
}

/* Nothing was missed: the model's books are the kernel's. */
static void whole_histories(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		struct sim *s = new_sim();
		void *fixture;

		fixture_setup(&fixture);
		run(s, fixture, seed);
		check_cpus(s->f->model);
		assert_int_equal(pw_model_stats(s->f->model)->contradictions, 0);
		assert_int_equal(pw_model_stats(s->f->model)->strangers, 0);
		assert_int_equal(pw_model_stats(s->f->model)->holes, 0);
		for (size_t i = 0; i < s->n_truths; i++) {
			const struct truth *truth = &s->truths[i];
			const struct pw_process *process;
			const struct pw_thread *t = thread_in_books(s->f->model, truth, &process);

			assert_non_null(t);
			assert_memory_equal(t->totals, truth->totals, sizeof(t->totals));
			assert_int_equal(t->exit, truth->exit);
			assert_int_equal(t->switch_ins, truth->switch_ins);
			assert_int_equal(t->switches.voluntary, truth->voluntary);
			assert_int_equal(t->switches.involuntary, truth->involuntary);
			assert_int_equal(t->wakeups, truth->wakeups);
			assert_int_equal(t->migrations, truth->migrations);
			if (t->tid == process->pid)
				assert_int_equal(process->reap_at, truth->reaped);
		}
		free(s);
		fixture_teardown(&fixture);
	}
}

/*
 * Switches the kernel never raised: whoever's last switch-out was seen has exact
 * counts all the same, and no more running than it really had.
 */
static void switches_missing(void **state)
{
	uint64_t real = 0, found = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		struct sim *s = new_sim();
		void *fixture;

		s->drop_switch = 4 + (uint32_t)seed;
		fixture_setup(&fixture);
		run(s, fixture, seed);
		check_cpus(s->f->model);
		for (size_t i = 0; i < s->n_truths; i++) {
			const struct truth *truth = &s->truths[i];
			const struct pw_process *process;
			const struct pw_thread *t = thread_in_books(s->f->model, truth, &process);

			assert_non_null(t);
			assert_true(t->switch_ins <= truth->switch_ins);
			real += truth->totals[PW_RUNNING];
			found += t->totals[PW_RUNNING];
		}
		assert_true(pw_model_stats(s->f->model)->holes > 0);
		free(s);
		fixture_teardown(&fixture);
	}
	print_message("running found: %.3f %% of what was\n", 100.0 * (double)found / (double)real);
	assert_true(found <= real + real / 100 && found >= real - real / 10);
}

/* Any record may be missing, and some are noise: the books stay in order (checked by finish). */
static void damaged_histories(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 3 * ROUNDS; seed++) {
		struct sim *s = new_sim();
		void *fixture;

		s->drop_any = seed % 3 ? 2 + (uint32_t)seed / 4 : 0;
		s->noise = seed % 3 != 1 ? 1 + (uint32_t)seed / 10 : 0;
		fixture_setup(&fixture);
		run(s, fixture, seed);
		free(s);
		fixture_teardown(&fixture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_histories),
		cmocka_unit_test(switches_missing),
		cmocka_unit_test(damaged_histories),
	};

	return cmocka_run_group_tests_name("model: random histories", tests, NULL, NULL);
}
