/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Orphans: which process lost which parent, when, and who adopted it.
 */
#include "analysis/finder.h"

static struct pw_value adopter_kind(const struct pw_parent *adopter)
{
	switch (adopter->adopter) {
	case PW_ADOPTER_INIT:
		return pw_value_word("adopter_kind", adopter->pid == 1 ? "init" : "namespace_init");
	case PW_ADOPTER_SUBREAPER:
		return pw_value_word("adopter_kind", "subreaper");
	case PW_ADOPTER_THREAD: /* another thread of the parent: its children are no orphans */
	case PW_ADOPTER_NONE:
		break;
	}
	return pw_value_unknown("adopter_kind");
}

/* Who waited for it, and how long after its exit, or after the adoption if it was a zombie by then. */
static void add_wait(struct finder *f, struct pw_fact *fact, const struct pw_process *process,
		     const struct pw_parent *adopter)
{
	const bool adopted_later = adopter->from > process->zombie_from;
	const uint64_t from = adopted_later ? adopter->from : process->zombie_from;
	const uint64_t after = process->zombie_from && process->zombie_to > from ? process->zombie_to - from
										 : 0;
	const bool by_adopter = process->reaper_pid == adopter->pid;

	pw_fact_add(fact, by_adopter ? finder_parent("reaper", adopter)
				     : finder_pid_at(f, "reaper", process->reaper_pid, process->reap_at,
						     process->reaper_comm));
	pw_fact_add(fact, pw_value_word("reaper_role", by_adopter ? "adopter" : "other"));
	pw_fact_add(fact, pw_value_ns_bound("reaped_after_ns", after,
					    process->reap_bounded ? PW_AT_MOST : PW_EXACT));
	pw_fact_add(fact, pw_value_word("reaped_after", adopted_later ? "adoption" : "exit"));
}

static void add_reap(struct finder *f, struct pw_fact *fact, const struct pw_process *process,
		     const struct pw_parent *adopter)
{
	switch (process->reaped) {
	case PW_REAPED_NOT:
		pw_fact_add(fact, process->exited ? pw_value_word("reap_how", "not_reaped")
						  : pw_value_unknown("reap_how"));
		return;
	case PW_REAPED_AUTO:
		pw_fact_add(fact, pw_value_word("reap_how", "auto"));
		return;
	case PW_REAPED_UNOBSERVED:
		pw_fact_add(fact, pw_value_word("reap_how", "unobserved"));
		return;
	case PW_REAPED_WAIT:
		pw_fact_add(fact, pw_value_word("reap_how", "wait"));
		add_wait(f, fact, process, adopter);
		return;
	}
}

static void report_orphan(struct finder *f, const struct candidate *c)
{
	const struct pw_process *process = c->process;
	const struct pw_parent *parent = c->parent, *adopter = parent + 1;
	const bool zombie = process->zombie_from && process->zombie_from < adopter->from;
	struct pw_fact fact = {0};

	pw_fact_add(&fact, finder_process_at("process", process, adopter->from));
	pw_fact_add(&fact, pw_value_word("process_state", zombie ? "zombie" : "alive"));
	pw_fact_add(&fact, finder_parent("parent", parent));
	pw_fact_add(&fact, pw_value_ns_bound("age_ns", c->ns, adopter->bounded ? PW_AT_MOST : PW_EXACT));
	pw_fact_add(&fact, finder_parent("adopter", adopter));
	pw_fact_add(&fact, adopter_kind(adopter));
	add_reap(f, &fact, process, adopter);
	finder_add(f, PW_FOUND_ORPHAN, PW_NOTE, process, &fact);
}

static size_t count_unreaped(const struct candidate *c, size_t count)
{
	size_t unreaped = 0;

	for (size_t i = 0; i < count; i++)
		unreaped += c[i].process->exited && c[i].process->reaped == PW_REAPED_NOT;
	return unreaped;
}

/* True if one process adopted them all. */
static bool share_adopter(const struct candidate *c, size_t count)
{
	const struct pw_parent *first = c->parent + 1;

	for (size_t i = 1; i < count; i++) {
		const struct pw_parent *adopter = c[i].parent + 1;

		if (adopter->pid != first->pid || adopter->adopter != first->adopter)
			return false;
	}
	return true;
}

static void report_orphans(struct finder *f, const struct candidate *c, size_t count, bool alike)
{
	const struct pw_parent *parent = alike ? c->parent : NULL;
	const struct pw_parent *adopter = alike && share_adopter(c, count) ? c->parent + 1 : NULL;
	struct pw_fact fact = {0};

	pw_fact_add(&fact, pw_value_count("count", count));
	pw_fact_add(&fact, finder_parent("parent", parent));
	pw_fact_add(&fact, finder_parent("adopter", adopter));
	pw_fact_add(&fact, adopter ? adopter_kind(adopter) : pw_value_unknown("adopter_kind"));
	pw_fact_add(&fact, pw_value_count("unreaped", count_unreaped(c, count)));
	finder_add(f, PW_FOUND_ORPHAN, PW_NOTE,
		   parent ? pw_model_find(f->model, parent->pid, c->process->start) : NULL, &fact);
}

void find_orphans(struct finder *f)
{
	struct candidates list = {0};

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_process *process = pw_model_process(f->model, i);

		for (size_t k = 1; k < process->n_parents; k++) {
			const struct pw_parent *adopter = &process->parents[k];
			const struct candidate c = {
				.process = process,
				.parent = adopter -
					  1, /* the parent it lost; its adopter follows in the list */
				.key = adopter[-1].pid,
				.at = adopter->from,
				.ns = adopter->from > process->start ? adopter->from - process->start : 0,
			};

			if (adopter->why == PW_BY_REPARENT && adopter->adopter != PW_ADOPTER_THREAD)
				finder_collect(f, &list, &c);
		}
	}
	finder_report(f, &list, report_orphan, report_orphans);
}
