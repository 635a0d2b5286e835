/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The JSON report: of a few events by hand, of made-up kernels whose truth is known, and of any bytes at all.
 * check_report.py judges each of them.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/findings.h"
#include "course/course.h"
#include "lib/events.h"
#include "lib/reports.h"
#include "report/report.h"

#define START 1000

/* ---- a process by hand: a parent forks a child with a strange name, which is reaped late */

#define PARENT 10
#define CHILD  11

/* A birth that was raised a little after the task's start. */
static void add_birth(struct event_source *ev, uint64_t ts, uint32_t tid, uint32_t parent)
{
	struct pw_birth e = ev_birth(ev, START + ts, parent, tid, tid, "parent");

	e.h.start = ev_task(ev, tid)->start = START + tid;
	e.parent_start = START + parent;
	memcpy(e.parent_comm, "sh", 3);
	ev_emit(ev, &e);
}

static void add_exec(struct event_source *ev, uint64_t ts, const char *argv, uint32_t len)
{
	struct pw_exec e = {.h = {.ts = START + ts, .start = START + CHILD, .tid = CHILD, .kind = PW_EV_EXEC},
			    .old_tid = CHILD,
			    .argv_len = len};

	memcpy(e.comm, "\x1b[2J\xff\xe2\x80\xa8", 8);
	memcpy(e.exe, "/bin/\xc3\xa9\"", 8);
	memcpy(e.argv, argv, len);
	ev_emit(ev, &e);
}

static struct pw_model *small_model(uint32_t status, bool reaped)
{
	static const char argv[] = "a \"word\"\0\0\xf0\x9f\xa7\x9f\0</script>";
	static struct event_source ev;
	struct pw_model *m = pw_model_new();

	assert_non_null(m);
	ev_begin(&ev, model_sink, m);
	add_birth(&ev, 20, PARENT, 1);
	ev_on(&ev, START + 100, 0, PARENT);
	add_birth(&ev, 150, CHILD, PARENT);
	ev_switch(&ev, START + 200, PARENT, STATE_SLEEP, 0x7fff, CHILD);
	add_exec(&ev, 210, argv, sizeof(argv));
	ev_exit(&ev, START + 300, CHILD, status);
	ev_notice(&ev, START + 310, CHILD, PARENT);
	ev_die(&ev, START + 330, CHILD, EXIT_STATE_ZOMBIE);
	if (reaped)
		ev_reap(&ev, START + 900, CHILD, PARENT, PW_REAP_RELEASE);
	assert_int_equal(ev.result, 0);
	assert_int_equal(pw_model_finish(m, START + 1000), 0);
	return m;
}

static const uint32_t pids[] = {PARENT};
static const char *const command[] = {"demo", "\xff", NULL};
static const struct pw_session session = {
	.kernel = "6.1",
	.machine = "x86_64",
	.cpus = 2,
	.hook_reap = "fentry",
	.target = PW_TARGET_RUN,
	.command = command,
	.pids = pids,
	.n_pids = 1,
	.start_ns = START,
	.duration_ns = 1000,
	.start_wall_ns = 1704164645123456789,
	.received = 9,
};

static char *json_of(const struct pw_report *r)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_int_equal(pw_report_json(r, out), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(text), len);
	return text;
}

static void assert_says(const char *json, const char *words)
{
	if (!strstr(json, words))
		fail_msg("the report does not say %s:\n%s", words, json);
}

static void test_small(void **state)
{
	struct pw_model *m = small_model(7 << 8, true);
	const struct pw_report r = {.session = &session, .model = m};
	char *json = json_of(&r);
	struct report_batch b;

	(void)state;
	assert_says(json, "{\"schema\": \"procwatch.report/1\", \"version\": \"");
	assert_says(json, "\n \"host\": {\"kernel\": \"6.1\", \"machine\": \"x86_64\", \"cpus\": 2, "
			  "\"boot_id\": null},");
	assert_says(
		json,
		"\"target\": {\"kind\": \"run\", \"command\": [\"demo\", \"\xef\xbf\xbd\"], \"pids\": [10]}");
	assert_says(json, "\"start_wall\": \"2024-01-02T03:04:05.123456789Z\"");
	assert_says(json, "\"comm\": \"\\u001b[2J\xef\xbf\xbd\\u2028\"");
	assert_says(json, "\"argv\": [\"a \\\"word\\\"\", \"\", \"\xf0\x9f\xa7\x9f\", \"\\u003c/script>\"]");
	assert_says(json, "\"fork_parent\": {\"pid\": 10, \"start_ns\": 10, \"comm\": \"sh\"}");
	assert_says(json, "\"exit\": {\"at_ns\": 310, \"code\": 7, \"signal\": null, \"core_dumped\": false");
	assert_says(json, "\"zombie\": {\"from_ns\": 310, \"to_ns\": 900, \"ns\": 590}");
	assert_says(json,
		    "\"reap\": {\"at_ns\": 900, \"by_pid\": 10, \"by_comm\": \"parent\", \"how\": \"wait\", "
		    "\"latency_ns\": 590, \"precision\": \"exact\"}");
	assert_says(json, "\"state\": \"blocked\", \"cpu\": null, \"detail\": "
			  "\"interruptible:syscall_32767\", \"by\": null}");
	assert_says(json, "\n \"findings\": [],\n \"lesson\": null\n}\n");
	free(json);
	batch_json(&b);
	batch_add(&b, &r);
	batch_judge(&b, "");
	pw_model_free(m);
}

/* A recording may say anything there: what is no count is passed over, and what follows it. */
static void test_skipped_by(void **state)
{
	static const char *const cases[][2] = {
		{"on_exit=2 on_wait4=1", "\"skipped_by\": [{\"program\": \"on_exit\", \"runs\": 2}, "
					 "{\"program\": \"on_wait4\", \"runs\": 1}]"},
		{"a\"b=3 on_exit=x c=4", "\"skipped_by\": [{\"program\": \"a\\\"b\", \"runs\": 3}]"},
		{"", "\"skipped_by\": []"},
		{"a_name_of_more_than_thirty_one_bytes=1", "\"skipped_by\": []"},
	};
	struct pw_model *m = small_model(0, true);
	struct pw_session with = session;
	const struct pw_report r = {.session = &with, .model = m};
	struct report_batch b;

	(void)state;
	batch_json(&b);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *json;

		with.skipped_by = cases[i][0];
		json = json_of(&r);
		assert_says(json, cases[i][1]);
		free(json);
		batch_add(&b, &r);
	}
	batch_judge(&b, "");
	pw_model_free(m);
}

static void test_killed_unreaped(void **state)
{
	struct pw_model *m = small_model(0x80 | 11, false);
	struct pw_session attached = session;
	const struct pw_report r = {.session = &attached, .model = m};
	char *json;
	struct report_batch b;

	(void)state;
	attached.target = PW_TARGET_ATTACH;
	attached.command = NULL;
	attached.start_wall_ns = -1;
	json = json_of(&r);
	assert_says(json, "\"code\": null, \"signal\": 11, \"core_dumped\": true");
	assert_says(json,
		    "\"zombie\": {\"from_ns\": 310, \"to_ns\": null, \"ns\": null},\n   \"reap\": null");
	assert_says(json, "\"kind\": \"attach\", \"command\": null");
	assert_says(json, "\"1969-12-31T23:59:59.999999999Z\"");
	free(json);
	batch_json(&b);
	batch_add(&b, &r);
	batch_judge(&b, "");
	pw_model_free(m);
}

static void test_findings_and_lesson(void **state)
{
	struct pw_finding found[] = {
		{.severity = PW_WARNING,
		 .pid = CHILD,
		 .start = START + CHILD,
		 .fact = pw_fact_make("alive", PW_VALUES(pw_value_process_named("process", CHILD,
										START + CHILD, "\xff")))},
		{.severity = PW_NOTE, .fact = pw_fact_make("lost", PW_VALUES(pw_value_count("lost", 7)))},
	};
	static const struct pw_sentence words[] = {
		{.code = "lasted", .text = "{zombie_ns} ns"}, {.code = "said", .text = "{text}"}, {0}};
	struct pw_fact lasted = pw_fact_make("lasted", PW_VALUES(pw_value_count("zombie_ns", 590)));
	struct pw_fact said = pw_fact_make("said", PW_VALUES(pw_value_text("text", "\n")));
	struct pw_claim claims[] = {
		{.id = "zombie", .text = "it stays", .held = true, .facts = {.at = &lasted, .count = 1}},
		{.id = "freed", .text = "it goes", .held = false, .facts = {.at = &said, .count = 1}},
	};
	const struct pw_findings findings = {.at = found, .count = 2};
	const struct pw_lesson lesson = {
		.demo = "demo_zombie", .claims = claims, .count = 2, .words = {words}};
	struct pw_model *m = small_model(0, true);
	const struct pw_report r = {
		.session = &session, .model = m, .findings = &findings, .lesson = &lesson};
	char *json = json_of(&r);
	struct report_batch b;

	(void)state;
	assert_says(
		json,
		"\n  {\"code\": \"alive\", \"severity\": \"warning\", \"pid\": 11, \"text\": "
		"\"11 \xef\xbf\xbd was still alive when the recording ended.\", \"start_ns\": 11, "
		"\"facts\": {\"process\": {\"pid\": 11, \"start_ns\": 11, \"comm\": \"\xef\xbf\xbd\"}}},\n  "
		"{\"code\": \"lost\", \"severity\": \"note\", \"pid\": null, ");
	assert_says(json, "\n \"lesson\": {\"demo\": \"demo_zombie\", \"claims\": [\n"
			  "   {\"id\": \"zombie\", \"text\": \"it stays\", \"held\": true, \"evidence\": "
			  "\"590 ns\", \"facts\": [{\"code\": \"lasted\", \"zombie_ns\": 590}]},\n");
	free(json);
	batch_json(&b);
	batch_add(&b, &r);
	batch_judge(&b, "");
	pw_model_free(m);
}

static void test_full_disk(void **state)
{
	struct pw_model *m = small_model(0, true);
	const struct pw_report r = {.session = &session, .model = m};
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	assert_int_equal(pw_report_json(&r, out), -ENOSPC);
	fclose(out);
	pw_model_free(m);
}

/* ---- many processes at random */

static void test_kernels(void **state)
{
	(void)state;
	judge_kernels(batch_json);
}

static void test_hidden_switches(void **state)
{
	(void)state;
	judge_hidden_switches(batch_json);
}

static void test_lost_records(void **state)
{
	(void)state;
	judge_lost_records(batch_json);
}

static void test_any_bytes(void **state)
{
	struct report_batch b;

	(void)state;
	batch_json(&b);
	batch_add_bytes(&b);
	batch_judge(&b, "--any-events");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),		cmocka_unit_test(test_skipped_by),
		cmocka_unit_test(test_killed_unreaped), cmocka_unit_test(test_findings_and_lesson),
		cmocka_unit_test(test_full_disk),	cmocka_unit_test(test_kernels),
		cmocka_unit_test(test_hidden_switches), cmocka_unit_test(test_lost_records),
		cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests_name("json report", tests, NULL, NULL);
}
