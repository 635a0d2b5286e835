/* SPDX-License-Identifier: GPL-2.0-only */
/* One life a line, the object of the JSON report without its threads. */
#include <errno.h>

#include "report/json_life.h"
#include "report/report.h"

int pw_report_jsonl(const struct pw_report *r, FILE *out)
{
	const size_t count = pw_model_count(r->model);
	struct pw_json json;
	int err = 0;

	for (size_t i = 0; i < count && !err; i++) {
		pw_json_init(&json, out);
		pw_json_life(&json, pw_model_life(r->model, i), r->session->start_ns, false);
		err = pw_json_finish(&json);
	}
	return err;
}
