/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A libFuzzer target: any sequence of events, with any names, through the findings
 * and every view, as wide as the input says. Nothing may crash, and every view must
 * finish.
 */
#include <stdio.h>

#include "analysis/findings.h"
#include "lib/bytes.h"
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct pw_model *feed(const uint8_t *data, size_t size, uint64_t *end)
{
	struct bytes b = {.at = data, .left = size, .ts = FIRST_TS};
	struct pw_model *m = pw_model_new();
	struct pw_event *e;

	if (!m)
		abort();
	while ((e = take_event(&b))) {
		if (pw_model_feed(m, e))
			abort();
		free(e);
	}
	*end = b.ts;
	if (pw_model_finish(m, *end))
		abort();
	return m;
}

static void render(const struct pw_report *r, FILE *out)
{
	for (const struct pw_report_format *f = pw_report_formats; f->write; f++)
		if (f->write(r, out))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *null;
	struct pw_findings findings = {0};
	struct pw_session session = {.target = PW_TARGET_SYSTEM, .start_ns = FIRST_TS};
	struct pw_view_options view;
	uint64_t end;
	struct pw_model *m;

	if (size < 4)
		return 0;
	m = feed(data + 4, size - 4, &end);
	session.duration_ns = end - FIRST_TS;
	view = (struct pw_view_options){
		.width = 40 + data[0],
		.ascii = data[1] & 1,
		.color = data[1] & 2,
		.threads = data[1] & 4,
		.width_asked = data[1] & 8,
		.sort = (enum pw_sort)(data[2] % (PW_SORT_ZOMBIE + 1)),
		.top = data[2] >> 4,
		.states = data[3],
		.since = data[3] & 1 ? session.duration_ns / 3 : 0,
		.until = data[3] & 2 ? session.duration_ns / 2 : 0,
	};
	if (!null)
		null = fopen("/dev/null", "w");
	if (!null || pw_findings_make(&findings, m, end))
		abort();
	render(&(struct pw_report){.session = &session, .model = m, .findings = &findings, .view = &view},
	       null);
	pw_findings_free(&findings);
	pw_model_free(m);
	return 0;
}
