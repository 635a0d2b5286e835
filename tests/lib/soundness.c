/* SPDX-License-Identifier: GPL-2.0-only */
#include "lib/soundness.h"
#include "model/questions.h"

#include <stdlib.h>
#include <string.h>

struct run { /* one running interval */
	uint64_t from, to;
	uint16_t cpu;
};

/* What is collected on the way through a model. */
struct inquiry {
	uint64_t end;
	/* The events came in order of time. */
	bool ordered;
	/* No interval was dropped to save memory (pw_model_keep). */
	bool whole;
	struct run *runs;
	size_t count, room;
};

static int by_cpu_and_time(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

static const char *add_run(struct inquiry *q, const struct pw_span *span)
{
	if (span->state != PW_RUNNING || span->cpu == PW_NO_CPU)
		return NULL;
	if (q->count == q->room) {
		struct run *more = realloc(q->runs, (q->room + 64) * 2 * sizeof(*more));

		if (!more)
			return "no memory to check it";
		q->runs = more;
		q->room = (q->room + 64) * 2;
	}
	q->runs[q->count++] = (struct run){.from = span->from, .to = span->to, .cpu = span->cpu};
	return NULL;
}

/* The intervals make up the totals; of a timeline whose beginning was dropped, no more than them. */
static bool sums_fit(const struct inquiry *q, const uint64_t *sums, const uint64_t *totals)
{
	for (size_t i = 0; i < PW_STATE_COUNT; i++)
		if (q->whole ? sums[i] != totals[i] : sums[i] > totals[i])
			return false;
	return true;
}

static const char *intervals_problem(struct inquiry *q, const struct pw_thread *t)
{
	uint64_t sums[PW_STATE_COUNT] = {0}, at = 0;
	struct pw_thread_iter it;
	struct pw_span span;
	const char *problem;

	pw_thread_iter_init(&it, t);
	while (pw_thread_iter_next(&it, &span)) {
		if (span.from >= span.to)
			return "an empty interval";
		if (!at && span.from < t->start)
			return "the first interval begins before the thread's birth";
		if (at && span.from != at)
			return "a gap or an overlap between two intervals";
		if ((unsigned int)span.state >= PW_STATE_COUNT)
			return "no such state";
		at = span.to;
		sums[span.state] += span.to - span.from;
		problem = add_run(q, &span);
		if (problem)
			return problem;
	}
	if (at && at != t->end)
		return "the last interval does not end where the thread does";
	return sums_fit(q, sums, t->totals) ? NULL : "a thread's totals are not the sums of its intervals";
}

static const char *thread_problem(struct inquiry *q, const struct pw_thread *t)
{
	uint64_t all = 0;

	if (t->end > q->end || (q->ordered && t->end != (t->exit ? t->exit : q->end)))
		return "a thread ends neither at its exit nor with the recording";
	for (size_t i = 0; i < PW_STATE_COUNT; i++)
		all += t->totals[i];
	if (t->from && all != t->end - t->from)
		return "a thread's totals are not its lifetime";
	for (size_t i = 0; i < t->n_marks; i++)
		if (!t->marks[i].name || (i && t->marks[i - 1].at > t->marks[i].at))
			return "marks without a name, or out of order";
	return intervals_problem(q, t);
}

static const char *end_problem(const struct inquiry *q, const struct pw_process *process)
{
	if (!process->exited && (process->zombie_from || process->reaped))
		return "a zombie that has not ended";
	if (process->exited && (process->exit_at < process->start || process->exit_at > q->end))
		return "an end before the process's birth, or after the recording's end";
	if (process->zombie_from && process->zombie_from != process->exit_at)
		return "a zombie since another moment than its end";
	if (process->reaped &&
	    (!process->exited || process->reap_at < process->exit_at || process->reap_at > q->end))
		return "a reap before the process's end, or after the recording's end";
	if (process->zombie_to && (!process->reaped || process->zombie_to != process->reap_at))
		return "the zombie interval does not end with the reap";
	if (process->reaped && process->zombie_from && !process->zombie_to)
		return "reaped, and still a zombie";
	return NULL;
}

static const char *history_problem(const struct inquiry *q, const struct pw_process *process)
{
	if (!process->n_parents || !process->n_names)
		return "no parent, or no name";
	for (size_t i = 1; i < process->n_parents && q->ordered; i++)
		if (process->parents[i].from < process->parents[i - 1].from)
			return "parents out of order";
	for (size_t i = 1; i < process->n_names && q->ordered; i++)
		if (process->names[i].at < process->names[i - 1].at)
			return "names out of order";
	return NULL;
}

/* The process's own states: contiguous up to its end, and its totals. */
static const char *states_problem(const struct inquiry *q, const struct pw_process *process)
{
	uint64_t sums[PW_STATE_COUNT] = {0}, at = 0;
	struct pw_process_iter *it = pw_process_iter_new(process);
	const char *problem = it ? NULL : "no memory to check it";
	struct pw_span span;

	while (!problem && pw_process_iter_next(it, &span)) {
		if (span.from >= span.to)
			problem = "an empty state of a process";
		else if (at && (q->whole ? span.from != at : span.from < at))
			problem = "a gap or an overlap between two states of a process";
		at = span.to;
		sums[span.state] += span.to - span.from;
	}
	if (!problem && at &&
	    (q->whole ? at != pw_process_end(process) : process->exited && at > pw_process_end(process)))
		problem = "the last state of a process does not end where the process does";
	if (!problem && !sums_fit(q, sums, process->totals))
		problem = "a process's totals are not the sums of its states";
	pw_process_iter_free(it);
	return problem;
}

/* The sums over the threads, those included that are kept as sums only. */
static const char *threads_problem(struct inquiry *q, const struct pw_process *process)
{
	struct pw_switches switches = process->ended_threads.switches;
	uint64_t cpu_ns = process->ended_threads.totals[PW_RUNNING];
	uint64_t wakeups = process->ended_threads.wakeups;
	size_t count = 0;

	for (const struct pw_thread *t = process->threads; t; t = t->next, count++) {
		const char *problem = thread_problem(q, t);

		if (problem)
			return problem;
		if (process->exited && (!t->exit || t->exit > process->exit_at))
			return "a thread outlives its process";
		cpu_ns += t->totals[PW_RUNNING];
		wakeups += t->wakeups;
		switches.voluntary += t->switches.voluntary;
		switches.involuntary += t->switches.involuntary;
	}
	if (count != process->n_threads || (q->whole && !count))
		return "the number of threads";
	if (cpu_ns != process->cpu_ns || wakeups != process->wakeups ||
	    switches.voluntary != process->switches.voluntary ||
	    switches.involuntary != process->switches.involuntary)
		return "a process's sums are not those of its threads";
	return NULL;
}

static const char *process_problem(struct inquiry *q, const struct pw_process *process)
{
	const char *problem = end_problem(q, process);

	if (!problem)
		problem = history_problem(q, process);
	if (!problem)
		problem = threads_problem(q, process);
	return problem ? problem : states_problem(q, process);
}

static const char *cpus_problem(struct inquiry *q)
{
	if (q->count)
		qsort(q->runs, q->count, sizeof(q->runs[0]), by_cpu_and_time);
	for (size_t i = 1; i < q->count; i++)
		if (q->runs[i].cpu == q->runs[i - 1].cpu && q->runs[i].from < q->runs[i - 1].to)
			return "two threads on one CPU at once";
	return NULL;
}

const char *model_problem(const struct pw_model *m, uint64_t end)
{
	struct inquiry q = {.end = end, .ordered = end != UINT64_MAX, .whole = !pw_model_kept_from(m)};
	size_t alive = 0, zombies = 0;
	const char *problem = NULL;

	for (size_t i = 0; i < pw_model_count(m) && !problem; i++) {
		const struct pw_process *process = pw_model_process(m, i);

		problem = process_problem(&q, process);
		alive += !process->exited;
		zombies += process->exited && !process->reaped;
	}
	if (!problem && (alive != pw_model_alive(m) || zombies != pw_model_zombies(m)))
		problem = "the number of living processes or of zombies";
	if (!problem && q.ordered)
		problem = cpus_problem(&q);
	free(q.runs);
	return problem;
}
