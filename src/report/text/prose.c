/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sections that are sentences: the findings and the claims of the course.
 */
#include "analysis/findings.h"
#include "course/course.h"
#include "report/text/view.h"
#include "report/words/words.h"
#include "util/utf8.h"

void tv_findings(struct tv *v)
{
	const struct pw_findings *f = v->plot.report->findings;

	if (!f || f->count == 0)
		return;
	tv_heading(v, tr(v->plot.language, "What happened"));
	for (size_t i = 0; i < f->count; i++) {
		struct pw_text t = {0}, sentence = {0};
		const bool warning = f->at[i].severity == PW_WARNING;

		/* The sign marks a warning where there are no colours. */
		fprintf(v->out, " %s%c%s ", warning ? tv_sgr(v, COLOUR_BAD) : "", warning ? '!' : ' ',
			warning ? tv_sgr(v, COLOUR_PLAIN) : "");
		pw_words_finding(v->plot.language, &f->at[i], &sentence);
		pw_plot_prose(&v->plot, &t, pw_text_get(&sentence));
		v->plot.failed |= t.failed || sentence.failed;
		tv_wrap(v, pw_text_get(&t), 3, 3);
		pw_text_free(&sentence);
		pw_text_free(&t);
	}
}

static const char *verdict_of(const struct tv *v, const struct pw_claim *claim)
{
	return claim->held ? tr(v->plot.language, "holds") : tr(v->plot.language, "DOES NOT HOLD");
}

/* The columns of the longest verdict in use: claims begin behind it. */
static size_t verdict_columns(const struct tv *v, const struct pw_lesson *lesson)
{
	size_t most = 0;

	for (size_t i = 0; i < lesson->count; i++) {
		const size_t columns = pw_utf8_columns(verdict_of(v, &lesson->claims[i]));

		most = columns > most ? columns : most;
	}
	return most;
}

/* Appends a claim of the course or its evidence, escaped for the terminal. */
static void write_claim(struct tv *v, const struct pw_claim *claim, bool evidence, struct pw_text *out)
{
	struct pw_text words = {0};

	if (evidence)
		pw_words_evidence(v->plot.language, v->plot.report->lesson, claim, &words);
	else
		pw_words_claim(v->plot.language, claim, &words);
	pw_plot_prose(&v->plot, out, pw_text_get(&words));
	v->plot.failed |= words.failed;
	pw_text_free(&words);
}

/* The verdict and the claim on one line, the evidence beside them or below. */
static void put_claim(struct tv *v, const struct pw_claim *claim, size_t claim_columns,
		      size_t evidence_columns)
{
	const size_t verdicts = verdict_columns(v, v->plot.report->lesson), indent = 1 + verdicts + 2;
	const char *verdict = verdict_of(v, claim);
	const enum tv_colour colour = claim->held ? COLOUR_GOOD : COLOUR_BAD;
	struct pw_text text = {0}, evidence = {0};

	write_claim(v, claim, false, &text);
	write_claim(v, claim, true, &evidence);
	fprintf(v->out, " %s%s%*s%s  ", tv_sgr(v, colour), verdict,
		(int)(verdicts - pw_utf8_columns(verdict)), "", tv_sgr(v, COLOUR_PLAIN));
	if (indent + claim_columns + 2 + evidence_columns <= v->width) {
		const size_t pad = claim_columns - pw_utf8_columns(pw_text_get(&text)) + 2;

		fprintf(v->out, "%s%*s%s%s%s\n", pw_text_get(&text), evidence.length > 0 ? (int)pad : 0, "",
			tv_sgr(v, COLOUR_DIM), pw_text_get(&evidence), tv_sgr(v, COLOUR_PLAIN));
	} else {
		tv_wrap(v, pw_text_get(&text), indent, indent);
		if (evidence.length > 0) {
			fprintf(v->out, "%*s", (int)indent + 2, "");
			tv_wrap(v, pw_text_get(&evidence), indent + 2, indent + 2);
		}
	}
	v->plot.failed |= text.failed || evidence.failed;
	pw_text_free(&text);
	pw_text_free(&evidence);
}

static size_t longest(struct tv *v, const struct pw_lesson *lesson, bool evidence)
{
	size_t most = 0;

	for (size_t i = 0; i < lesson->count; i++) {
		struct pw_text t = {0};
		size_t columns;

		write_claim(v, &lesson->claims[i], evidence, &t);
		columns = pw_utf8_columns(pw_text_get(&t));
		most = columns > most ? columns : most;
		v->plot.failed |= t.failed;
		pw_text_free(&t);
	}
	return most;
}

void tv_lesson(struct tv *v)
{
	const struct pw_lesson *lesson = v->plot.report->lesson;
	size_t claim_columns, evidence_columns;

	if (!lesson || lesson->count == 0)
		return;
	claim_columns = longest(v, lesson, false);
	evidence_columns = longest(v, lesson, true);
	tv_heading(v, tr(v->plot.language, "Course claims, checked against this run"));
	for (size_t i = 0; i < lesson->count; i++)
		put_claim(v, &lesson->claims[i], claim_columns, evidence_columns);
}
