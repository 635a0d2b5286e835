/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The SVG report: the picture of the text report, to print, to hand out or to show in a
 * README. It has no script and no link to anything outside, and every name is escaped. Its
 * size depends on its pixels, not on the number of intervals: a bar is made of cells.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/findings.h"
#include "report/plot/line_break.h"
#include "report/svg/view.h"
#include "report/words/words.h"
#include "util/utf8.h"

#define DEFAULT_WIDTH	   960
#define DESCRIBED_FINDINGS 4 /* in the description for screen readers */

void sv_escape(struct sv *v, const char *text)
{
	static const char *const entities[] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};

	while (*text) {
		const size_t plain = strcspn(text, "&<>\"'");

		fwrite(text, 1, plain, v->out);
		text += plain;
		if (*text)
			fputs(entities[(unsigned char)*text++], v->out);
	}
}

void sv_text(struct sv *v, int x, int y, const char *class, const char *text)
{
	if (!*text)
		return;
	fprintf(v->out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, class);
	sv_escape(v, text);
	fputs("</text>\n", v->out);
}

void sv_text_cut(struct sv *v, int x, int y, const char *class, const char *text, int room, int tenths)
{
	struct pw_text t = {0};

	if (room < tenths / 10)
		return;
	pw_text_cut(&t, text, (size_t)(room * 10 / tenths), "…");
	sv_text(v, x, y, class, pw_text_get(&t));
	sv_done(v, &t);
}

void sv_wrap(struct sv *v, int x, const char *class, const char *text, int line_h, int tenths)
{
	const size_t room = (size_t)((v->width - SV_PAD - x) * 10 / tenths);

	while (*text) {
		const size_t n = pw_line_length(text, room > 10 ? room : 10);
		char *line = strndup(text, n);

		if (line)
			sv_text(v, x, v->y, class, line);
		else
			v->plot.failed = true;
		free(line);
		v->y += line_h;
		text += n;
		text += strspn(text, " ");
	}
}

void sv_done(struct sv *v, struct pw_text *t)
{
	v->plot.failed |= t->failed;
	pw_text_free(t);
}

/* The target as the title, and below it the rest of the head line. */
static void put_head(struct sv *v)
{
	struct pw_text t = {0};

	pw_plot_target(&v->plot, &t);
	v->y += 18;
	sv_text_cut(v, SV_PAD, v->y, "title", pw_text_get(&t), v->width - 2 * SV_PAD, 110);
	pw_text_clear(&t);
	pw_plot_head(&v->plot, &t, "", "");
	v->y += 22;
	sv_wrap(v, SV_PAD, "sub", pw_text_get(&t), 18, SV_SANS);
	pw_text_clear(&t);
	pw_plot_shown(&v->plot, &t);
	sv_wrap(v, SV_PAD, "sub", pw_text_get(&t), 18, SV_SANS);
	sv_done(v, &t);
}

static void put_foot(struct sv *v)
{
	const struct pw_session *s = v->plot.report->session;
	const time_t seconds = (time_t)(s->start_wall_ns / 1000000000);
	struct pw_text t = {0};
	struct tm tm;
	char day[40];

	pw_text_add(&t, "procwatch " PW_VERSION);
	if (s->kernel) {
		pw_text_add(&t, " · Linux ");
		/* Only the version: the builder's suffix helps no reader. */
		pw_text_escaped(&t, s->kernel, strcspn(s->kernel, "-"), v->plot.prose);
	}
	if (s->start_wall_ns > 0 && gmtime_r(&seconds, &tm) &&
	    strftime(day, sizeof(day), " · %Y-%m-%d %H:%M UTC", &tm))
		pw_text_add(&t, day);
	v->y += 10;
	sv_text(v, SV_PAD, v->y, "foot", pw_text_get(&t));
	sv_done(v, &t);
	v->y += SV_PAD - 6;
}

static void put_body(struct sv *v)
{
	v->y = SV_PAD;
	put_head(v);
	if (v->plot.tree.n_rows > 0) {
		sv_timeline(v);
		sv_legend(v);
		sv_totals(v);
		sv_marks_table(v);
	} else {
		sv_wrap(v, SV_PAD, "prose",
			pw_model_count(v->plot.report->model) > 0
				? tr(v->plot.language, "No process was alive in this window.")
				: tr(v->plot.language, "No process was observed."),
			18, SV_SANS);
	}
	sv_findings(v);
	sv_lesson(v);
	put_foot(v);
}

/* For screen readers: the head line and the first findings. */
static void put_description(struct sv *v)
{
	const struct pw_findings *f = v->plot.report->findings;
	struct pw_text t = {0}, target = {0}, sentence = {0};

	pw_plot_target(&v->plot, &target);
	pw_text_format(&t, tr(v->plot.language, "%s: timeline of the processes"), pw_text_get(&target));
	sv_done(v, &target);
	fputs("<title id=\"pw-title\">", v->out);
	sv_escape(v, pw_text_get(&t));
	fputs("</title>\n<desc id=\"pw-desc\">", v->out);
	pw_text_clear(&t);
	pw_plot_description(&v->plot, &t);
	for (size_t i = 0; f && i < f->count && i < DESCRIBED_FINDINGS; i++) {
		pw_text_clear(&sentence);
		pw_words_finding(v->plot.language, &f->at[i], &sentence);
		if (v->plot.language != PW_CHINESE)
			pw_text_add(&t, " ");
		pw_plot_prose(&v->plot, &t, pw_text_get(&sentence));
	}
	sv_escape(v, pw_text_get(&t));
	fputs("</desc>\n", v->out);
	sv_done(v, &sentence);
	sv_done(v, &t);
}

static int put_document(struct sv *v, FILE *out, const char *body)
{
	v->out = out;
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
		"%srole=\"img\" aria-labelledby=\"pw-title pw-desc\">\n",
		v->width, v->y, v->width, v->y, v->plot.language == PW_CHINESE ? "lang=\"zh-CN\" " : "");
	put_description(v);
	fputs(sv_style, out);
	fprintf(out, "<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n", v->width, v->y);
	fputs(body, out);
	fputs("</svg>\n", out);
	errno = 0;
	if (fflush(out) || ferror(out))
		return errno ? -errno : -EIO;
	return v->plot.failed ? -ENOMEM : 0;
}

/* Draws the body in memory: its height, which comes first in the document, is known only then. */
static int make_body(struct sv *v, char **body)
{
	size_t size;

	v->out = open_memstream(body, &size);
	if (!v->out)
		return -ENOMEM;
	put_body(v);
	return fclose(v->out) ? -ENOMEM : 0;
}

int pw_report_svg(const struct pw_report *r, FILE *out)
{
	const bool asked = r->view && r->view->width_asked;
	struct sv v = {.width = asked ? (int)r->view->width * SV_COLUMN : DEFAULT_WIDTH};
	char *body = NULL;
	int err;

	err = pw_plot_make(&v.plot, r, false);
	if (!err)
		err = make_body(&v, &body);
	if (!err)
		err = put_document(&v, out, body);
	free(body);
	pw_plot_free(&v.plot);
	return err;
}
