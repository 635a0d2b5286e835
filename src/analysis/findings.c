/* SPDX-License-Identifier: GPL-2.0-only */
#include "analysis/findings.h"

#include <errno.h>
#include <stdlib.h>

#include "analysis/finder.h"
#include "model/questions.h"
#include "util/array.h"

/* Up to so many similar candidates get a finding each; more share one. */
#define SINGLE_MAX 3
/* Where there are more groups than this, all candidates share one finding. */
#define KEYS_MAX 10

const char *pw_finding_code_name(enum pw_finding_code code)
{
	static const char *const names[] = {
#define PW_FINDING_CODE(name, code_name) [PW_FOUND_##name] = (code_name),
		PW_FINDING_CODES(PW_FINDING_CODE)
#undef PW_FINDING_CODE
	};

	return names[code];
}

void finder_collect(struct finder *f, struct candidates *list, const struct candidate *c)
{
	const int err = pw_array_reserve(&list->at, &list->room, list->count + 1, sizeof(*list->at));

	if (err) {
		f->err = err;
		return;
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
	if (x->process->pid != y->process->pid)
		return x->process->pid < y->process->pid ? -1 : 1;
	return 0;
}

static int by_length(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return by_key(a, b);
}

static bool are_alike(const struct candidate *a, const struct candidate *b)
{
	return a->key == b->key && a->aux == b->aux;
}

/* How many candidates from here on have the same key and aux. */
static size_t run_length(const struct candidates *list, size_t from)
{
	size_t n = 1;

	while (from + n < list->count && are_alike(&list->at[from], &list->at[from + n]))
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

/* Adds a finding for each group, or for each candidate of a small one. */
static void report_runs(struct finder *f, const struct candidates *list, finder_one_fn one,
			finder_many_fn many)
{
	size_t n;

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

void finder_report(struct finder *f, struct candidates *list, finder_one_fn one, finder_many_fn many)
{
	if (!f->err && list->count > 0) {
		qsort(list->at, list->count, sizeof(*list->at), by_key);
		if (list->count > SINGLE_MAX && count_keys(list) > KEYS_MAX) {
			qsort(list->at, list->count, sizeof(*list->at), by_length);
			many(f, list->at, list->count, false);
		} else {
			report_runs(f, list, one, many);
		}
	}
	free(list->at);
	*list = (struct candidates){0};
}

void finder_add(struct finder *f, enum pw_finding_code code, enum pw_severity severity,
		const struct pw_process *subject, struct pw_fact *fact)
{
	struct pw_findings *list = f->findings;
	const int err = pw_array_reserve(&list->at, &f->room, list->count + 1, sizeof(*list->at));

	if (err) {
		f->err = err;
		return;
	}
	fact->code = pw_finding_code_name(code);
	list->at[list->count++] = (struct pw_finding){
		.severity = severity,
		.pid = subject ? subject->pid : 0,
		.start = subject ? subject->start : 0,
		.fact = *fact,
	};
}

struct pw_value finder_process_at(const char *name, const struct pw_process *process, uint64_t at)
{
	return pw_value_process_named(name, process->pid, process->start, pw_process_comm_at(process, at));
}

struct pw_value finder_pid_at(const struct finder *f, const char *name, uint32_t pid, uint64_t at,
			      const char *comm)
{
	const struct pw_process *process = pw_model_find(f->model, pid, at);

	if (process)
		return finder_process_at(name, process, at);
	return pw_value_process_named(name, pid, 0, comm);
}

struct pw_value finder_parent(const char *name, const struct pw_parent *parent)
{
	if (!parent)
		return pw_value_unknown(name);
	return pw_value_process_named(name, parent->pid, parent->start, parent->comm);
}

/* The earliest moment of which anything is known. A seeded process may have started long before it. */
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
	find_limits(&finder); /* first: they say how far the others can be trusted */
	find_zombies(&finder);
	find_orphans(&finder);
	find_names(&finder);
	find_ends(&finder);
	return finder.err;
}

void pw_findings_free(struct pw_findings *f)
{
	free(f->at);
	*f = (struct pw_findings){0};
}
