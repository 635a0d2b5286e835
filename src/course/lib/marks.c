/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/marks.h"

#include <string.h>

#include "course/lib/processes.h"

/* The first mark of a thread that is not before a moment. */
static size_t first_from(const struct pw_thread *t, uint64_t at)
{
	size_t low = 0, high = t->n_marks;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (t->marks[middle].at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The next mark of a thread of this rank after the last mark returned. */
static size_t resume(const struct pw_mark_iter *w, const struct pw_thread *t, size_t rank)
{
	size_t i;

	if (!w->begun)
		i = 0;
	else if (rank == w->rank)
		i = w->index + 1;
	else
		i = first_from(t, rank > w->rank ? w->at : w->at + 1);
	while (w->name && i < t->n_marks && strcmp(t->marks[i].name, w->name) != 0)
		i++;
	return i;
}

void pw_mark_iter_init(struct pw_mark_iter *w, const struct pw_demo_run *run, const char *name)
{
	*w = (struct pw_mark_iter){.run = run, .name = name};
}

/* Asks every thread for its next mark, so that nothing is allocated: a demo has few threads. */
bool pw_mark_iter_next(struct pw_mark_iter *w, struct pw_marked *out)
{
	const struct pw_demo_run *run = w->run;
	struct pw_mark_iter best = *w;
	bool found = false;
	size_t rank = 0;

	for (size_t i = 0; i < pw_model_count(run->m); i++) {
		const struct pw_process *process = pw_model_process(run->m, i);
		const bool ours = pw_descends(run->m, process, run->main);

		for (const struct pw_thread *t = process->threads; t; t = t->next, rank++) {
			const size_t next = ours && t->n_marks ? resume(w, t, rank) : t->n_marks;

			if (next == t->n_marks || (found && t->marks[next].at >= best.at))
				continue;
			found = true;
			best.at = t->marks[next].at;
			best.rank = rank;
			best.index = next;
			*out = (struct pw_marked){.at = best.at,
						  .process = process,
						  .thread = t,
						  .name = t->marks[next].name,
						  .value = t->marks[next].value};
		}
	}
	best.begun = true;
	*w = best;
	return found;
}

size_t pw_count_marks(const struct pw_demo_run *run, const char *name)
{
	struct pw_mark_iter walk;
	struct pw_marked mark;
	size_t n = 0;

	pw_mark_iter_init(&walk, run, name);
	while (pw_mark_iter_next(&walk, &mark))
		n++;
	return n;
}

bool pw_got_as_put(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pw_mark_iter puts, gets;
	struct pw_marked put, got;
	size_t n = 0;
	bool more;

	pw_mark_iter_init(&puts, run, "put");
	pw_mark_iter_init(&gets, run, "get");
	while ((more = pw_mark_iter_next(&gets, &got)) && pw_mark_iter_next(&puts, &put)) {
		if (put.value != got.value || got.at < put.at) {
			pw_evidence_add(why, put.value != got.value ? "out_of_order" : "out_before_in",
					PW_VALUES(pw_value_count("in_order", n),
						  pw_value_integer("expected", put.value),
						  pw_value_integer("out", got.value)));
			return false;
		}
		n++;
	}
	if (more || pw_mark_iter_next(&puts, &put)) {
		pw_evidence_add(why, "in_and_out_differ",
				PW_VALUES(pw_value_count("in", pw_count_marks(run, "put")),
					  pw_value_count("out", pw_count_marks(run, "get"))));
		return false;
	}
	pw_evidence_add(why, "out_as_in", PW_VALUES(pw_value_count("in", n), pw_value_count("out", n)));
	return true;
}

/* ---- sections ---- */

/* 1: the mark begins the section, -1: it ends it, 0: neither. */
static int edge(const char *name, const char *section)
{
	const size_t n = strlen(section);

	if (strncmp(name, section, n) != 0)
		return 0;
	if (!strcmp(name + n, ".begin"))
		return 1;
	return strcmp(name + n, ".end") == 0 ? -1 : 0;
}

bool pw_is_inside(const struct pw_thread *t, const char *section, uint64_t at)
{
	if (t->exit && t->exit <= at)
		return false;
	for (size_t i = first_from(t, at + 1); i > 0; i--)
		if (edge(t->marks[i - 1].name, section))
			return edge(t->marks[i - 1].name, section) > 0;
	return false;
}

size_t pw_count_inside(const struct pw_demo_run *run, const char *section, uint64_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < pw_model_count(run->m); i++) {
		const struct pw_process *process = pw_model_process(run->m, i);

		if (!pw_descends(run->m, process, run->main))
			continue;
		for (const struct pw_thread *t = process->threads; t; t = t->next)
			n += pw_is_inside(t, section, at);
	}
	return n;
}

size_t pw_most_inside(const struct pw_demo_run *run, const char *section, uint64_t *when)
{
	struct pw_mark_iter walk;
	struct pw_marked mark;
	size_t most = 0;

	*when = 0;
	pw_mark_iter_init(&walk, run, NULL);
	while (pw_mark_iter_next(&walk, &mark)) {
		size_t n;

		/* Their number only grows where a thread enters. */
		if (edge(mark.name, section) <= 0)
			continue;
		n = pw_count_inside(run, section, mark.at);
		if (n > most) {
			most = n;
			*when = mark.at;
		}
	}
	return most;
}

size_t pw_most_inside_or_pausing(const struct pw_demo_run *run, const struct pw_process_set *group,
				 size_t *times)
{
	uint64_t when;

	*times = pw_count_marks(run, "inside.begin");
	return *times ? pw_most_inside(run, "inside", &when) : pw_most_at_once(group, times);
}
