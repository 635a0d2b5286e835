/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random histories of a made-up kernel (lib/kernel.h). When every event is raised, the model's account is the
 * kernel's. When events are missing or noise comes between, the model stays sound.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/kernel.h"
#include "lib/soundness.h"

#define ROUNDS 60
#define STEPS  4000

/* A machine of many tasks. */
static struct kernel_options machine(uint64_t seed, struct pw_model *m)
{
	return (struct kernel_options){.seed = seed,
				       .start = 1000000,
				       .cpus = KERNEL_CPUS,
				       .tasks = KERNEL_TASKS,
				       .hook = PW_REAP_RELEASE,
				       .sink = model_sink,
				       .context = m};
}

/* Runs it, and feeds the model to the end. The caller frees the kernel. */
static struct kernel *run(const struct kernel_options *o)
{
	struct pw_model *m = o->context;
	struct kernel *k = kernel_new(o);
	uint64_t end;
	const char *problem;

	assert_non_null(k);
	kernel_run(k, STEPS);
	end = kernel_stop(k);
	assert_true(end);
	assert_int_equal(pw_model_finish(m, end), 0);
	problem = model_problem(m, o->noise ? UINT64_MAX : end);
	if (problem)
		fail_msg("seed %d: the model is not sound: %s", (int)o->seed, problem);
	return k;
}

static void whole_histories(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		struct pw_model *m = pw_model_new();
		const struct kernel_options o = machine(seed, m);
		struct kernel *k = run(&o);
		const char *wrong = kernel_untrue(k, m);

		if (wrong)
			fail_msg("seed %d: %s", (int)seed, wrong);
		kernel_free(k);
		pw_model_free(m);
	}
}

static uint64_t running(const struct thread_truth *truth)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < truth->count; i++)
		if (truth->at[i].state == PW_RUNNING)
			sum += truth->at[i].to - truth->at[i].from;
	return sum;
}

/*
 * Some switches are never raised. A thread whose last switch-out was observed has exact counts all the same, and no
 * more running time than it really had.
 */
static void switches_missing(void **state)
{
	uint64_t real = 0, found = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		struct pw_model *m = pw_model_new();
		struct kernel_options o = machine(seed, m);
		const struct thread_truth *truths;
		struct kernel *k;
		size_t count;

		o.hidden_percent = 1 + 100 / (4 + (unsigned int)seed);
		k = run(&o);
		truths = kernel_truths(k, &count);
		for (size_t i = 0; i < count; i++) {
			const struct pw_process *process;
			const struct pw_thread *t = truth_thread(m, &truths[i], &process);

			assert_non_null(t);
			assert_true(t->switch_ins <= truths[i].switch_ins);
			real += running(&truths[i]);
			found += t->totals[PW_RUNNING];
		}
		assert_true(pw_model_stats(m)->missed_switches > 0);
		kernel_free(k);
		pw_model_free(m);
	}
	print_message("running time found: %.3f %%\n", 100.0 * (double)found / (double)real);
	assert_true(found <= real + real / 100 && found >= real - real / 10);
}

/* Any record may be missing, and some are noise. */
static void damaged_histories(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 3 * ROUNDS; seed++) {
		struct pw_model *m = pw_model_new();
		struct kernel_options o = machine(seed, m);

		o.missing = seed % 3 ? 2 + (unsigned int)seed / 4 : 0;
		o.noise = seed % 3 != 1 ? 1 + (unsigned int)seed / 10 : 0;
		kernel_free(run(&o));
		pw_model_free(m);
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
