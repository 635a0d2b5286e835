// SPDX-License-Identifier: GPL-2.0-only
#include "report/perfetto/stage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct pw_place {
	const struct pw_process *process;
	size_t rank;
};

static int compare_places(const void *a, const void *b)
{
	const uintptr_t x = (uintptr_t)((const struct pw_place *)a)->process;
	const uintptr_t y = (uintptr_t)((const struct pw_place *)b)->process;

	return x < y ? -1 : x > y;
}

static int compare_births(const void *a, const void *b, void *processes)
{
	const size_t *index = processes, x = index[*(const size_t *)a], y = index[*(const size_t *)b];

	return x < y ? -1 : x > y;
}

int pw_stage_begin(struct pw_stage *s, struct pw_trace *trace, const struct pw_report *r,
		   const struct pw_view_filter *filter)
{
	*s = (struct pw_stage){.trace = trace, .report = r, .filter = filter};
	s->places = malloc((filter->n_processes + 1) * sizeof(*s->places));
	s->births = malloc((filter->n_processes + 1) * sizeof(*s->births));
	if (!s->places || !s->births)
		return -ENOMEM;
	for (size_t i = 0; i < filter->n_processes; i++) {
		s->places[i] = (struct pw_place){pw_stage_process(s, i), i};
		s->births[i] = i;
	}
	qsort_r(s->births, filter->n_processes, sizeof(*s->births), compare_births, filter->processes);
	qsort(s->places, filter->n_processes, sizeof(*s->places), compare_places);
	return 0;
}

void pw_stage_end(struct pw_stage *s)
{
	free(s->places);
	free(s->births);
	pw_text_free(&s->label);
}

const struct pw_process *pw_stage_process(const struct pw_stage *s, size_t rank)
{
	return pw_model_process(s->report->model, s->filter->processes[rank]);
}

bool pw_stage_find(const struct pw_stage *s, uint32_t pid, uint64_t at, size_t *rank)
{
	const struct pw_place wanted = {.process = pw_model_find(s->report->model, pid, at)};
	const struct pw_place *found = NULL;

	if (wanted.process && pw_stage_shows(s, wanted.process, at))
		found = bsearch(&wanted, s->places, s->filter->n_processes, sizeof(wanted), compare_places);
	if (found)
		*rank = found->rank;
	return found;
}

/* Where one that was there before was found, which may be a moment before the window begins. */
static uint64_t found_at(const struct pw_stage *s, const struct pw_process *process)
{
	const struct pw_block *first = process->threads ? process->threads->first : NULL;

	if (first && first->count)
		return first->at[0].from;
	return process->zombie_from ? process->zombie_from : s->report->session->start_ns;
}

uint64_t pw_stage_from(const struct pw_stage *s, const struct pw_process *process)
{
	const uint64_t from = process->seeded ? found_at(s, process) : process->start;

	return from > s->filter->from ? from : s->filter->from;
}

bool pw_stage_shows(const struct pw_stage *s, const struct pw_process *process, uint64_t at)
{
	return at && at >= pw_stage_from(s, process) && at <= s->filter->to;
}

const char *pw_stage_label(struct pw_stage *s, const char *words, uint32_t pid, const char *comm)
{
	pw_text_clear(&s->label);
	if (*words)
		pw_text_format(&s->label, "%s ", words);
	pw_text_format(&s->label, "%" PRIu32 " ", pid);
	pw_text_escaped(&s->label, comm, strnlen(comm, PW_COMM_LEN), PW_AS_UTF8);
	return pw_text_get(&s->label);
}
