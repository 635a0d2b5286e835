/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of findings share: a parent and its children, and the sentences of what is found about them. */
#ifndef TESTS_LIB_FINDINGS_H
#define TESTS_LIB_FINDINGS_H

#include <stdint.h>

#include "analysis/findings.h"
#include "lib/events.h"
#include "util/text.h"

#define MS UINT64_C(1000000)

struct findings_test {
	struct event_source ev;
	struct pw_model *m;
	struct pw_findings f;
	struct pw_text text;
};

/* For cmocka: *state is a struct findings_test. */
int findings_setup(void **state);
int findings_teardown(void **state);
/* Process 10 "parent", on CPU 0 from 1 ms on. */
struct findings_test *parent_runs(void **state);
/* A child on CPU 1 that exits at once, at from, and is not reaped yet. */
void child_ends(struct findings_test *s, uint64_t from, uint32_t pid, uint32_t status);
/* Ends the recording and makes its findings, each of which must have sentences in every language. */
void find_all(struct findings_test *s, uint64_t end);
/* The only finding with this code; the parent outlives every history here, so its own finding does not count. */
const struct pw_finding *only_finding(struct findings_test *s, const char *code);
/* Whether the English sentences hold these words; whether they are these. */
void assert_says(struct findings_test *s, const struct pw_finding *f, const char *words);
void assert_reads(struct findings_test *s, const struct pw_finding *f, const char *expected);
/* The first finding with this code, of several findings. */
const struct pw_finding *first_finding(const struct findings_test *s, const char *code);

#endif
