/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes that renamed themselves while they ran. A new name is ordinary where
 * a new program comes with it, and right after a fork: neither is a finding.
 */
#include "analysis/finder.h"

#define AT_ONCE_NS UINT64_C(10000000)

static bool is_near(uint64_t a, uint64_t b)
{
	return (a > b ? a - b : b - a) < AT_ONCE_NS;
}

static bool is_of_exec(const struct pw_process *process, uint64_t at)
{
	for (size_t i = 0; i < process->n_execs; i++)
		if (is_near(process->execs[i].at, at))
			return true;
	return false;
}

static void report_renamed(struct finder *f, const struct candidate *c)
{
	const struct pw_process *process = c->process;
	const struct pw_name *name = &process->names[1];
	struct pw_fact fact = {0};

	while (name->at != c->at)
		name++;
	pw_fact_add(&fact, pw_value_process_named("process", process->pid, process->start, name[-1].comm));
	pw_fact_add(&fact, pw_value_text("new_name", name->comm));
	pw_fact_add(&fact, pw_value_ns("after_ns", c->ns));
	pw_fact_add(&fact, pw_value_word("after", process->seeded ? "recording" : "fork"));
	finder_add(f, PW_FOUND_RENAMED, PW_NOTE, process, &fact);
}

static void report_renamed_many(struct finder *f, const struct candidate *c, size_t count, bool alike)
{
	struct pw_fact fact = {0};

	pw_fact_add(&fact, pw_value_count("count", count));
	if (alike)
		pw_fact_add(&fact, pw_value_process("process", c->process));
	finder_add(f, PW_FOUND_RENAMED, PW_NOTE, alike ? c->process : NULL, &fact);
}

void find_names(struct finder *f)
{
	struct candidates list = {0};

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_process *process = pw_model_process(f->model, i);
		const uint64_t first = process->n_names ? process->names[0].at : 0;

		for (size_t k = 1; k < process->n_names; k++) {
			const struct candidate c = {
				.process = process,
				.key = process->pid,
				.at = process->names[k].at,
				.ns = process->names[k].at > first ? process->names[k].at - first : 0,
			};

			if ((process->seeded || !is_near(c.at, first)) && !is_of_exec(process, c.at))
				finder_collect(f, &list, &c);
		}
	}
	finder_report(f, &list, report_renamed, report_renamed_many);
}
