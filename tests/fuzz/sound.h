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

static const char *unsound_end(const struct pw_life *life, uint64_t end)
{
	if (!life->exited && (life->zombie_from || life->reaped))
		return "a zombie that has not ended";
	if (life->exited && (life->exit_at < life->start || life->exit_at > end))
		return "an end before its birth, or after the recording's";
	if (life->zombie_from && life->zombie_from != life->exit_at)
		return "a zombie from another moment than its end";
	if (life->reaped && (!life->exited || life->reap_at < life->exit_at || life->reap_at > end))
		return "reaped before its end, or after the recording's";
	if (life->zombie_to && (!life->reaped || life->zombie_to != life->reap_at))
		return "the zombie interval does not end with the reap";
	if (life->reaped && life->zombie_from && !life->zombie_to)
		return "reaped, and still a zombie";
	for (size_t i = 1; i < life->n_parents; i++)
		if (life->parents[i].from < life->parents[i - 1].from)
			return "parents out of order";
	for (size_t i = 1; i < life->n_names; i++)
		if (life->names[i].at < life->names[i - 1].at)
			return "names out of order";
	return NULL;
}

/* The process's own spans: contiguous up to the end of its life, and its totals. */
static const char *unsound_spans(const struct pw_life *life)
{
	uint64_t sums[PW_STATE_COUNT] = {0}, at = 0;
	struct pw_life_iter *it = pw_life_iter_new(life);
	const char *wrong = it ? NULL : "no memory to check it";
	struct pw_span span;

	while (!wrong && pw_life_iter_next(it, &span)) {
		if (span.from >= span.to)
			wrong = "an empty span of a process";
		else if (at && span.from != at)
			wrong = "a gap or an overlap between two spans of a process";
		at = span.to;
		sums[span.state] += span.to - span.from;
	}
	if (!wrong && at && at != pw_life_end(life))
		wrong = "the last span of a process does not end where its life does";
	if (!wrong && memcmp(sums, life->totals, sizeof(sums)))
		wrong = "a process's totals are not its spans' sums";
	pw_life_iter_free(it);
	return wrong;
}

static const char *unsound_life(const struct pw_life *life, uint64_t end, struct runs *runs)
{
	struct pw_switches switches = {0};
	uint64_t cpu_ns = 0;
	const char *wrong = unsound_end(life, end);
	size_t threads = 0;

	for (const struct pw_thread *t = life->threads; t && !wrong; t = t->next) {
		wrong = unsound_thread(t, end, runs);
		if (!wrong && life->exited && (!t->exit || t->exit > life->exit_at))
			wrong = "a thread outlives its process";
		cpu_ns += t->totals[PW_RUNNING];
		switches.voluntary += t->switches.voluntary;
		switches.involuntary += t->switches.involuntary;
		threads++;
	}
	if (!wrong && (threads != life->n_threads || !threads))
		wrong = "the number of threads";
	if (!wrong && (cpu_ns != life->cpu_ns || memcmp(&switches, &life->switches, sizeof(switches))))
		wrong = "a process's sums are not those of its threads";
	return wrong ? wrong : unsound_spans(life);
}

/* The first thing that is wrong; NULL when nothing is. */
static const char *unsound(const struct pw_model *m, uint64_t end)
{
	struct runs runs = {0};
	const char *wrong = NULL;

	for (size_t i = 0; i < pw_model_count(m) && !wrong; i++) {
		wrong = unsound_life(pw_model_life(m, i), end, &runs);
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
