/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The perfetto report: the encoding by hand, and whole traces of the histories of
 * tests/golden, of invented kernels and of any bytes at all. protoc decodes them,
 * and tests/check_perfetto.py holds them against the JSON report of the same.
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
#include "fuzz/bytes.h"
#include "fuzz/kernel_processes.h"
#include "lib/stream.h"
#include "report/perfetto/proto.h"
#include "report/report.h"

#define START 1000

/* ---- the encoding; the bytes are those of the format's own description */

static void assert_bytes(struct pw_proto *p, const char *expected, size_t n)
{
	assert_false(p->failed);
	assert_int_equal(p->used, n);
	assert_memory_equal(p->at, expected, n);
	pw_proto_clear(p);
}

static void test_numbers(void **state)
{
	struct pw_proto p = {0};

	(void)state;
	pw_proto_number(&p, 1, 150);
	assert_bytes(&p, "\x08\x96\x01", 3);
	pw_proto_number(&p, 2, 0);
	assert_bytes(&p, "\x10\x00", 2);
	pw_proto_number(&p, 117, (uint64_t)-1);
	assert_bytes(&p, "\xa8\x07\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12);
	pw_proto_fixed64(&p, 47, 0x0102030405060708);
	assert_bytes(&p, "\xf9\x02\x08\x07\x06\x05\x04\x03\x02\x01", 10);
	pw_proto_free(&p);
}

static void test_strings(void **state)
{
	struct pw_proto p = {0};

	(void)state;
	pw_proto_string(&p, 2, "testing");
	assert_bytes(&p, "\x12\x07testing", 9);
	pw_proto_bytes(&p, 4, "\x03\x8e\x02\x9e\xa7\x05", 6);
	assert_bytes(&p, "\x22\x06\x03\x8e\x02\x9e\xa7\x05", 8);
	pw_proto_bytes(&p, 2, NULL, 0);
	assert_bytes(&p, "\x12\x00", 2);
	pw_proto_free(&p);
}

/* The length of a message is not known before it is whole. */
static void test_messages(void **state)
{
	static const size_t sizes[] = {0, 1, 120, 125, 126, 200, 16000, 16380, 16384, 3000000};
	struct pw_proto p = {0};
	char *filling = calloc(1, 3000000);

	(void)state;
	assert_non_null(filling);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint8_t head[10], inner_head[10];
		const size_t inner_n = pw_proto_encode(inner_head, sizes[i]);
		const size_t n = pw_proto_encode(head, 1 + inner_n + sizes[i]);
		const size_t outer = pw_proto_open(&p, 3), inner = pw_proto_open(&p, 1);

		pw_proto_raw(&p, filling, sizes[i]);
		pw_proto_close(&p, inner);
		pw_proto_close(&p, outer);
		assert_int_equal(p.used, 1 + n + 1 + inner_n + sizes[i]);
		assert_int_equal(p.at[0], 0x1a);
		assert_memory_equal(p.at + 1, head, n);
		assert_int_equal(p.at[1 + n], 0x0a);
		assert_memory_equal(p.at + 2 + n, inner_head, inner_n);
		assert_memory_equal(p.at + 2 + n + inner_n, filling, sizes[i]);
		pw_proto_clear(&p);
	}
	pw_proto_free(&p);
	free(filling);
}

/* ---- the judge */

struct court { /* reports wait here to be judged together, for a judge takes a while to come */
	char dir[40];
};

static void court_open(struct court *c)
{
	strcpy(c->dir, "/tmp/pw-perfetto-XXXXXX");
	assert_non_null(mkdtemp(c->dir));
}

static void write_report(const struct court *c, const char *name, const char *suffix,
			 const struct pw_report *r, int (*write)(const struct pw_report *r, FILE *out))
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s.%s", c->dir, name, suffix);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_int_equal(write(r, out), 0);
	assert_int_equal(fclose(out), 0);
}

static void court_add(const struct court *c, const char *name, const struct pw_report *r)
{
	write_report(c, name, "json", r, pw_report_json);
	write_report(c, name, "pftrace", r, pw_report_perfetto);
}

static void court_judge(const struct court *c, const char *options)
{
	const char *slash = strrchr(__FILE__, '/');
	const int here = slash ? (int)(slash - __FILE__) : 1;
	char command[512];

	snprintf(command, sizeof(command), "python3 %.*s/../check_perfetto.py %s %s/*.json && rm -r %s", here,
		 slash ? __FILE__ : ".", options, c->dir, c->dir);
	assert_int_equal(system(command), 0);
}

/* ---- the histories the text report is tested with */

static void add_stream(const struct court *c, const char *folder, const char *name)
{
	struct stream s;
	struct pw_model *m;
	struct pw_findings findings;
	struct pw_report r = {.findings = &findings};
	char path[64];

	snprintf(path, sizeof(path), "%s/%s.stream", folder, name);
	stream_load(&s, path);
	m = stream_model(&s);
	assert_int_equal(pw_findings_make(&findings, m, s.end), 0);
	r.session = &s.session;
	r.model = m;
	r.lesson = s.lesson.count ? &s.lesson : NULL;
	court_add(c, name, &r);
	pw_findings_free(&findings);
	pw_model_free(m);
	stream_free(&s);
}

static void test_streams(void **state)
{
	static const char *const names[] = {
		"zombie", "orphan", "daemon", "pool",  "stopped",  "lost",   "threads", "names",
		"storm",  "make",   "many",   "chain", "unreaped", "nowait", "empty",	"marks",
	};
	struct court c;

	(void)state;
	court_open(&c);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_stream(&c, "tests/golden", names[i]);
	add_stream(&c, "tests/perfetto", "states");
	add_stream(&c, "tests/perfetto", "sections");
	court_judge(&c, "");
}

/* ---- many processes at random */

static void add_model(const struct court *c, uint64_t number, const struct pw_model *m, uint64_t end)
{
	const struct pw_session session = {
		.kernel = "6.12.0",
		.machine = "x86_64",
		.boot_id = "11111111-2222-3333-4444-555555555555",
		.cpus = MAX_CPUS,
		.hook_reap = "reap",
		.hook_reparent = "reparent",
		.hook_switch = "switch",
		.start_ns = START,
		.start_wall_ns = INT64_C(1700000000000000000),
		.duration_ns = end - START,
		.received = pw_model_stats(m)->events,
	};
	const struct pw_report r = {.session = &session, .model = m};
	char name[32];

	snprintf(name, sizeof(name), "%llu", (unsigned long long)number);
	court_add(c, name, &r);
}

static int listen(void *model, const struct pw_event *e)
{
	return pw_model_feed(model, e);
}

static void play_kernel(const struct court *c, uint64_t seed, unsigned int hide, unsigned int full)
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
	add_model(c, seed, m, k.ts);
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

/* Whatever the model makes of noise is written, and protoc reads it. */
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
			assert_int_equal(pw_model_feed(m, e), 0);
			free(e);
		}
		assert_int_equal(pw_model_finish(m, b.ts), 0);
		add_model(&c, seed, m, b.ts);
		pw_model_free(m);
	}
	court_judge(&c, "--decode-only");
}

static void test_full_disk(void **state)
{
	struct stream s;
	struct pw_model *m;
	struct pw_report r = {0};
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	stream_load(&s, "tests/golden/zombie.stream");
	m = stream_model(&s);
	r.session = &s.session;
	r.model = m;
	assert_int_equal(pw_report_perfetto(&r, out), -ENOSPC);
	fclose(out);
	pw_model_free(m);
	stream_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),		 cmocka_unit_test(test_strings),
		cmocka_unit_test(test_messages),	 cmocka_unit_test(test_streams),
		cmocka_unit_test(test_invented_kernels), cmocka_unit_test(test_hidden_switches),
		cmocka_unit_test(test_lost_records),	 cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests_name("perfetto report", tests, NULL, NULL);
}
