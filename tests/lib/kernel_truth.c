/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares what a model says of a made-up kernel with the truth. */
#include <stdio.h>

#include "lib/kernel_internal.h"

const struct thread_truth *kernel_truths(const struct kernel *k, size_t *count)
{
	*count = k->n_truths;
	return k->truths;
}

/* Each thread has a start of its own. */
const struct pw_thread *truth_thread(const struct pw_model *m, const struct thread_truth *truth,
				     const struct pw_process **process)
{
	for (size_t i = 0; i < pw_model_count(m); i++) {
		*process = pw_model_process(m, i);
		for (const struct pw_thread *t = (*process)->threads; t; t = t->next)
			if (t->start == truth->start)
				return t;
	}
	return NULL;
}

static bool same_span(const struct pw_span *a, const struct pw_span *b)
{
	return a->from == b->from && a->state == b->state && a->detail == b->detail && a->by == b->by &&
	       a->cpu == b->cpu && a->syscall == b->syscall;
}

static void show(const char *whose, const struct pw_span *s)
{
	fprintf(stderr, "%s: %llu..%llu %s %s cpu %d by %u in %d\n", whose, (unsigned long long)s->from,
		(unsigned long long)s->to, pw_state_name(s->state), pw_detail_name(s->detail), s->cpu, s->by,
		s->syscall);
}

/*
 * The truth of a process's last thread goes on until the thread leaves its CPU, a little after the process has
 * ended. Without a notification to the parent no event has the exact end, so the zombie interval of a leader that
 * ended early may be a little longer than it was.
 */
static const char *intervals_untrue(const struct thread_truth *truth, const struct pw_thread *t)
{
	struct pw_thread_iter it;
	struct pw_span span;
	size_t at = 0;

	pw_thread_iter_init(&it, t);
	for (; pw_thread_iter_next(&it, &span); at++) {
		bool last = span.to == t->end && (t->exit || span.state == PW_ZOMBIE);
		uint64_t to = at < truth->count ? truth->at[at].to : 0;

		if (at == truth->count)
			return "more intervals than there were";
		if (!same_span(&span, &truth->at[at]) ||
		    (last ? span.to > to && span.state != PW_ZOMBIE : span.to != to)) {
			show("model", &span);
			show("truth", &truth->at[at]);
			return "an interval is not as it was";
		}
	}
	return !t->exit && at != truth->count ? "fewer intervals than there were" : NULL;
}

static const char *thread_untrue(const struct thread_truth *truth, const struct pw_thread *t)
{
	const char *wrong = intervals_untrue(truth, t);

	if (wrong)
		return wrong;
	if (truth->exit && t->exit != truth->exit)
		return "its end";
	if (t->switches.voluntary != truth->voluntary || t->switches.involuntary != truth->involuntary) {
		fprintf(stderr, "model: %llu + %llu, truth: %u + %u\n",
			(unsigned long long)t->switches.voluntary,
			(unsigned long long)t->switches.involuntary, truth->voluntary, truth->involuntary);
		return "its switches";
	}
	if (t->switch_ins != truth->switch_ins || t->wakeups != truth->wakeups ||
	    t->migrations != truth->migrations) {
		fprintf(stderr,
			"model: %llu switches in, %llu wake-ups, %llu migrations, truth: %u, %u, %u\n",
			(unsigned long long)t->switch_ins, (unsigned long long)t->wakeups,
			(unsigned long long)t->migrations, truth->switch_ins, truth->wakeups,
			truth->migrations);
		return "its switches in, wake-ups or migrations";
	}
	return NULL;
}

static const char *process_untrue(const struct kernel *k, const struct thread_truth *truth,
				  const struct pw_process *process)
{
	/* If its reap was not observed, a parent that dies afterwards still seems to leave it behind. */
	if (!process->n_parents ||
	    (!truth->reap_unobserved && process->parents[process->n_parents - 1].pid != truth->parent))
		return "its last parent";
	if (truth->notice && (!process->exited || process->exit_at != truth->notice))
		return "its end";
	if (process->exited && process->wait_status != truth->status)
		return "its status";
	if (!k->o.hook || !truth->reap)
		return NULL;
	if (!process->reaped || process->reap_at != truth->reap || process->reaper_pid != truth->reaper)
		return "its reap";
	return NULL;
}

const char *kernel_untrue(const struct kernel *k, const struct pw_model *m)
{
	const char *wrong = NULL;

	for (size_t i = 0; i < k->n_truths && !wrong; i++) {
		const struct thread_truth *truth = &k->truths[i];
		const struct pw_process *process;
		const struct pw_thread *t = truth_thread(m, truth, &process);

		wrong = t ? thread_untrue(truth, t) : "the model does not know it";
		if (!wrong && truth->leader)
			wrong = process_untrue(k, truth, process);
		if (wrong)
			fprintf(stderr, "tid %u, born %llu: %s\n", truth->tid,
				(unsigned long long)truth->start, wrong);
	}
	if (!wrong && (pw_model_stats(m)->contradictions || pw_model_stats(m)->unknown_tasks ||
		       pw_model_stats(m)->missed_switches))
		wrong = "contradictions, unknown tasks or missed switches";
	return wrong;
}
