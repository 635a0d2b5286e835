/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Perfetto report: whole traces of the streams of tests/golden, of made-up kernels and of any bytes at all.
 * protoc decodes them, and check_perfetto.py compares each with the JSON report of the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lib/reports.h"

static void test_streams(void **state)
{
	static const char *const paths[] = {
		"golden/zombie", "golden/orphan",  "golden/daemon",    "golden/pool",	"golden/stopped",
		"golden/lost",	 "golden/threads", "golden/names",     "golden/storm",	"golden/make",
		"golden/many",	 "golden/chain",   "golden/unreaped",  "golden/nowait", "golden/empty",
		"golden/marks",	 "reports/states", "reports/sections",
	};
	struct report_batch b;

	(void)state;
	batch_perfetto(&b);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), "tests/%s.stream", paths[i]);
		batch_add_stream(&b, path);
	}
	batch_judge(&b, "");
}

/* ---- many processes at random */

static void test_kernels(void **state)
{
	(void)state;
	judge_kernels(batch_perfetto);
}

static void test_hidden_switches(void **state)
{
	(void)state;
	judge_hidden_switches(batch_perfetto);
}

static void test_lost_records(void **state)
{
	(void)state;
	judge_lost_records(batch_perfetto);
}

/* Whatever the model makes of noise is written, and protoc reads it. */
static void test_any_bytes(void **state)
{
	struct report_batch b;

	(void)state;
	batch_perfetto(&b);
	batch_add_bytes(&b);
	batch_judge(&b, "--decode-only");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams),		cmocka_unit_test(test_kernels),
		cmocka_unit_test(test_hidden_switches), cmocka_unit_test(test_lost_records),
		cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests_name("perfetto report", tests, NULL, NULL);
}
