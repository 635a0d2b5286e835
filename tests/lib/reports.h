/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reports for the judges of tests/reports, which are Python and take a while to start: a batch of reports is written
 * into a folder, and judged together.
 */
#ifndef TESTS_LIB_REPORTS_H
#define TESTS_LIB_REPORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"
#include "report/report.h"

struct report_batch {
	/* The judge's file in tests/reports. */
	const char *judge;
	char folder[32];
	unsigned int count;
	/* Besides each JSON report the Perfetto trace of the same. */
	bool with_traces;
};

/* Reports for check_report.py, or for check_perfetto.py. The test is skipped where its judge cannot run. */
void batch_json(struct report_batch *b);
void batch_perfetto(struct report_batch *b);
void batch_add(struct report_batch *b, const struct pw_report *r);
/* A report of a model whose recording began at start; it must be sound, whoever made it. */
void batch_add_model(struct report_batch *b, const struct pw_model *m, uint64_t start, uint64_t end);
/* The report of a stream (lib/stream.h), with its findings and lesson. */
void batch_add_stream(struct report_batch *b, const char *path);
/*
 * The report of a made-up kernel's 1000 steps (lib/kernel.h). If every event was raised, the model must be what
 * really happened.
 */
void batch_add_kernel(struct report_batch *b, uint64_t seed, unsigned int hidden_percent,
		      unsigned int full_permille);
/* Reports of 40 sequences of any events at all (lib/bytes.h). */
void batch_add_bytes(struct report_batch *b);
/* The test fails if a report has a problem. options: the judge's. */
void batch_judge(struct report_batch *b, const char *options);

/*
 * Batches of made-up kernels, judged: all events are raised; some switches are not; the ring is full now and then,
 * so that births and exits are dropped as well. open_batch: batch_json or batch_perfetto.
 */
void judge_kernels(void (*open_batch)(struct report_batch *b));
void judge_hidden_switches(void (*open_batch)(struct report_batch *b));
void judge_lost_records(void (*open_batch)(struct report_batch *b));

#endif
