/* SPDX-License-Identifier: GPL-2.0-only */
/* What was recorded and how complete it is: the target, the head line, the SVG's description. */
#include <string.h>

#include "report/plot/plot.h"
#include "report/plot/sentence.h"

#define PIDS_SHOWN 8

/* "17, 18, 19": at most PIDS_SHOWN of them. */
static void add_pids(const struct pw_session *s, enum pw_language language, struct pw_text *t)
{
	for (size_t i = 0; i < s->n_pids && i < PIDS_SHOWN; i++) {
		if (i > 0)
			pw_text_add(t, language == PW_CHINESE ? "、" : ", ");
		pw_text_format(t, "%u", s->pids[i]);
	}
}

static void add_attached(const struct pw_plot *p, struct pw_text *t)
{
	static const struct pw_sentence sentences[] = {
		{.when = "pids filter",
		 .text = N_("attached to {pids}[more? and {more} more], and to processes with {filter}")},
		{.when = "filter", .text = N_("attached to processes with {filter}")},
		{.text = N_("attached to {pids}[more? and {more} more]")},
		{0},
	};
	const struct pw_session *s = p->report->session;
	const bool more = s->n_pids > PIDS_SHOWN;
	char count[PW_FORMAT_MAX];
	struct pw_text pids = {0}, filter = {0};

	add_pids(s, p->language, &pids);
	if (s->filter)
		pw_text_escaped(&filter, s->filter, strlen(s->filter), p->names);
	pw_plot_sentence(p->language, t, sentences,
			 (struct pw_gap[]){
				 {"pids", pw_text_get(&pids)},
				 {"more", more ? pw_format_count(count, s->n_pids - PIDS_SHOWN) : NULL},
				 {"filter", pw_text_get(&filter)},
				 {0},
			 });
	t->failed |= pids.failed || filter.failed;
	pw_text_free(&pids);
	pw_text_free(&filter);
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

bool pw_plot_has_losses(const struct pw_plot *p)
{
	const struct pw_session *s = p->report->session;

	return s->lost > 0 || s->skipped > 0 || pw_model_stats(p->report->model)->missed_switches > 0;
}

/*
 * "3 lost, 2 skipped by the kernel": a list, because each of the three kinds of loss has a cause and a
 * cure of its own. "Lost" alone is the kind that the user can cure: the ring was full.
 */
static void add_losses(const struct pw_plot *p, struct pw_text *t)
{
	const struct pw_session *s = p->report->session;
	const struct {
		uint64_t n;
		const char *one, *many;
	} kinds[] = {
		{s->lost, N2_("%s lost", "%s lost")},
		{s->skipped, N2_("%s skipped by the kernel", "%s skipped by the kernel")},
		{pw_model_stats(p->report->model)->missed_switches,
		 N2_("%s switch not reported by the kernel", "%s switches not reported by the kernel")},
	};
	bool first = true;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!kinds[i].n)
			continue;
		if (!first)
			pw_text_add(t, tr(p->language, ", "));
		pw_plot_count(p->language, t, kinds[i].n, kinds[i].one, kinds[i].many);
		first = false;
	}
	if (first)
		pw_text_add(t, tr(p->language, "none lost"));
}

static const struct pw_sentence heads[] = {
	{.text = N_(
		 "{processes} {processes|process|processes} in {duration}, {events} {events|event|events}, "
		 "{losses}[hook?; reap hook: {hook}][kept?; intervals are kept from {kept} on (--keep), "
		 "totals and exits cover the whole run]")},
	{0},
};

static const struct pw_sentence descriptions[] = {
	{.text = N_(
		 "{processes} {processes|process|processes} in {duration}, {events} {events|event|events}, "
		 "{losses}. The timeline has a bar for each process.")},
	{0},
};

static void add_head(const struct pw_plot *p, struct pw_text *t, const struct pw_sentence *sentences,
		     const char *before_losses, const char *after_losses)
{
	const struct pw_session *s = p->report->session;
	const struct pw_model *m = p->report->model;
	const uint64_t from = pw_model_kept_from(m);
	char processes[PW_FORMAT_MAX], events[PW_FORMAT_MAX];
	struct pw_text duration = {0}, losses = {0}, hook = {0}, kept = {0};

	pw_plot_duration(p, &duration, s->duration_ns);
	pw_text_add(&losses, before_losses);
	add_losses(p, &losses);
	pw_text_add(&losses, after_losses);
	if (s->hook_reap)
		pw_plot_prose(p, &hook, s->hook_reap);
	if (from)
		pw_plot_duration(p, &kept, from > p->begin ? from - p->begin : 0);
	pw_plot_sentence(
		p->language, t, sentences,
		(struct pw_gap[]){
			{"processes", pw_format_count(processes, pw_model_count(m) + pw_model_folded(m))},
			{"duration", pw_text_get(&duration)},
			{"events", pw_format_count(events, s->received)},
			{"losses", pw_text_get(&losses)},
			{"hook", pw_text_get(&hook)},
			{"kept", pw_text_get(&kept)},
			{0},
		});
	t->failed |= duration.failed || losses.failed || hook.failed || kept.failed;
	pw_text_free(&duration);
	pw_text_free(&losses);
	pw_text_free(&hook);
	pw_text_free(&kept);
}

void pw_plot_head(const struct pw_plot *p, struct pw_text *t, const char *before_losses,
		  const char *after_losses)
{
	add_head(p, t, heads, before_losses, after_losses);
}

void pw_plot_description(const struct pw_plot *p, struct pw_text *t)
{
	add_head(p, t, descriptions, "", "");
}
