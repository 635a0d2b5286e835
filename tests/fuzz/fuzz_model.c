/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A libFuzzer target: any sequence of events through the model and the JSON
 * report. Nothing may crash, and the model must be sound.
 *
 * With -DPW_FUZZ_PRINT it is a program that writes one input's events to standard
 * error and the report to standard output, for a person to read and for
 * tests/reports/check_report.py to judge.
 */
#include <inttypes.h>
#include <stdio.h>

#include "lib/bytes.h"
#include "lib/soundness.h"
#include "model/questions.h"
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int report(const struct pw_model *m, uint64_t end, FILE *out)
{
	const struct pw_session session = {
		.target = PW_TARGET_SYSTEM, .start_ns = FIRST_TS, .duration_ns = end - FIRST_TS};
	const struct pw_report r = {.session = &session, .model = m};

	return pw_report_json(&r, out);
}

/* Asks every question that a view may ask, around the moments that matter. */
static void ask(const struct pw_model *m, const struct pw_process *process)
{
	const uint64_t moments[] = {
		0, process->start, process->exit_at, process->reap_at, pw_process_end(process), UINT64_MAX};
	struct pw_span span;

	for (size_t i = 0; i < 3 * sizeof(moments) / sizeof(moments[0]); i++) {
		uint64_t at = moments[i / 3] + i % 3 - 1;
		const struct pw_process *found = pw_model_find(m, process->pid, at);

		if (found && (found->pid != process->pid || at < found->start ||
			      (found->reaped && at > found->reap_at)))
			abort();
		pw_model_find_tid(m, process->pid, at);
		pw_process_comm_at(process, at);
		pw_process_parent_at(process, at);
		if (pw_process_span_at(process, at, &span) && (span.from > at || span.to < at))
			abort();
	}
}

static void show_event(const struct pw_event *e)
{
#ifdef PW_FUZZ_PRINT
	fprintf(stderr, "%" PRIu64 " kind %d flags %#x cpu %d: %u@%" PRIu64, e->ts, e->kind, e->flags, e->cpu,
		e->tid, e->start);
	if (e->kind == PW_EV_SWITCH) {
		const struct pw_switch *s = (const struct pw_switch *)e;

		fprintf(stderr, " to %u@%" PRIu64 " state %#x %#x, ran %" PRIu64 ", %u + %u, woken %" PRIu64,
			s->next_tid, s->next_start, s->prev_state, s->prev_exit_state, s->prev_runtime,
			s->prev_nvcsw, s->prev_nivcsw, s->woken);
	}
	fputc('\n', stderr);
#else
	(void)e;
#endif
}

/* The model of all the events; *end is not before the last one. */
static struct pw_model *feed(const uint8_t *data, size_t size, uint64_t *end)
{
	struct bytes b = {.at = data, .left = size, .ts = FIRST_TS};
	struct pw_model *m = pw_model_new();
	struct pw_event *e;

	if (!m)
		abort();
	while ((e = take_event(&b))) {
		show_event(e);
		if (pw_model_feed(m, e))
			abort();
		free(e);
	}
	*end = b.ts + size % 3;
	if (pw_model_finish(m, *end))
		abort();
	return m;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *null;
	uint64_t end;
	struct pw_model *m = feed(data, size, &end);
	const char *wrong = model_problem(m, end);

	if (wrong) {
		fprintf(stderr, "unsound: %s\n", wrong);
		abort();
	}
	for (size_t i = 0; i < pw_model_count(m); i++)
		ask(m, pw_model_process(m, i));
	if (!null)
		null = fopen("/dev/null", "w");
	if (!null || report(m, end, null))
		abort();
	pw_model_free(m);
	return 0;
}

#ifdef PW_FUZZ_PRINT
int main(int argc, char **argv)
{
	static uint8_t data[1 << 20];
	FILE *in = argc > 1 ? fopen(argv[1], "r") : stdin;
	size_t size = in ? fread(data, 1, sizeof(data), in) : 0;
	uint64_t end;
	struct pw_model *m = feed(data, size, &end);
	int err = report(m, end, stdout);

	pw_model_free(m);
	return err != 0;
}
#endif
