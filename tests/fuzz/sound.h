/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a finished model must show whatever it was fed. tests/check_report.py
 * asks more, of a report; this is quick enough to ask a million times.
 */
#ifndef PW_FUZZ_SOUND_H
#define PW_FUZZ_SOUND_H

#include <stdlib.h>
#include <string.h>

#include "model/model.h"

struct run { /* one running interval */
	uint64_t from, to;
	uint16_t cpu;
};

struct runs {
	struct run *at;
	size_t count, room;
};

static int by_cpu_and_time(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

static const char *add_run(struct runs *runs, const struct pw_span *span)
{
	if (span->state != PW_RUNNING || span->cpu == PW_NO_CPU)
		return NULL;
	if (runs->count == runs->room) {
		struct run *more = realloc(runs->at, (runs->room + 64) * 2 * sizeof(*more));

		if (!more)
			return "no memory to check it";
		runs->at = more;
		runs->room = (runs->room + 64) * 2;
	}
	runs->at[runs->count++] = (struct run){.from = span->from, .to = span->to, .cpu = span->cpu};
	return NULL;
}

static const char *unsound_thread(const struct pw_thread *t, uint64_t end, struct runs *runs)
{
	uint64_t sums[PW_STATE_COUNT] = {0}, at = 0;
	struct pw_thread_iter it;
	struct pw_span span;
	const char *wrong;

	pw_thread_iter_init(&it, t);
	while (pw_thread_iter_next(&it, &span)) {
		if (span.from >= span.to)
			return "an empty interval";
		if (!at && span.from < t->start)
			return "the first interval begins before its birth";
		if (at && span.from != at)
			return "a gap or an overlap between two intervals";
		if ((unsigned int)span.state >= PW_STATE_COUNT)
			return "no such state";
		at = span.to;
		sums[span.state] += span.to - span.from;
		wrong = add_run(runs, &span);
		if (wrong)
			return wrong;
	}
	if (at && at != t->end)
		return "the last interval does not end where the thread does";
	if (t->end > end || t->end != (t->exit ? t->exit : end))
		return "the thread ends neither at its exit nor with the recording";
	return memcmp(sums, t->totals, sizeof(sums)) ? "a thread's totals are not its intervals' sums" : NULL;
}

static const char *unsound_end(const struct pw_process *process, uint64_t end)
{
	if (!process->exited && (process->zombie_from || process->reaped))
		return "a zombie that has not ended";
	if (process->exited && (process->exit_at < process->start || process->exit_at > end))
		return "an end before its birth, or after the recording's";
	if (process->zombie_from && process->zombie_from != process->exit_at)
		return "a zombie from another moment than its end";
	if (process->reaped &&
	    (!process->exited || process->reap_at < process->exit_at || process->reap_at > end))
		return "reaped before its end, or after the recording's";
	if (process->zombie_to && (!process->reaped || process->zombie_to != process->reap_at))
		return "the zombie interval does not end with the reap";
	if (process->reaped && process->zombie_from && !process->zombie_to)
		return "reaped, and still a zombie";
	for (size_t i = 1; i < process->n_parents; i++)
		if (process->parents[i].from < process->parents[i - 1].from)
			return "parents out of order";
	for (size_t i = 1; i < process->n_names; i++)
		if (process->names[i].at < process->names[i - 1].at)
			return "names out of order";
	return NULL;
}

/* The process's own spans: contiguous up to the end of its process, and its totals. */
static const char *unsound_spans(const struct pw_process *process)
{
	uint64_t sums[PW_STATE_COUNT] = {0}, at = 0;
	struct pw_process_iter *it = pw_process_iter_new(process);
	const char *wrong = it ? NULL : "no memory to check it";
	struct pw_span span;

	while (!wrong && pw_process_iter_next(it, &span)) {
		if (span.from >= span.to)
			wrong = "an empty span of a process";
		else if (at && span.from != at)
			wrong = "a gap or an overlap between two spans of a process";
		at = span.to;
		sums[span.state] += span.to - span.from;
	}
	if (!wrong && at && at != pw_process_end(process))
		wrong = "the last span of a process does not end where its process does";
	if (!wrong && memcmp(sums, process->totals, sizeof(sums)))
		wrong = "a process's totals are not its spans' sums";
	pw_process_iter_free(it);
	return wrong;
}

static const char *unsound_process(const struct pw_process *process, uint64_t end, struct runs *runs)
{
	struct pw_switches switches = {0};
	uint64_t cpu_ns = 0;
	const char *wrong = unsound_end(process, end);
	size_t threads = 0;

	for (const struct pw_thread *t = process->threads; t && !wrong; t = t->next) {
		wrong = unsound_thread(t, end, runs);
		if (!wrong && process->exited && (!t->exit || t->exit > process->exit_at))
			wrong = "a thread outlives its process";
		cpu_ns += t->totals[PW_RUNNING];
		switches.voluntary += t->switches.voluntary;
		switches.involuntary += t->switches.involuntary;
		threads++;
	}
	if (!wrong && (threads != process->n_threads || !threads))
		wrong = "the number of threads";
	if (!wrong && (cpu_ns != process->cpu_ns || memcmp(&switches, &process->switches, sizeof(switches))))
		wrong = "a process's sums are not those of its threads";
	return wrong ? wrong : unsound_spans(process);
}

/* The first thing that is wrong; NULL when nothing is. */
static const char *unsound(const struct pw_model *m, uint64_t end)
{
	struct runs runs = {0};
	const char *wrong = NULL;

	for (size_t i = 0; i < pw_model_count(m) && !wrong; i++) {
		wrong = unsound_process(pw_model_process(m, i), end, &runs);
	}
	if (runs.count)
		qsort(runs.at, runs.count, sizeof(runs.at[0]), by_cpu_and_time);
	for (size_t i = 1; i < runs.count && !wrong; i++)
		if (runs.at[i].cpu == runs.at[i - 1].cpu && runs.at[i].from < runs.at[i - 1].to)
			wrong = "two threads on one CPU at once";
	free(runs.at);
	return wrong;
}

#endif
