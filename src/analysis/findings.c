// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/findings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/finder.h"
#include "util/signals.h"

#define LONG_NS	      UINT64_C(10000000)
#define LONG_SHARE_NS UINT64_C(1000000) /* if that is a hundredth of the recording */
/* A bound comes with the task's memory, which RCU frees up to 60 ms after the reap. */
#define LONG_BOUND_NS UINT64_C(100000000)
/* As many of one key are told one by one, and as many keys one after the other. */
#define SINGLE_MAX 3
#define KEYS_MAX   10

bool pw_zombie_is_long(const struct pw_process *process, uint64_t recording_ns)
{
	const uint64_t to = process->zombie_to ? process->zombie_to : pw_process_end(process);
	const uint64_t ns = process->zombie_from && to > process->zombie_from ? to - process->zombie_from : 0;

	if (process->reap_bounded)
		return ns >= LONG_BOUND_NS;
	return ns >= LONG_NS || (ns >= LONG_SHARE_NS && ns >= recording_ns / 100);
}

void finder_collect(struct finder *f, struct candidates *list, const struct candidate *c)
{
	if (list->count == list->room) {
		const size_t room = list->room ? list->room * 2 : 16;
		struct candidate *at = realloc(list->at, room * sizeof(*at));

		if (!at) {
			f->failed = true;
			return;
		}
		list->at = at;
		list->room = room;
	}
	list->at[list->count++] = *c;
}

static int by_key(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->aux != y->aux)
		return x->aux < y->aux ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->process->pid < y->process->pid ? -1 : x->process->pid > y->process->pid;
}

static int by_length(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return by_key(a, b);
}

static bool same_key(const struct candidate *a, const struct candidate *b)
{
	return a->key == b->key && a->aux == b->aux;
}

/* The candidates from here on that share a key. */
static size_t run_length(const struct candidates *list, size_t from)
{
	size_t n = 1;

	while (from + n < list->count && same_key(&list->at[from], &list->at[from + n]))
		n++;
	return n;
}

static size_t count_keys(const struct candidates *list)
{
	size_t keys = 0;

	for (size_t i = 0; i < list->count; i += run_length(list, i))
		keys++;
	return keys;
}

void finder_say(struct finder *f, struct candidates *list, say_one_fn one, say_many_fn many)
{
	const bool all = !f->failed && list->count > 0;
	size_t n;

	if (all)
		qsort(list->at, list->count, sizeof(*list->at), by_key);
	if (all && list->count > SINGLE_MAX && count_keys(list) > KEYS_MAX) {
		qsort(list->at, list->count, sizeof(*list->at), by_length);
		many(f, list->at, list->count, false);
	} else if (all) {
		for (size_t i = 0; i < list->count; i += n) {
			n = run_length(list, i);
			if (n > SINGLE_MAX) {
				qsort(list->at + i, n, sizeof(*list->at), by_length);
				many(f, list->at + i, n, true);
				continue;
			}
			for (size_t k = i; k < i + n; k++)
				one(f, &list->at[k]);
		}
	}
	free(list->at);
	*list = (struct candidates){0};
}

void finder_add(struct finder *f, const char *code, enum pw_severity severity,
		const struct pw_process *process, struct pw_text *text)
{
	struct pw_findings *list = f->findings;

	if (list->count == f->room) {
		const size_t room = f->room ? f->room * 2 : 16;
		struct pw_finding *at = realloc(list->at, room * sizeof(*at));

		if (at) {
			list->at = at;
			f->room = room;
		}
	}
	if (text->failed || !text->at || list->count == f->room) {
		f->failed = true;
		pw_text_free(text);
		return;
	}
	list->at[list->count++] = (struct pw_finding){
		.code = code,
		.severity = severity,
		.pid = process ? process->pid : 0,
		.start = process ? process->start : 0,
		.text = text->at,
	};
	*text = (struct pw_text){0};
}

struct words quoted(const char *comm)
{
	struct words w;

	snprintf(w.s, sizeof(w.s), strchr(comm, ' ') ? "\"%s\"" : "%s", comm);
	return w;
}

struct words who(uint32_t pid, const char *comm)
{
	struct words w;

	if (comm[0])
		snprintf(w.s, sizeof(w.s), "%u %.60s", pid, quoted(comm).s);
	else
		snprintf(w.s, sizeof(w.s), "%u", pid);
	return w;
}

struct words lasting(uint64_t ns)
{
	struct words w;

	pw_format_duration(w.s, ns);
	return w;
}

struct words lasting_between(uint64_t least, uint64_t most)
{
	struct words w;

	pw_format_range(w.s, least, most);
	return w;
}

struct words number(uint64_t n)
{
	struct words w;

	pw_format_count(w.s, n);
	return w;
}

struct words signal_words(int sig)
{
	const char *name = pw_signal_name(sig);
	struct words w;

	if (name)
		snprintf(w.s, sizeof(w.s), "%s", name);
	else
		snprintf(w.s, sizeof(w.s), _("signal %d"), sig);
	return w;
}

/* The earliest moment anything is known of; for a seeded process that is not its birth. */
static uint64_t first_moment(const struct pw_model *m, uint64_t end)
{
	uint64_t begin = end;

	for (size_t i = 0; i < pw_model_count(m); i++) {
		const struct pw_thread *t = pw_model_process(m, i)->threads;

		if (t && t->from && t->from < begin)
			begin = t->from;
	}
	return begin;
}

int pw_findings_make(struct pw_findings *f, const struct pw_model *m, uint64_t end_ns)
{
	struct finder finder = {.findings = f, .model = m, .begin = first_moment(m, end_ns), .end = end_ns};

	*f = (struct pw_findings){0};
	find_doubts(&finder); /* first: they say how far to trust the rest */
	find_zombies(&finder);
	find_orphans(&finder);
	find_names(&finder);
	find_ends(&finder);
	return finder.failed ? -ENOMEM : 0;
}

void pw_findings_free(struct pw_findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->at[i].text);
	free(f->at);
	*f = (struct pw_findings){0};
}
