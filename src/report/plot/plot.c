/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/plot/plot.h"

#include <string.h>

/* The window that the view options ask for, cut to what the recording has and --keep has kept. */
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
	/* The duration may come from a damaged file. An axis needs at least 1 ns. */
	const uint64_t longest = UINT64_MAX / 4;
	uint64_t span = r->session->duration_ns;
	int err;

	if (span == 0)
		span = 1;
	if (span > longest)
		span = longest;

	*p = (struct pw_plot){
		.report = r,
		.language = r->language,
		.names = ascii ? PW_AS_ASCII : PW_AS_UTF8,
		.prose = ascii ? PW_PROSE_AS_ASCII : PW_AS_UTF8,
		.signs = {ascii ? ">" : "↪", ascii ? "<= " : "≤ ", ascii ? ">= " : "≥ ", ascii ? "~" : "…"},
		.begin = r->session->start_ns,
	};
	p->end = p->begin + span;
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

const char *pw_sign_meaning(enum pw_language language, enum pw_sign sign)
{
	static const char *const meanings[PW_SIGN_COUNT] = {
		[PW_SIGN_NONE] = "",
		[PW_SIGN_RUN] = N_("running"),
		[PW_SIGN_PART] = N_("partly running"),
		[PW_SIGN_SLIVER] = N_("briefly running"),
		[PW_SIGN_READY] = N_("ready"),
		[PW_SIGN_BLOCKED] = N_("blocked"),
		[PW_SIGN_DISK] = N_("blocked, uninterruptible"),
		[PW_SIGN_STOPPED] = N_("stopped"),
		[PW_SIGN_ZOMBIE] = N_("zombie"),
		[PW_SIGN_ZOMBIE_BOUND] = N_("zombie (upper bound)"),
		[PW_SIGN_UNKNOWN] = N_("unknown"),
		[PW_SIGN_REAPED] = N_("reaped"),
		[PW_SIGN_ADOPTED] = N_("adopted"),
		[PW_SIGN_EXEC] = N_("exec"),
		[PW_SIGN_MARK] = N_("mark"),
	};

	return tr(language, meanings[sign]);
}

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

	pw_text_format(t, pw_lang_count(language, one, many, n), pw_format_count(buf, n));
}

void pw_plot_shown(const struct pw_plot *p, struct pw_text *t)
{
	struct pw_text words = {0}, escaped = {0};

	pw_view_filter_describe(&p->filter, p->report, &words);
	pw_plot_prose(p, &escaped, pw_text_get(&words));
	if (escaped.length > 0)
		pw_text_format(t, tr(p->language, "Shown: %s"), pw_text_get(&escaped));
	t->failed |= words.failed || escaped.failed;
	pw_text_free(&words);
	pw_text_free(&escaped);
}

void pw_plot_beyond_top(const struct pw_plot *p, struct pw_text *t)
{
	pw_text_format(t, "%s ", p->signs.more);
	pw_plot_count(p->language, t, p->filter.n_beyond_top, "%s more process", "%s more processes");
}
