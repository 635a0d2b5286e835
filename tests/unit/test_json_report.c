/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The JSON report: of a few events by hand, of invented kernels whose truth is
 * known, and of any bytes at all. tests/check_report.py judges each of them.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "analysis/findings.h"
#include "course/course.h"
#include "fuzz/bytes.h"
#include "fuzz/truth.h"
#include "lib/soundness.h"
#include "report/report.h"

#define START 1000

/* ---- the judge */

struct court { /* reports wait here to be judged together, for a judge takes a while to come */
	char dir[32];
	unsigned int count;
};

static void court_open(struct court *c)
{
	strcpy(c->dir, "/tmp/pw-json-XXXXXX");
	c->count = 0;
	assert_non_null(mkdtemp(c->dir));
}

static void court_add(struct court *c, const struct pw_report *r)
{
	char name[64];
	FILE *out;

	snprintf(name, sizeof(name), "%s/%u.json", c->dir, c->count++);
	out = fopen(name, "w");
	assert_non_null(out);
	assert_int_equal(pw_report_json(r, out), 0);
	assert_int_equal(fclose(out), 0);
}

static void court_judge(struct court *c, const char *options)
{
	const char *slash = strrchr(__FILE__, '/');
	int here = slash ? (int)(slash - __FILE__) : 1;
	char command[512];

	snprintf(command, sizeof(command), "python3 %.*s/../check_report.py %s %s/*.json && rm -r %s", here,
		 slash ? __FILE__ : ".", options, c->dir, c->dir);
	assert_int_equal(system(command), 0);
}

/* ---- a process by hand: a parent forks a child with a strange name, which is reaped late */

#define PARENT 10
#define CHILD  11

static struct pw_event at(uint64_t ts, enum pw_event_kind kind, uint32_t tid)
{
	return (struct pw_event){.ts = START + ts, .start = START + tid, .tid = tid, .kind = (uint8_t)kind};
}

static void feed(struct pw_model *m, const void *event)
{
	assert_int_equal(pw_model_feed(m, event), 0);
}

static void feed_birth(struct pw_model *m, uint64_t ts, uint32_t tid, uint32_t parent, const char *comm)
{
	struct pw_birth e = {.h = at(ts, PW_EV_BIRTH, tid), .tgid = tid, .parent_tid = parent};

	e.parent_tgid = parent;
	e.parent_start = START + parent;
	e.ns_pid = tid;
	e.exit_signal = 17;
	memcpy(e.comm, comm, strlen(comm));
	memcpy(e.parent_comm, "sh", 3);
	feed(m, &e);
}

/* count: its switches so far, this one included; runtime: its time on a CPU. */
static void feed_switch(struct pw_model *m, uint64_t ts, uint32_t prev, uint32_t next, uint32_t state,
			uint64_t runtime, uint32_t count)
{
	struct pw_switch e = {.h = at(ts, PW_EV_SWITCH, prev), .next_tid = next, .next_start = START + next};

	e.h.flags = (prev ? PW_PREV_WATCHED : 0) | (next ? PW_NEXT_WATCHED : 0);
	e.prev_state = state;
	e.prev_exit_state = state == 0x80 ? 0x20 : 0;
	e.prev_runtime = runtime;
	e.prev_nvcsw = count;
	e.prev_syscall = state == 1 ? 0x7fff : -1;
	feed(m, &e);
}

static void feed_exec(struct pw_model *m, uint64_t ts, const char *argv, uint32_t len)
{
	struct pw_exec e = {.h = at(ts, PW_EV_EXEC, CHILD), .old_tid = CHILD, .argv_len = len};

	memcpy(e.comm, "\x1b[2J\xff\xe2\x80\xa8", 8);
	memcpy(e.exe, "/bin/\xc3\xa9\"", 8);
	memcpy(e.argv, argv, len);
	feed(m, &e);
}

static void feed_exit(struct pw_model *m, uint64_t ts, uint32_t status)
{
	struct pw_exit e = {.h = at(ts, PW_EV_EXIT, CHILD), .tgid = CHILD, .parent_tgid = PARENT};
	struct pw_signal notice = {.h = at(ts + 10, PW_EV_SIGNAL, CHILD), .from_tgid = CHILD};

	e.h.flags = PW_GROUP_DEAD;
	e.wait_status = status;
	e.exit_signal = 17;
	feed(m, &e);
	notice.to_tid = notice.to_tgid = PARENT;
	notice.to_start = START + PARENT;
	notice.sig = 17;
	notice.exit_notice = 1;
	feed(m, &notice);
}

static struct pw_model *small_model(uint32_t status, bool reaped)
{
	static const char argv[] = "a \"word\"\0\0\xf0\x9f\xa7\x9f\0</script>";
	struct pw_model *m = pw_model_new();
	struct pw_reap reap = {.h = at(900, PW_EV_REAP, CHILD), .by_tid = PARENT, .by_tgid = PARENT};

	assert_non_null(m);
	feed_birth(m, 20, PARENT, 1, "parent");
	feed_switch(m, 100, 0, PARENT, 0, 0, 0);
	feed_birth(m, 150, CHILD, PARENT, "parent");
	feed_switch(m, 200, PARENT, CHILD, 1, 100, 1);
	feed_exec(m, 210, argv, sizeof(argv));
	feed_exit(m, 300, status);
	feed_switch(m, 330, CHILD, 0, 0x80, 130, 1);
	reap.hook = PW_REAP_RELEASE;
	memcpy(reap.by_comm, "parent", 7);
	if (reaped)
		feed(m, &reap);
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
	struct court c;

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
	court_open(&c);
	court_add(&c, &r);
	court_judge(&c, "");
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
	struct court c;

	(void)state;
	court_open(&c);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *json;

		with.skipped_by = cases[i][0];
		json = json_of(&r);
		assert_says(json, cases[i][1]);
		free(json);
		court_add(&c, &r);
	}
	court_judge(&c, "");
	pw_model_free(m);
}

static void test_killed_unreaped(void **state)
{
	struct pw_model *m = small_model(0x80 | 11, false);
	struct pw_session attached = session;
	const struct pw_report r = {.session = &attached, .model = m};
	char *json;
	struct court c;

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
	court_open(&c);
	court_add(&c, &r);
	court_judge(&c, "");
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
	struct pw_claim claims[] = {
		{.id = "zombie", .text = "it stays", .held = true, .evidence = "590 ns"},
		{.id = "freed", .text = "it goes", .held = false, .evidence = "\n"},
	};
	const struct pw_findings findings = {.at = found, .count = 2};
	const struct pw_lesson lesson = {.demo = "demo_zombie", .claims = claims, .count = 2};
	struct pw_model *m = small_model(0, true);
	const struct pw_report r = {
		.session = &session, .model = m, .findings = &findings, .lesson = &lesson};
	char *json = json_of(&r);
	struct court c;

	(void)state;
	assert_says(
		json,
		"\n  {\"code\": \"alive\", \"severity\": \"warning\", \"pid\": 11, \"text\": "
		"\"11 \xef\xbf\xbd was still alive when the recording ended.\", \"start_ns\": 11, "
		"\"facts\": {\"process\": {\"pid\": 11, \"start_ns\": 11, \"comm\": \"\xef\xbf\xbd\"}}},\n  "
		"{\"code\": \"lost\", \"severity\": \"note\", \"pid\": null, ");
	assert_says(json, "\n \"lesson\": {\"demo\": \"demo_zombie\", \"claims\": [\n"
			  "   {\"id\": \"zombie\", \"text\": \"it stays\", \"held\": true, \"evidence\": "
			  "\"590 ns\", \"facts\": []},\n");
	free(json);
	court_open(&c);
	court_add(&c, &r);
	court_judge(&c, "");
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

static void judge_model(struct court *c, const struct pw_model *m, uint64_t end)
{
	const char *wrong = model_problem(m, end);
	struct pw_session s = session;
	const struct pw_report r = {.session = &s, .model = m};

	if (wrong)
		fail_msg("%s/%u.json: %s", c->dir, c->count, wrong);
	s.duration_ns = end - START;
	court_add(c, &r);
}

static int listen(void *model, const struct pw_event *e)
{
	return pw_model_feed(model, e);
}

static void play_kernel(struct court *c, uint64_t seed, unsigned int hide, unsigned int full)
{
	static struct kernel k;
	struct pw_model *m = pw_model_new();

	assert_non_null(m);
	k = (struct kernel){.rand = seed * 0x9e3779b97f4a7c15 + 1, .ts = START, .cpus = 1 + seed % MAX_CPUS};
	k.hook = seed / MAX_CPUS % 3;
	k.hide = hide;
	k.full = full;
	k.tell = listen;
	k.listener = m;
	for (int i = 0; i < 1000; i++)
		play(&k);
	stop(&k);
	assert_false(k.broken);
	assert_int_equal(pw_model_finish(m, k.ts), 0);
	if (!hide && !full && untrue(&k, m))
		fail_msg("seed %d: the model is not what happened", (int)seed);
	judge_model(c, m, k.ts);
	pw_model_free(m);
	drop(&k);
}

static void test_invented_kernels(void **state)
{
	struct court c;

	(void)state;
	court_open(&c);
	for (uint64_t seed = 1; seed <= 24; seed++)
		play_kernel(&c, seed, 0, 0);
	court_judge(&c, "");
}

/* The kernel does not raise every switch. */
static void test_hidden_switches(void **state)
{
	struct court c;

	(void)state;
	court_open(&c);
	for (uint64_t seed = 1; seed <= 12; seed++)
		play_kernel(&c, seed, 1 + (unsigned int)seed % 3 * 10, 0);
	court_judge(&c, "");
}

/* The ring is full now and then: births and deaths are missed as well. */
static void test_lost_records(void **state)
{
	struct court c;

	(void)state;
	court_open(&c);
	for (uint64_t seed = 1; seed <= 12; seed++)
		play_kernel(&c, seed, (unsigned int)seed % 2, 1 + (unsigned int)seed % 3 * 10);
	court_judge(&c, "--any-events");
}

static void test_any_bytes(void **state)
{
	static uint8_t noise[20000];
	struct court c;

	(void)state;
	court_open(&c);
	for (unsigned int seed = 1; seed <= 40; seed++) {
		struct bytes b = {.at = noise, .left = seed * 500, .ts = START};
		struct pw_model *m = pw_model_new();
		struct pw_event *e;
		unsigned int next = seed;

		assert_non_null(m);
		for (size_t i = 0; i < b.left; i++)
			noise[i] = (uint8_t)(rand_r(&next) >> 8);
		for (e = take_event(&b); e; e = take_event(&b)) {
			feed(m, e);
			free(e);
		}
		assert_int_equal(pw_model_finish(m, b.ts), 0);
		judge_model(&c, m, b.ts);
		pw_model_free(m);
	}
	court_judge(&c, "--any-events");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),		cmocka_unit_test(test_skipped_by),
		cmocka_unit_test(test_killed_unreaped), cmocka_unit_test(test_findings_and_lesson),
		cmocka_unit_test(test_full_disk),	cmocka_unit_test(test_invented_kernels),
		cmocka_unit_test(test_hidden_switches), cmocka_unit_test(test_lost_records),
		cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests_name("json report", tests, NULL, NULL);
}
