/* SPDX-License-Identifier: GPL-2.0-only */
/* One life a line, the object of the JSON report without its threads. */
#include <errno.h>

#include "report/choice.h"
#include "report/json_life.h"
#include "report/report.h"

int pw_report_jsonl(const struct pw_report *r, FILE *out)
{
	struct pw_choice choice;
	struct pw_json json;
	int err = pw_choice_make(&choice, r);

	for (size_t i = 0; i < choice.n_lives && !err; i++) {
		pw_json_init(&json, out);
		pw_json_life(&json, pw_model_life(r->model, choice.lives[i]), r->session->start_ns, NULL);
		err = pw_json_finish(&json);
	}
	pw_choice_free(&choice);
	return err;
}
