/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The limits of a recording: lost records, switches the kernel never reported,
 * events that contradict each other, reaps that were not observed.
 */
#include "analysis/finder.h"
#include "model/questions.h"

static uint64_t longest_lost_range(const struct pw_model *m)
{
	uint64_t longest = 0;

	for (size_t i = 0; i < pw_model_lost_count(m); i++) {
		const struct pw_lost_range *r = pw_model_lost(m, i);

		if (r->to > r->from && r->to - r->from > longest)
			longest = r->to - r->from;
	}
	return longest;
}

static void find_lost(struct finder *f)
{
	const uint64_t lost = pw_model_stats(f->model)->lost;
	const uint64_t longest = longest_lost_range(f->model);
	struct pw_fact fact = {0};

	if (lost == 0)
		return;
	pw_fact_add(&fact, pw_value_count("lost", lost));
	pw_fact_add(&fact, pw_value_count("stretches", pw_model_lost_count(f->model)));
	pw_fact_add(&fact, longest ? pw_value_ns("longest_ns", longest) : pw_value_unknown("longest_ns"));
	finder_add(f, PW_FOUND_LOST, PW_WARNING, NULL, &fact);
}

/* A finding that is a number of events. */
static void find_count(struct finder *f, enum pw_finding_code code, enum pw_severity severity, uint64_t count)
{
	struct pw_fact fact = {0};

	if (count == 0)
		return;
	pw_fact_add(&fact, pw_value_count("count", count));
	finder_add(f, code, severity, NULL, &fact);
}

static void find_unobserved(struct finder *f)
{
	const struct pw_process *only = NULL;
	size_t count = 0, exits_unobserved = 0;
	struct pw_fact fact = {0};
	uint64_t longest = 0;

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_process *process = pw_model_process(f->model, i);
		const bool was_zombie = process->zombie_from && process->zombie_to > process->zombie_from;

		/* find_zombies reports the long ones. */
		if (process->reaped != PW_REAPED_UNOBSERVED || pw_zombie_is_long(process, f->end - f->begin))
			continue;
		only = process;
		count++;
		if (!was_zombie)
			exits_unobserved++;
		else if (process->zombie_to - process->zombie_from > longest)
			longest = process->zombie_to - process->zombie_from;
	}
	if (count == 0)
		return;
	pw_fact_add(&fact, pw_value_count("count", count));
	if (count == 1)
		pw_fact_add(&fact, pw_value_process("process", only));
	/* A process whose exit was not observed either is gone, and no more is known of it. */
	pw_fact_add(&fact, pw_value_count("exits_unobserved", exits_unobserved));
	pw_fact_add(&fact, longest ? pw_value_ns_bound("gone_after_ns", longest, PW_AT_MOST)
				   : pw_value_unknown("gone_after_ns"));
	finder_add(f, PW_FOUND_UNOBSERVED, PW_NOTE, count == 1 ? only : NULL, &fact);
}

void find_limits(struct finder *f)
{
	const struct pw_model_stats *stats = pw_model_stats(f->model);

	find_lost(f);
	find_count(f, PW_FOUND_HOLES, PW_NOTE, stats->missed_switches);
	find_count(f, PW_FOUND_CONTRADICTIONS, PW_WARNING, stats->contradictions);
	find_unobserved(f);
}
