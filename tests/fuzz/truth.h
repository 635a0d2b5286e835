/* SPDX-License-Identifier: GPL-2.0-only */
/* Holds what a model says of an invented kernel against the truth. */
#ifndef PW_FUZZ_TRUTH_H
#define PW_FUZZ_TRUTH_H

#include <stdio.h>

#include "fuzz/kernel_processes.h"
#include "model/model.h"

/* Every start is that of one thread only. */
static const struct pw_thread *known_thread(const struct pw_model *m, uint64_t start,
					    const struct pw_process **process)
{
	for (size_t i = 0; i < pw_model_count(m); i++) {
		*process = pw_model_process(m, i);
		for (const struct pw_thread *t = (*process)->threads; t; t = t->next)
			if (t->start == start)
				return t;
	}
	return NULL;
}

static bool same_span(const struct pw_span *said, const struct pw_span *true_one)
{
	return said->from == true_one->from && said->state == true_one->state &&
	       said->detail == true_one->detail && said->by == true_one->by && said->cpu == true_one->cpu &&
	       said->syscall == true_one->syscall;
}

static void show(const char *who, const struct pw_span *s)
{
	fprintf(stderr, "%s: %llu..%llu %s %s cpu %d by %u in %d\n", who, (unsigned long long)s->from,
		(unsigned long long)s->to, pw_state_name(s->state), pw_detail_name(s->detail), s->cpu, s->by,
		s->syscall);
}

/*
 * A process ends a little before its last thread leaves its CPU, with which the
 * truth ends. When exactly nobody tells if no notice is sent: an early leader's
 * zombie interval may then be a little longer than it was.
 */
static const char *untrue_thread(const struct truth *truth, const struct pw_thread *t)
{
	struct pw_thread_iter it;
	struct pw_span said;
	size_t at = 0;

	pw_thread_iter_init(&it, t);
	for (; pw_thread_iter_next(&it, &said); at++) {
		bool last = said.to == t->end && (t->exit || said.state == PW_ZOMBIE);
		uint64_t to = at < truth->count ? truth->at[at].to : 0;

		if (at == truth->count)
			return "more intervals than there were";
		if (!same_span(&said, &truth->at[at]) ||
		    (last ? said.to > to && said.state != PW_ZOMBIE : said.to != to)) {
			show("said", &said);
			show("true", &truth->at[at]);
			return "an interval is not as it was";
		}
	}
	if (!t->exit && at != truth->count)
		return "fewer intervals than there were";
	if (t->switches.voluntary != truth->voluntary || t->switches.involuntary != truth->involuntary) {
		fprintf(stderr, "said: %llu + %llu, true: %u + %u\n",
			(unsigned long long)t->switches.voluntary,
			(unsigned long long)t->switches.involuntary, truth->voluntary, truth->involuntary);
		return "its switches";
	}
	return NULL;
}

static const char *untrue_process(const struct kernel *k, const struct truth *truth,
				  const struct pw_process *process)
{
	/* If nobody saw it reaped, a parent that dies afterwards still seems to leave it behind. */
	if (!process->n_parents ||
	    (!truth->unseen && process->parents[process->n_parents - 1].pid != truth->parent))
		return "its last parent";
	if (truth->notice && (!process->exited || process->exit_at != truth->notice))
		return "its end";
	if (process->exited && process->wait_status != truth->status)
		return "its status";
	if (!k->hook || !truth->reap)
		return NULL;
	if (!process->reaped || process->reap_at != truth->reap || process->reaper_pid != truth->reaper)
		return "its reap";
	return NULL;
}

/* What the model has wrong first; NULL: nothing. */
static const char *untrue(const struct kernel *k, const struct pw_model *m)
{
	const char *wrong = NULL;

	for (size_t i = 0; i < k->n_truths && !wrong; i++) {
		const struct truth *truth = &k->truths[i];
		const struct pw_process *process;
		const struct pw_thread *t = known_thread(m, truth->start, &process);

		wrong = t ? untrue_thread(truth, t) : "nobody knows it";
		if (!wrong && truth->leader)
			wrong = untrue_process(k, truth, process);
		if (wrong)
			fprintf(stderr, "tid %u, born %llu: %s\n", truth->tid,
				(unsigned long long)truth->start, wrong);
	}
	if (!wrong && (pw_model_stats(m)->contradictions || pw_model_stats(m)->holes))
		wrong = "contradictions or holes";
	return wrong;
}

#endif
