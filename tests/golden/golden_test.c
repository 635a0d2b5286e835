/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Streams in, text and SVG reports out, compared byte for byte with tests/golden/NAME.txt and .svg.
 * PW_UPDATE=1 writes the files anew. To be run from the top of the tree.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/findings.h"
#include "lib/stream.h"
#include "util/lang.h"
#include "util/utf8.h"

#define FOLDER "tests/golden/"

struct golden {
	const char *stream, *name; /* of the report: with its suffix, unless it is .txt; -zh is Chinese */
	struct pw_view_options view;
};

static const struct golden goldens[] = {
	{"zombie", "zombie-80", {.width = 80}},
	{"zombie", "zombie-120", {.width = 120}},
	{"zombie", "zombie-40", {.width = 40}},
	{"zombie", "zombie-ascii", {.width = 80, .ascii = true}},
	{"zombie", "zombie-color", {.width = 80, .color = true}},
	{"orphan", "orphan-80", {.width = 80}},
	{"orphan", "orphan-200", {.width = 200}},
	{"daemon", "daemon-80", {.width = 80}},
	{"daemon", "daemon-ascii", {.width = 120, .ascii = true}},
	{"pool", "pool-80", {.width = 80}},
	{"pool", "pool-120", {.width = 120}},
	{"stopped", "stopped-80", {.width = 80}},
	{"stopped", "stopped-color", {.width = 120, .color = true}},
	{"lost", "lost-80", {.width = 80}},
	{"threads", "threads-80", {.width = 80}},
	{"threads", "threads-120", {.width = 120}},
	{"names", "names-80", {.width = 80}},
	{"names", "names-ascii", {.width = 120, .ascii = true}},
	{"names", "names-40", {.width = 40}},
	{"storm", "storm-80", {.width = 80}},
	{"storm", "storm-ascii", {.width = 120, .ascii = true}},
	{"make", "make-120", {.width = 120}},
	{"unreaped", "unreaped-80", {.width = 80}},
	{"nowait", "nowait-80", {.width = 80}},
	{"released", "released-100", {.width = 100}},
	{"many", "many-120", {.width = 120}},
	{"chain", "chain-80", {.width = 80}},
	{"empty", "empty-80", {.width = 80}},
	{"marks", "marks-80", {.width = 80}},
	{"marks", "marks-ascii", {.width = 100, .ascii = true}},
	{"marks", "marks-few", {.width = 80, .until = 30000000}},
	{"threads", "threads-rows", {.width = 80, .threads = true}},
	{"pool",
	 "pool-view",
	 {.width = 80,
	  .since = 100000000,
	  .until = 300000000,
	  .top = 4,
	  .sort = PW_SORT_CPU,
	  .states = 1 << PW_RUNNING | 1 << PW_ZOMBIE}},
	{"zombie", "zombie.svg", {.width = 80}},
	{"daemon", "daemon.svg", {.width = 80}},
	{"stopped", "stopped.svg", {.width = 80}},
	{"lost", "lost.svg", {.width = 80}},
	{"names", "names.svg", {.width = 80}},
	{"threads", "threads.svg", {.width = 80, .threads = true}},
	{"storm", "storm.svg", {.width = 80}},
	{"pool", "pool.svg", {.width = 100, .width_asked = true, .top = 3}},
	{"empty", "empty.svg", {.width = 80}},
	{"marks", "marks.svg", {.width = 80}},
	{"marks", "marks-threads.svg", {.width = 80, .threads = true}},
	{"kept", "kept-80", {.width = 80}},
	{"zombie", "zombie-zh-80", {.width = 80}},
	{"zombie", "zombie-zh-40", {.width = 40}},
	{"orphan", "orphan-zh-120", {.width = 120}},
	{"daemon", "daemon-zh-80", {.width = 80}},
	{"stopped", "stopped-zh-80", {.width = 80}},
	{"lost", "lost-zh-80", {.width = 80}},
	{"names", "names-zh-80", {.width = 80}},
	{"storm", "storm-zh-80", {.width = 80}},
	{"make", "make-zh-120", {.width = 120}},
	{"unreaped", "unreaped-zh-80", {.width = 80}},
	{"released", "released-zh-140", {.width = 140}},
	{"threads", "threads-zh-80", {.width = 80, .threads = true}},
	{"zombie", "zombie-zh.svg", {.width = 80}},
};

static bool is_svg(const struct golden *g)
{
	return strstr(g->name, ".svg") != NULL;
}

static char *render(const struct golden *g)
{
	struct stream s;
	struct pw_model *m;
	struct pw_findings findings;
	struct pw_report report = {.view = &g->view, .findings = &findings};
	char path[256], *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	snprintf(path, sizeof(path), FOLDER "%s.stream", g->stream);
	stream_load(&s, path);
	m = stream_model(&s);
	report.language = strstr(g->name, "-zh") ? PW_CHINESE : PW_ENGLISH;
	assert_int_equal(pw_findings_make(&findings, m, s.end), 0);
	report.session = &s.session;
	report.model = m;
	report.lesson = s.lesson.count > 0 ? &s.lesson : NULL;
	assert_non_null(out);
	assert_int_equal((is_svg(g) ? pw_report_svg : pw_report_text)(&report, out), 0);
	assert_int_equal(fclose(out), 0);
	pw_findings_free(&findings);
	pw_model_free(m);
	stream_free(&s);
	return text;
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!f)
		return strdup("");
	if (getdelim(&text, &size, '\0', f) < 0)
		text = strdup("");
	fclose(f);
	return text;
}

/* Shows how a report differs from the expected one, with diff(1). */
static void show_difference(const char *expected, const char *text)
{
	char got[] = "/tmp/golden-XXXXXX";
	const int fd = mkstemp(got);
	pid_t pid;

	assert_true(fd >= 0);
	close(fd);
	write_file(got, text);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		execlp("diff", "diff", "-u", expected, got, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	unlink(got);
}

/* Skips a colour sequence; nothing else may begin with an escape character. */
static const char *skip_colour(const char *p)
{
	assert_int_equal(p[1], '[');
	for (p += 2; *p != 'm'; p++)
		assert_true((*p >= '0' && *p <= '9') || *p == ';');
	return p + 1;
}

/* Whatever the names are, no line is too wide, and no byte harms a terminal. */
static void check_lines(const struct golden *g, const char *text)
{
	size_t columns = 0;

	for (const char *p = text; *p;) {
		uint32_t c;
		size_t length = pw_utf8_decode(p, strlen(p), &c);

		assert_in_range(length, 1, 4);
		assert_false(g->view.ascii && c > 0x7e);
		if (c == '\n') {
			columns = 0;
		} else if (c == 0x1b) {
			assert_true(g->view.color);
			p = skip_colour(p);
			continue;
		} else {
			assert_int_not_equal(pw_utf8_width(c), -1);
			columns += (size_t)pw_utf8_width(c);
		}
		assert_in_range(columns, 0, g->view.width);
		p += length;
	}
}

static void test_golden(void **state)
{
	const struct golden *g = *state;
	char path[256], *text = render(g), *expected;
	bool same;

	if (!is_svg(g))
		check_lines(g, text);
	snprintf(path, sizeof(path), FOLDER "%s%s", g->name, is_svg(g) ? "" : ".txt");
	if (getenv("PW_UPDATE"))
		write_file(path, text);
	expected = read_file(path);
	same = strcmp(text, expected) == 0;
	if (!same)
		show_difference(path, text);
	free(text);
	free(expected);
	assert_true(same);
}

int main(void)
{
	enum { COUNT = sizeof(goldens) / sizeof(goldens[0]) };
	struct CMUnitTest tests[COUNT];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct CMUnitTest){goldens[i].name, test_golden, NULL, NULL, (void *)&goldens[i]};
	return _cmocka_run_group_tests("golden", tests, COUNT, NULL, NULL);
}
