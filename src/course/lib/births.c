/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/births.h"

#include "course/lib/threads.h"

bool pw_thread_births(const struct pw_process *maker, uint64_t *birth, size_t count, struct pw_evidence *why)
{
	const struct pw_thread *t = maker->threads->next;

	if (maker->n_threads != 1 + count) {
		pw_evidence_add(why, "number_of_threads",
				PW_VALUES(pw_value_process("process", maker),
					  pw_value_count("threads", maker->n_threads),
					  pw_value_count("expected", 1 + count)));
		return false;
	}
	for (size_t i = 0; i < count; i++, t = t->next)
		birth[i] = t->start;
	return true;
}

bool pw_process_births(const struct pw_demo_run *run, const struct pw_process *maker, uint64_t *birth,
		       size_t count, struct pw_evidence *why)
{
	size_t found = 0;

	for (size_t i = 0; i < pw_model_count(run->m); i++) {
		const struct pw_process *process = pw_model_process(run->m, i);

		if (process->n_parents == 0 || process->parents[0].pid != maker->pid ||
		    process->parents[0].start != maker->start)
			continue;
		if (found < count)
			birth[found] = process->start;
		found++;
	}
	if (found != count)
		pw_evidence_add(why, "number_of_children",
				PW_VALUES(pw_value_process("process", maker),
					  pw_value_count("children", found),
					  pw_value_count("expected", count)));
	return found == count;
}

uint64_t pw_birth_cost(const struct pw_process *maker, const uint64_t *birth, size_t count)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 1; i < count; i++) {
		const uint64_t ran = pw_spent(maker->threads, PW_RUNNING, birth[i - 1], birth[i]);

		least = ran < least ? ran : least;
	}
	return least;
}
