/* SPDX-License-Identifier: GPL-2.0-only */
/* From a finished model to the reports: the findings, and for a demo the verdict on its claims. */
#include <string.h>

#include "analysis/findings.h"
#include "course/course.h"
#include "run/session.h"
#include "util/error.h"

/* The demo whose claims can be judged; NULL: none was run, or what was run is not all here. */
static const struct pw_demo *demo_to_judge(const struct pw_session *session, const struct pw_model *model)
{
	/* Claims are about a whole run, without --keep. */
	if (!session->demo || !session->command || pw_model_kept_from(model))
		return NULL;
	/* NULL for a recording of a demo that this version does not have. */
	return pw_demo_find(session->demo);
}

int pw_session_report(struct pw_outputs *outputs, const struct pw_session *session, struct pw_model *model)
{
	const uint64_t end_ns = session->start_ns + session->duration_ns;
	const struct pw_demo *demo = demo_to_judge(session, model);
	struct pw_findings findings = {0};
	struct pw_lesson lesson = {.demo = session->demo};
	const struct pw_report report = {
		.session = session, .model = model, .findings = &findings, .lesson = demo ? &lesson : NULL};
	int err = pw_model_finish(model, end_ns);

	if (!err)
		err = pw_findings_make(&findings, model, end_ns);
	if (!err && demo)
		err = demo->judge(&lesson, model, session->command);
	if (err)
		pw_log_error("cannot make the report: %s", strerror(-err));
	else
		err = pw_outputs_write(outputs, &report);
	pw_lesson_free(&lesson);
	pw_findings_free(&findings);
	return err;
}
