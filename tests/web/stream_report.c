/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The HTML and the JSON report of one model, from a stream (tests/lib/stream.h):
 *
 *	stream_report FILE.stream FILE.html FILE.json [OPTION=NUMBER...]
 *
 * The options are the fields of struct pw_view_options: since, until (ms), states, top, sort, threads;
 * and lang, a number of enum pw_language, for the page.
 */
#include <stdio.h>
#include <string.h>

#include "lib/stream.h"

#include "analysis/findings.h"
#include "util/lang.h"

static int write_report(const char *path, const struct pw_report *r,
			int (*write)(const struct pw_report *r, FILE *out))
{
	FILE *out = fopen(path, "w");
	int err = out ? write(r, out) : -1;

	if (out && fclose(out))
		err = -1;
	return err;
}

static int take_option(struct pw_view_options *view, enum pw_language *language, const char *option)
{
	unsigned long number = 0;
	char name[16];

	if (sscanf(option, "%15[a-z]=%lu", name, &number) != 2)
		return -1;
	if (!strcmp(name, "since"))
		view->since = number * 1000000;
	else if (!strcmp(name, "until"))
		view->until = number * 1000000;
	else if (!strcmp(name, "states"))
		view->states = (unsigned int)number;
	else if (!strcmp(name, "top"))
		view->top = number;
	else if (!strcmp(name, "sort"))
		view->sort = (enum pw_sort)number;
	else if (!strcmp(name, "threads"))
		view->threads = number;
	else if (!strcmp(name, "lang") && number < PW_LANGUAGE_COUNT)
		*language = (enum pw_language)number;
	else
		return -1;
	return 0;
}

int main(int argc, char **argv)
{
	static struct stream stream;
	struct pw_view_options view = {.width = 80};
	struct pw_findings findings = {0};
	struct pw_report report = {.session = &stream.session, .findings = &findings, .view = &view};
	struct pw_model *model;
	int err;

	if (argc < 4)
		return 2;
	for (int i = 4; i < argc; i++)
		if (take_option(&view, &report.language, argv[i]))
			return 2;
	stream_load(&stream, argv[1]);
	model = stream_model(&stream);
	report.model = model;
	report.lesson = stream.lesson.count ? &stream.lesson : NULL;
	err = pw_findings_make(&findings, model, stream.end);
	if (!err)
		err = write_report(argv[2], &report, pw_report_html);
	report.language = PW_ENGLISH;
	if (!err)
		err = write_report(argv[3], &report, pw_report_json);
	pw_findings_free(&findings);
	pw_model_free(model);
	stream_free(&stream);
	return err ? 1 : 0;
}
