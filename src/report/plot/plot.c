// SPDX-License-Identifier: GPL-2.0-only
#include "report/plot/plot.h"

/* The stretch of the recording that was asked for; outside of it there is nothing to show. */
static void choose_window(struct pw_plot *p)
{
	const uint64_t kept = pw_model_kept_from(p->report->model);
	const struct pw_view_filter *c = &p->filter;

	p->from = c->from > p->begin && c->from < p->end ? c->from : p->begin;
	if (kept > p->from && kept < p->end)
		p->from = kept;
	p->to = c->to < p->end && c->to > p->from ? c->to : p->end;
}

int pw_plot_make(struct pw_plot *p, const struct pw_report *r, bool ascii)
{
	const uint64_t longest = UINT64_MAX / 4, span = r->session->duration_ns;
	int err;

	*p = (struct pw_plot){
		.report = r,
		.language = r->language,
		.names = ascii ? PW_AS_ASCII : PW_AS_UTF8,
		.prose = ascii ? PW_PROSE_AS_ASCII : PW_AS_UTF8,
		.signs = {ascii ? ">" : "↪", ascii ? "<= " : "≤ ", ascii ? ">= " : "≥ ", ascii ? "~" : "…"},
		.begin = r->session->start_ns,
	};
	p->end = p->begin + (span == 0 ? 1 : span < longest ? span : longest);
	err = pw_view_filter_make(&p->filter, r);
	if (err)
		return err;
	choose_window(p);
	return pw_tree_make(&p->tree, r->model, &p->filter, p->end - p->begin, PW_MAX_ROWS);
}

void pw_plot_free(struct pw_plot *p)
{
	pw_view_filter_free(&p->filter);
	pw_tree_free(&p->tree);
}
