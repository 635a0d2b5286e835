/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/perfetto/trace_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct pw_ranked_process {
	const struct pw_process *process;
	size_t rank;
};

static int compare_addresses(const void *a, const void *b)
{
	const uintptr_t x = (uintptr_t)((const struct pw_ranked_process *)a)->process;
	const uintptr_t y = (uintptr_t)((const struct pw_ranked_process *)b)->process;

	return x < y ? -1 : x > y;
}

static int compare_births(const void *a, const void *b, void *processes)
{
	const size_t *index = processes, x = index[*(const size_t *)a], y = index[*(const size_t *)b];

	return x < y ? -1 : x > y;
}

int pw_trace_writer_init(struct pw_trace_writer *w, struct pw_trace *trace, const struct pw_report *r,
			 const struct pw_view_filter *filter)
{
	const size_t count = filter->n_processes;

	*w = (struct pw_trace_writer){.trace = trace, .report = r, .filter = filter};
	w->by_address = calloc(count + 1, sizeof(*w->by_address));
	w->by_birth = calloc(count + 1, sizeof(*w->by_birth));
	if (!w->by_address || !w->by_birth)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		w->by_address[i] = (struct pw_ranked_process){
			.process = pw_trace_writer_process(w, i),
			.rank = i,
		};
		w->by_birth[i] = i;
	}
	qsort_r(w->by_birth, count, sizeof(*w->by_birth), compare_births, filter->processes);
	qsort(w->by_address, count, sizeof(*w->by_address), compare_addresses);
	return 0;
}

void pw_trace_writer_free(struct pw_trace_writer *w)
{
	free(w->by_address);
	free(w->by_birth);
	pw_text_free(&w->label);
}

const struct pw_process *pw_trace_writer_process(const struct pw_trace_writer *w, size_t rank)
{
	return pw_model_process(w->report->model, w->filter->processes[rank]);
}

bool pw_trace_writer_find(const struct pw_trace_writer *w, uint32_t pid, uint64_t at, size_t *rank)
{
	const struct pw_ranked_process wanted = {.process = pw_model_find(w->report->model, pid, at)};
	const struct pw_ranked_process *found;

	if (!wanted.process || !pw_trace_writer_shows(w, wanted.process, at))
		return false;
	found = bsearch(&wanted, w->by_address, w->filter->n_processes, sizeof(wanted), compare_addresses);
	if (!found)
		return false;
	*rank = found->rank;
	return true;
}

/* The snapshot may find a process a moment before the recording's window begins. */
static uint64_t found_at(const struct pw_trace_writer *w, const struct pw_process *process)
{
	const struct pw_block *first = process->threads ? process->threads->first : NULL;

	if (first && first->count)
		return first->at[0].from;
	return process->zombie_from ? process->zombie_from : w->report->session->start_ns;
}

uint64_t pw_trace_writer_start_of(const struct pw_trace_writer *w, const struct pw_process *process)
{
	const uint64_t from = process->seeded ? found_at(w, process) : process->start;

	return from > w->filter->from ? from : w->filter->from;
}

bool pw_trace_writer_shows(const struct pw_trace_writer *w, const struct pw_process *process, uint64_t at)
{
	return at && at >= pw_trace_writer_start_of(w, process) && at <= w->filter->to;
}

const char *pw_trace_writer_label(struct pw_trace_writer *w, const char *words, uint32_t pid,
				  const char *comm)
{
	pw_text_clear(&w->label);
	if (*words)
		pw_text_format(&w->label, "%s ", words);
	pw_text_format(&w->label, "%" PRIu32 " ", pid);
	pw_text_escaped(&w->label, comm, strnlen(comm, PW_COMM_LEN), PW_AS_UTF8);
	return pw_text_get(&w->label);
}
