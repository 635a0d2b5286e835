/* SPDX-License-Identifier: GPL-2.0-only */
/* One line per process: the object of the JSON report without its threads. */
#include <errno.h>

#include "report/json_process.h"
#include "report/report.h"
#include "report/view_filter.h"

int pw_report_jsonl(const struct pw_report *r, FILE *out)
{
	struct pw_view_filter filter;
	struct pw_json json;
	int err = pw_view_filter_make(&filter, r);

	for (size_t i = 0; i < filter.n_processes && !err; i++) {
		pw_json_init(&json, out);
		pw_json_process(&json, pw_model_process(r->model, filter.processes[i]), r->session->start_ns,
				NULL);
		err = pw_json_finish(&json);
	}
	pw_view_filter_free(&filter);
	return err;
}
