/* SPDX-License-Identifier: GPL-2.0-only */
/* From a finished model to the reports: the findings, and for a demo the verdict on its claims. */
#include <string.h>

#include "analysis/findings.h"
#include "course/course.h"
#include "run/session.h"
#include "util/log_error.h"

/* What follows from the model, in the words of one language. */
struct conclusions {
	struct pw_findings findings;
	struct pw_lesson lesson;
};

static int conclude(struct pw_report *report, struct conclusions *in_words, enum pw_language language)
{
	const struct pw_session *s = report->session;
	/* The recording may be of a demo that is unknown here. Claims are about a whole run, without --keep. */
	const bool taught = s->demo && s->command && !pw_model_kept_from(report->model);
	const struct pw_demo *demo = taught ? pw_demo_find(s->demo) : NULL;
	const enum pw_language before = pw_lang_speak(language);
	int err = pw_findings_make(&in_words->findings, report->model, s->start_ns + s->duration_ns);

	report->findings = &in_words->findings;
	if (demo) {
		in_words->lesson.demo = s->demo;
		report->lesson = &in_words->lesson;
		if (!err)
			err = demo->judge(&in_words->lesson, report->model, s->command);
	}
	pw_lang_speak(before);
	return err;
}

int pw_session_report(struct pw_outputs *outputs, const struct pw_session *session, struct pw_model *model)
{
	struct conclusions in_words[PW_LANGUAGE_COUNT] = {0};
	struct pw_report reports[PW_LANGUAGE_COUNT];
	int err = pw_model_finish(model, session->start_ns + session->duration_ns);

	for (int i = 0; i < PW_LANGUAGE_COUNT; i++) {
		reports[i] = (struct pw_report){.session = session, .model = model};
		if (!err && pw_outputs_speak(outputs, (enum pw_language)i))
			err = conclude(&reports[i], &in_words[i], (enum pw_language)i);
	}
	if (err)
		pw_log_error("cannot make the report: %s", strerror(-err));
	else
		err = pw_outputs_write(outputs, reports);
	for (int i = 0; i < PW_LANGUAGE_COUNT; i++) {
		pw_lesson_free(&in_words[i].lesson);
		pw_findings_free(&in_words[i].findings);
	}
	return err;
}
