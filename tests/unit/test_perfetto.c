/* SPDX-License-Identifier: GPL-2.0-only */
/* The Perfetto report: its encoding, by hand. tests/reports/test_perfetto.c judges whole traces. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/stream.h"
#include "report/perfetto/proto.h"
#include "report/report.h"

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

/* The length of a message is known only at its end. */
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
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests_name("perfetto encoding", tests, NULL, NULL);
}
