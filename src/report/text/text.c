/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text report: the order of its sections, and how they write.
 */
#include <errno.h>
#include <string.h>

#include "report/plot/line_break.h"
#include "report/text/view.h"
#include "util/utf8.h"

void tv_put(struct tv *v, struct pw_text *t)
{
	if (t->failed)
		v->plot.failed = true;
	else
		fputs(pw_text_get(t), v->out);
	pw_text_clear(t);
}

void tv_heading(struct tv *v, const char *text)
{
	fprintf(v->out, "\n%s%s%s\n", tv_sgr(v, COLOUR_HEAD), text, tv_sgr(v, COLOUR_PLAIN));
}

void tv_wrap(struct tv *v, const char *text, size_t column, size_t indent)
{
	for (;;) {
		const size_t n = pw_line_length(text, v->width > column + 10 ? v->width - column : 10);

		fprintf(v->out, "%.*s\n", (int)n, text);
		text += n;
		text += strspn(text, " ");
		if (!*text)
			return;
		fprintf(v->out, "%*s", (int)indent, "");
		column = indent;
	}
}

/* "demo_zombie: 2 processes in 506 ms, 41 events, none lost; reap hook: ..." */
static void put_header(struct tv *v)
{
	const bool lost = pw_plot_has_losses(&v->plot);
	/* po: between the target and the numbers: "demo_zombie: 2 processes in 506 ms" */
	const char *colon = tr(v->plot.language, ": ");
	struct pw_text target = {0}, t = {0};
	size_t columns;

	pw_plot_target(&v->plot, &target);
	pw_text_add(&t, tv_sgr(v, COLOUR_HEAD));
	pw_text_cut(&t, pw_text_get(&target), v->width - pw_utf8_columns(colon), v->style->cut);
	pw_text_add(&t, tv_sgr(v, COLOUR_PLAIN));
	columns = pw_utf8_columns(pw_text_get(&target));
	if (columns > v->width / 2) {
		pw_text_bytes(&t, colon, strcspn(colon, " "));
		pw_text_add(&t, "\n ");
		columns = 1;
	} else {
		pw_text_add(&t, colon);
		columns += pw_utf8_columns(colon);
	}
	tv_put(v, &t);
	pw_plot_head(&v->plot, &t, lost ? tv_sgr(v, COLOUR_BAD) : "", lost ? tv_sgr(v, COLOUR_PLAIN) : "");
	v->plot.failed |= target.failed || t.failed;
	tv_wrap(v, pw_text_get(&t), columns, 1);
	pw_text_clear(&t);
	pw_plot_shown(&v->plot, &t);
	if (t.length > 0) {
		fputs(" ", v->out);
		tv_wrap(v, pw_text_get(&t), 1, 1);
	}
	fputs("\n", v->out);
	pw_text_free(&target);
	pw_text_free(&t);
}

static void put_sections(struct tv *v)
{
	put_header(v);
	if (v->plot.tree.n_rows > 0) {
		tv_timeline(v);
		tv_legend(v);
		tv_totals(v);
		tv_marks_table(v);
	} else {
		fprintf(v->out, " %s\n",
			pw_model_count(v->plot.report->model) > 0
				? tr(v->plot.language, "No process was alive in this window.")
				: tr(v->plot.language, "No process was observed."));
	}
	tv_earlier(v);
	tv_findings(v);
	tv_lesson(v);
}

int pw_report_text(const struct pw_report *r, FILE *out)
{
	struct tv v = {
		.style = tv_style_get(r->view->ascii),
		.out = out,
		.color = r->view->color,
		.width = r->view->width < TV_MIN_WIDTH ? TV_MIN_WIDTH : r->view->width,
	};
	int err = pw_plot_make(&v.plot, r, r->view->ascii);

	if (!err) {
		put_sections(&v);
		if (v.plot.failed)
			err = -ENOMEM;
		else if (fflush(out))
			err = -errno;
		else if (ferror(out))
			err = -EIO;
	}
	pw_plot_free(&v.plot);
	return err;
}
