/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/view_filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/questions.h"
#include "util/format.h"
#include "util/lang.h"

static bool is_there(const struct pw_view_filter *c, const struct pw_process *process)
{
	return process->start <= c->to && pw_process_end(process) >= c->from;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

struct ranking {
	const struct pw_model *model;
	enum pw_sort sort;
};

static int compare_processes(const void *a, const void *b, void *ranking)
{
	const struct ranking *by = ranking;
	const size_t i = *(const size_t *)a, k = *(const size_t *)b;
	const struct pw_process *x = pw_model_process(by->model, i), *y = pw_model_process(by->model, k);
	int order = 0;

	switch (by->sort) {
	case PW_SORT_TREE: /* the model is in order of birth */
	case PW_SORT_START:
		break;
	case PW_SORT_PID:
		order = compare_numbers(x->pid, y->pid);
		break;
	case PW_SORT_NAME:
		order = strncmp(x->comm, y->comm, PW_COMM_LEN);
		break;
	case PW_SORT_CPU:
		order = compare_numbers(y->cpu_ns, x->cpu_ns);
		break;
	case PW_SORT_ZOMBIE:
		order = compare_numbers(y->totals[PW_ZOMBIE], x->totals[PW_ZOMBIE]);
		break;
	}
	return order ? order : compare_numbers(i, k);
}

/* A time since the recording began, on its clock. A time from the command line may be too large. */
static uint64_t moment(const struct pw_report *r, uint64_t since_start)
{
	const uint64_t start = r->session->start_ns;

	return since_start > UINT64_MAX - start ? UINT64_MAX : start + since_start;
}

int pw_view_filter_make(struct pw_view_filter *c, const struct pw_report *r)
{
	static const struct pw_view_options all = {0};
	const struct pw_view_options *view = r->view ? r->view : &all;
	const size_t count = pw_model_count(r->model);
	struct ranking ranking = {r->model, view->sort};

	*c = (struct pw_view_filter){
		.from = view->since ? moment(r, view->since) : 0,
		.to = view->until ? moment(r, view->until) : UINT64_MAX,
		.states = view->states,
		.threads = view->threads,
		.processes = calloc(count + 1, sizeof(*c->processes)),
	};
	if (!c->processes)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (is_there(c, pw_model_process(r->model, i)))
			c->processes[c->n_processes++] = i;
	if (view->sort > PW_SORT_START)
		qsort_r(c->processes, c->n_processes, sizeof(*c->processes), compare_processes, &ranking);
	if (view->top && view->top < c->n_processes) {
		c->n_beyond_top = c->n_processes - view->top;
		c->n_processes = view->top;
	}
	return 0;
}

void pw_view_filter_free(struct pw_view_filter *c)
{
	free(c->processes);
	c->processes = NULL;
}

bool pw_view_filter_cut(const struct pw_view_filter *c, struct pw_span *span)
{
	if (span->from < c->from)
		span->from = c->from;
	if (span->to > c->to)
		span->to = c->to;
	return span->to > span->from && (!c->states || c->states >> span->state & 1);
}

bool pw_view_filter_is_all(const struct pw_view_filter *c, const struct pw_report *r)
{
	return c->from == 0 && c->to == UINT64_MAX && !c->states &&
	       c->n_processes == pw_model_count(r->model) && (!r->view || r->view->sort <= PW_SORT_START);
}

const char *pw_sort_name(enum pw_sort sort)
{
	static const char *const names[] = {
		[PW_SORT_TREE] = N_("start"), [PW_SORT_START] = N_("start"), [PW_SORT_PID] = N_("pid"),
		[PW_SORT_NAME] = N_("name"),  [PW_SORT_CPU] = N_("cpu"),     [PW_SORT_ZOMBIE] = N_("zombie"),
	};

	return names[sort];
}

static int compare_indices(const void *a, const void *b)
{
	return compare_numbers(*(const size_t *)a, *(const size_t *)b);
}

size_t *pw_view_filter_by_birth(const struct pw_view_filter *c)
{
	size_t *processes = calloc(c->n_processes + 1, sizeof(*processes));

	if (!processes)
		return NULL;
	memcpy(processes, c->processes, c->n_processes * sizeof(*processes));
	qsort(processes, c->n_processes, sizeof(*processes), compare_indices);
	return processes;
}

/* The description is a list of up to three items. */
static void begin_item(const struct pw_report *r, struct pw_text *t)
{
	if (t->length > 0)
		pw_text_add(t, tr(r->language, "; "));
}

static void describe_window(const struct pw_view_filter *c, const struct pw_report *r, struct pw_text *t)
{
	const struct pw_session *s = r->session;
	const uint64_t end = s->start_ns + s->duration_ns;
	char from[PW_FORMAT_MAX], to[PW_FORMAT_MAX];

	if (c->from <= s->start_ns && c->to >= end)
		return;
	pw_format_duration(from, c->from > s->start_ns ? c->from - s->start_ns : 0);
	pw_format_duration(to, (c->to < end ? c->to : end) - s->start_ns);
	if (c->from > end)
		pw_text_format(t, tr(r->language, "after %s"), from);
	else
		pw_text_format(t, tr(r->language, "%s to %s"), from, to);
}

static void describe_processes(const struct pw_view_filter *c, const struct pw_report *r, struct pw_text *t)
{
	char first[PW_FORMAT_MAX], all[PW_FORMAT_MAX];

	if (c->n_beyond_top == 0)
		return;
	begin_item(r, t);
	pw_text_format(t, tr(r->language, "the first %s of %s processes by %s"),
		       pw_format_count(first, c->n_processes),
		       pw_format_count(all, c->n_processes + c->n_beyond_top),
		       tr(r->language, pw_sort_name(r->view->sort)));
}

static void describe_states(const struct pw_view_filter *c, const struct pw_report *r, struct pw_text *t)
{
	bool first = true;

	for (enum pw_state s = PW_RUNNING; s < PW_STATE_COUNT; s++) {
		if (!(c->states >> s & 1))
			continue;
		if (first)
			begin_item(r, t);
		else
			pw_text_add(t, r->language == PW_CHINESE ? "、" : ", ");
		pw_text_add(t, tr(r->language, pw_state_name(s)));
		first = false;
	}
}

void pw_view_filter_describe(const struct pw_view_filter *c, const struct pw_report *r, struct pw_text *t)
{
	if (!r->view)
		return;
	describe_window(c, r, t);
	describe_processes(c, r, t);
	describe_states(c, r, t);
}
