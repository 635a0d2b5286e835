// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of a picture: names, numbers, and the line that heads it.
 */
#include <string.h>

#include "report/plot/plot.h"

#define PIDS_TOLD 8

void pw_plot_duration(const struct pw_plot *p, struct pw_text *t, uint64_t ns)
{
	char buf[PW_FORMAT_MAX];

	pw_format_duration(buf, ns);
	pw_text_escaped(t, buf, strlen(buf), p->prose);
}

void pw_plot_range(const struct pw_plot *p, struct pw_text *t, uint64_t least, uint64_t most)
{
	char buf[PW_RANGE_MAX];

	pw_format_range(buf, least, most);
	pw_text_escaped(t, buf, strlen(buf), p->prose);
}

void pw_plot_name(const struct pw_plot *p, struct pw_text *t, const char *comm)
{
	if (comm[0])
		pw_text_escaped(t, comm, strnlen(comm, PW_COMM_LEN), p->names);
	else
		pw_text_add(t, "\"\"");
}

void pw_plot_prose(const struct pw_plot *p, struct pw_text *t, const char *text)
{
	pw_text_escaped(t, text, strlen(text), p->prose);
}

void pw_plot_count(enum pw_language language, struct pw_text *t, uint64_t n, const char *one,
		   const char *many)
{
	char buf[PW_FORMAT_MAX];

	pw_text_format(t, pw_lang_count_in(language, one, many, n), pw_format_count(buf, n));
}

static void add_attached(const struct pw_plot *p, struct pw_text *t)
{
	const struct pw_session *s = p->report->session;

	pw_text_add(t, tr(p->language, "attached to"));
	for (size_t i = 0; i < s->n_pids && i < PIDS_TOLD; i++)
		pw_text_format(t, "%s %u", i > 0 ? "," : "", s->pids[i]);
	if (s->n_pids > PIDS_TOLD)
		pw_text_format(t, tr(p->language, " and %zu more"), s->n_pids - PIDS_TOLD);
	if (s->filter) {
		pw_text_add(t, s->n_pids ? tr(p->language, ", and to what has ")
					 : tr(p->language, " what has "));
		pw_text_escaped(t, s->filter, strlen(s->filter), p->names);
	}
}

void pw_plot_target(const struct pw_plot *p, struct pw_text *t)
{
	const struct pw_session *s = p->report->session;

	if (s->demo) {
		pw_text_escaped(t, s->demo, strlen(s->demo), p->names);
	} else if (s->command && s->command[0]) {
		for (size_t i = 0; s->command[i]; i++) {
			if (i > 0)
				pw_text_add(t, " ");
			pw_text_shell_word(t, s->command[i], p->names);
		}
	} else if (s->target == PW_TARGET_SYSTEM) {
		pw_text_add(t, tr(p->language, "the whole system"));
	} else {
		add_attached(p, t);
	}
}

void pw_plot_size(const struct pw_plot *p, struct pw_text *t)
{
	const struct pw_model *m = p->report->model;
	struct pw_text processes = {0}, span = {0}, events = {0};

	pw_plot_count(p->language, &processes, pw_model_count(m) + pw_model_folded(m), "%s process",
		      "%s processes");
	pw_plot_duration(p, &span, p->report->session->duration_ns);
	pw_plot_count(p->language, &events, p->report->session->received, "%s event", "%s events");
	pw_text_format(t, tr(p->language, "%s in %s, %s, "), pw_text_get(&processes), pw_text_get(&span),
		       pw_text_get(&events));
	t->failed |= processes.failed || span.failed || events.failed;
	pw_text_free(&processes);
	pw_text_free(&span);
	pw_text_free(&events);
}

bool pw_plot_has_losses(const struct pw_plot *p)
{
	const struct pw_session *s = p->report->session;

	return s->lost > 0 || s->skipped > 0 || pw_model_stats(p->report->model)->missed_switches > 0;
}

/* Three ways of losing something, in the words of the one that can be helped: the ring was full. */
void pw_plot_losses(const struct pw_plot *p, struct pw_text *t)
{
	const struct pw_session *s = p->report->session;
	const struct {
		uint64_t n;
		const char *one, *many;
	} ways[] = {
		{s->lost, N2_("%s lost", "%s lost")},
		{s->skipped, N2_("%s skipped by the kernel", "%s skipped by the kernel")},
		{pw_model_stats(p->report->model)->missed_switches,
		 N2_("%s switch never reported", "%s switches never reported")},
	};
	bool first = true;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (!ways[i].n)
			continue;
		pw_text_add(t, first ? "" : tr(p->language, ", "));
		pw_plot_count(p->language, t, ways[i].n, ways[i].one, ways[i].many);
		first = false;
	}
	if (first)
		pw_text_add(t, tr(p->language, "none lost"));
}

void pw_plot_hook(const struct pw_plot *p, struct pw_text *t)
{
	const char *hook = p->report->session->hook_reap;

	if (!hook)
		return;
	pw_text_add(t, tr(p->language, "; reap hook: "));
	pw_plot_prose(p, t, hook);
}

/* Intervals of the beginning are gone: the timeline begins where they do. */
void pw_plot_kept(const struct pw_plot *p, struct pw_text *t)
{
	const uint64_t from = pw_model_kept_from(p->report->model);
	struct pw_text moment = {0};

	if (!from)
		return;
	pw_plot_duration(p, &moment, from > p->begin ? from - p->begin : 0);
	pw_text_format(
		t, tr(p->language, "; intervals are kept from %s on (--keep), totals and ends of the whole"),
		pw_text_get(&moment));
	t->failed |= moment.failed;
	pw_text_free(&moment);
}

void pw_plot_shown(const struct pw_plot *p, struct pw_text *t)
{
	struct pw_text words = {0};

	pw_view_filter_describe(&p->filter, p->report, &words);
	pw_plot_prose(p, t, pw_text_get(&words));
	t->failed |= words.failed;
	pw_text_free(&words);
}

void pw_plot_beyond_top(const struct pw_plot *p, struct pw_text *t)
{
	pw_text_format(t, "%s ", p->signs.more);
	pw_plot_count(p->language, t, p->filter.n_beyond_top, "%s more process", "%s more processes");
}
