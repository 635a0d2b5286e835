// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sections that are sentences: what happened, and what the course says.
 */
#include "analysis/findings.h"
#include "course/course.h"
#include "report/svg/view.h"
#include "report/words/words.h"

#define LINE_H	 18
#define TOLD	 12 /* findings; a picture has an end */
#define INDENT	 18
#define CLAIM_AT 82

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
	for (size_t i = 0; i < f->count && i < TOLD; i++) {
		sv_text(v, SV_PAD + 4, v->y, f->at[i].severity == PW_WARNING ? "warn" : "prose",
			f->at[i].severity == PW_WARNING ? "!" : "·");
		pw_text_clear(&t);
		pw_text_clear(&sentence);
		pw_words_finding(v->plot.language, &f->at[i], &sentence);
		pw_plot_prose(&v->plot, &t, pw_text_get(&sentence));
		sv_wrap(v, SV_PAD + INDENT, "prose", pw_text_get(&t), LINE_H, SV_SANS);
	}
	if (f->count > TOLD) {
		pw_text_clear(&t);
		pw_text_add(&t, "… ");
		pw_plot_count(v->plot.language, &t, f->count - TOLD, "%s more finding", "%s more findings");
		sv_wrap(v, SV_PAD + INDENT, "evidence", pw_text_get(&t), LINE_H, SV_SANS);
	}
	sv_done(v, &sentence);
	sv_done(v, &t);
}

void sv_lesson(struct sv *v)
{
	const struct pw_lesson *lesson = v->plot.report->lesson;

	if (!lesson || lesson->count == 0)
		return;
	sv_heading(v, tr(v->plot.language, "The course says"));
	for (size_t i = 0; i < lesson->count; i++) {
		const struct pw_claim *claim = &lesson->claims[i];
		struct pw_text t = {0}, words = {0};

		sv_text(v, SV_PAD, v->y, claim->held ? "held" : "warn",
			claim->held ? tr(v->plot.language, "✓ held") : tr(v->plot.language, "✗ NOT HELD"));
		pw_words_claim(v->plot.language, claim, &words);
		pw_plot_prose(&v->plot, &t, pw_text_get(&words));
		sv_wrap(v, SV_PAD + CLAIM_AT, "prose", pw_text_get(&t), LINE_H, SV_SANS);
		pw_text_clear(&t);
		pw_text_clear(&words);
		pw_words_evidence(v->plot.language, lesson, claim, &words);
		pw_plot_prose(&v->plot, &t, pw_text_get(&words));
		sv_wrap(v, SV_PAD + CLAIM_AT, "evidence", pw_text_get(&t), LINE_H, SV_SANS);
		sv_done(v, &words);
		sv_done(v, &t);
		v->y += 3;
	}
}
