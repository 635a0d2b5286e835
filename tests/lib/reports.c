/* SPDX-License-Identifier: GPL-2.0-only */
#include "lib/reports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/findings.h"
#include "lib/bytes.h"
#include "lib/kernel.h"
#include "lib/soundness.h"
#include "lib/stream.h"

#define PYTHON	     "/usr/bin/python3"
#define START	     1000
#define KERNEL_STEPS 1000
#define SMALL_CPUS   4

static void begin(struct report_batch *b, const char *judge, const char *probe, const char *missing)
{
	*b = (struct report_batch){.judge = judge};
	if (system(probe) != 0) {
		print_message("skipped, %s cannot run without %s\n", judge, missing);
		skip();
	}
	strcpy(b->folder, "/tmp/procwatch-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
}

void batch_json(struct report_batch *b)
{
	begin(b, "check_report.py", PYTHON " -c 'import jsonschema' 2>/dev/null", "python3-jsonschema");
}

void batch_perfetto(struct report_batch *b)
{
	begin(b, "check_perfetto.py", "command -v protoc >/dev/null && test -x " PYTHON, "protoc");
	b->with_traces = true;
}

static void write_report(const struct report_batch *b, const char *suffix, const struct pw_report *r,
			 int (*write)(const struct pw_report *r, FILE *out))
{
	char path[64];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%u.%s", b->folder, b->count, suffix);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_int_equal(write(r, out), 0);
	assert_int_equal(fclose(out), 0);
}

void batch_add(struct report_batch *b, const struct pw_report *r)
{
	write_report(b, "json", r, pw_report_json);
	if (b->with_traces)
		write_report(b, "pftrace", r, pw_report_perfetto);
	b->count++;
}

void batch_add_model(struct report_batch *b, const struct pw_model *m, uint64_t start, uint64_t end)
{
	const struct pw_session session = {
		.kernel = "6.12.0",
		.machine = "x86_64",
		.boot_id = "11111111-2222-3333-4444-555555555555",
		.cpus = SMALL_CPUS,
		.hook_reap = "reap",
		.hook_reparent = "reparent",
		.hook_switch = "switch",
		.start_ns = start,
		.start_wall_ns = INT64_C(1700000000000000000),
		.duration_ns = end - start,
		.received = pw_model_stats(m)->events,
	};
	const struct pw_report r = {.session = &session, .model = m};
	const char *problem = model_problem(m, end);

	if (problem)
		fail_msg("%s/%u.json: %s", b->folder, b->count, problem);
	batch_add(b, &r);
}

void batch_add_stream(struct report_batch *b, const char *path)
{
	struct stream s;
	struct pw_model *m;
	struct pw_findings findings;
	struct pw_report r = {.findings = &findings};

	stream_load(&s, path);
	m = stream_model(&s);
	assert_int_equal(pw_findings_make(&findings, m, s.end), 0);
	r.session = &s.session;
	r.model = m;
	r.lesson = s.lesson.count ? &s.lesson : NULL;
	batch_add(b, &r);
	pw_findings_free(&findings);
	pw_model_free(m);
	stream_free(&s);
}

void batch_add_kernel(struct report_batch *b, uint64_t seed, unsigned int hidden_percent,
		      unsigned int full_permille)
{
	struct pw_model *m = pw_model_new();
	const struct kernel_options options = {
		.seed = seed,
		.start = START,
		.cpus = 1 + seed % SMALL_CPUS,
		.hook = seed / SMALL_CPUS % 3,
		.hidden_percent = hidden_percent,
		.full_permille = full_permille,
		.sink = model_sink,
		.context = m,
	};
	struct kernel *k = kernel_new(&options);
	uint64_t end;

	assert_non_null(m);
	assert_non_null(k);
	kernel_run(k, KERNEL_STEPS);
	end = kernel_stop(k);
	assert_true(end);
	assert_int_equal(pw_model_finish(m, end), 0);
	if (!hidden_percent && !full_permille && kernel_untrue(k, m))
		fail_msg("seed %d: the model is not what happened", (int)seed);
	batch_add_model(b, m, START, end);
	pw_model_free(m);
	kernel_free(k);
}

static void add_bytes(struct report_batch *b, const uint8_t *noise, size_t n)
{
	struct bytes bytes = {.at = noise, .left = n, .ts = START};
	struct pw_model *m = pw_model_new();

	assert_non_null(m);
	for (struct pw_event *e = take_event(&bytes); e; e = take_event(&bytes)) {
		assert_int_equal(pw_model_feed(m, e), 0);
		free(e);
	}
	assert_int_equal(pw_model_finish(m, bytes.ts), 0);
	batch_add_model(b, m, START, bytes.ts);
	pw_model_free(m);
}

void batch_add_bytes(struct report_batch *b)
{
	static uint8_t noise[20000];

	for (unsigned int seed = 1; seed <= 40; seed++) {
		unsigned int next = seed;

		for (size_t i = 0; i < seed * 500; i++)
			noise[i] = (uint8_t)(rand_r(&next) >> 8);
		add_bytes(b, noise, seed * 500);
	}
}

void batch_judge(struct report_batch *b, const char *options)
{
	char command[256];

	snprintf(command, sizeof(command), PYTHON " tests/reports/%s %s %s/*.json && rm -r %s", b->judge,
		 options, b->folder, b->folder);
	assert_int_equal(system(command), 0);
}

void judge_kernels(void (*open_batch)(struct report_batch *b))
{
	struct report_batch b;

	open_batch(&b);
	for (uint64_t seed = 1; seed <= 24; seed++)
		batch_add_kernel(&b, seed, 0, 0);
	batch_judge(&b, "");
}

void judge_hidden_switches(void (*open_batch)(struct report_batch *b))
{
	struct report_batch b;

	open_batch(&b);
	for (uint64_t seed = 1; seed <= 12; seed++)
		batch_add_kernel(&b, seed, 1 + (unsigned int)seed % 3 * 10, 0);
	batch_judge(&b, "");
}

void judge_lost_records(void (*open_batch)(struct report_batch *b))
{
	struct report_batch b;

	open_batch(&b);
	for (uint64_t seed = 1; seed <= 12; seed++)
		batch_add_kernel(&b, seed, (unsigned int)seed % 2, 1 + (unsigned int)seed % 3 * 10);
	batch_judge(&b, "--any-events");
}
