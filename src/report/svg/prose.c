/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sections that are sentences: the findings and the claims of the course.
 */
#include "analysis/findings.h"
#include "course/course.h"
#include "report/svg/view.h"
#include "report/words/words.h"
#include "util/utf8.h"

#define LINE_H	      18
#define MOST_FINDINGS 12 /* the JSON report has the rest */
#define INDENT	      18
#define VERDICT_GAP   12

void sv_heading(struct sv *v, const char *text)
{
	v->y += 22;
	sv_text(v, SV_PAD, v->y, "head", text);
	v->y += LINE_H + 4;
}

void sv_findings(struct sv *v)
{
	const struct pw_findings *f = v->plot.report->findings;
	struct pw_text t = {0}, sentence = {0};

	if (!f || f->count == 0)
		return;
	sv_heading(v, tr(v->plot.language, "What happened"));
	for (size_t i = 0; i < f->count && i < MOST_FINDINGS; i++) {
		sv_text(v, SV_PAD + 4, v->y, f->at[i].severity == PW_WARNING ? "warn" : "prose",
			f->at[i].severity == PW_WARNING ? "!" : "·");
		pw_text_clear(&t);
		pw_text_clear(&sentence);
		pw_words_finding(v->plot.language, &f->at[i], &sentence);
		pw_plot_prose(&v->plot, &t, pw_text_get(&sentence));
		sv_wrap(v, SV_PAD + INDENT, "prose", pw_text_get(&t), LINE_H, SV_SANS);
	}
	if (f->count > MOST_FINDINGS) {
		pw_text_clear(&t);
		pw_text_add(&t, "… ");
		pw_plot_count(v->plot.language, &t, f->count - MOST_FINDINGS, "%s more finding",
			      "%s more findings");
		sv_wrap(v, SV_PAD + INDENT, "evidence", pw_text_get(&t), LINE_H, SV_SANS);
	}
	sv_done(v, &sentence);
	sv_done(v, &t);
}

static const char *verdict_of(const struct sv *v, const struct pw_claim *claim)
{
	return claim->held ? tr(v->plot.language, "✓ holds") : tr(v->plot.language, "✗ DOES NOT HOLD");
}

/* The width of the longest verdict in use: claims begin behind it. */
static int verdict_width(const struct sv *v, const struct pw_lesson *lesson)
{
	size_t most = 0;

	for (size_t i = 0; i < lesson->count; i++) {
		const size_t columns = pw_utf8_columns(verdict_of(v, &lesson->claims[i]));

		most = columns > most ? columns : most;
	}
	return sv_columns(most, SV_MONO) + VERDICT_GAP;
}

void sv_lesson(struct sv *v)
{
	const struct pw_lesson *lesson = v->plot.report->lesson;
	int claim_x;

	if (!lesson || lesson->count == 0)
		return;
	claim_x = SV_PAD + verdict_width(v, lesson);
	sv_heading(v, tr(v->plot.language, "Course claims, checked against this run"));
	for (size_t i = 0; i < lesson->count; i++) {
		const struct pw_claim *claim = &lesson->claims[i];
		struct pw_text t = {0}, words = {0};

		sv_text(v, SV_PAD, v->y, claim->held ? "held" : "warn", verdict_of(v, claim));
		pw_words_claim(v->plot.language, claim, &words);
		pw_plot_prose(&v->plot, &t, pw_text_get(&words));
		sv_wrap(v, claim_x, "prose", pw_text_get(&t), LINE_H, SV_SANS);
		pw_text_clear(&t);
		pw_text_clear(&words);
		pw_words_evidence(v->plot.language, lesson, claim, &words);
		pw_plot_prose(&v->plot, &t, pw_text_get(&words));
		sv_wrap(v, claim_x, "evidence", pw_text_get(&t), LINE_H, SV_SANS);
		sv_done(v, &words);
		sv_done(v, &t);
		v->y += 3;
	}
}
