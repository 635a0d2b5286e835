/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intervals are by far the most of a JSON report. Their keys are fixed and their words are
 * procwatch's own, so nothing needs escaping, and each is put together as one text.
 */
#include "report/json_interval.h"

#include "util/kernel_names.h"
#include "util/line.h"

static void put_cpu(struct pw_line *line, const struct pw_span *span)
{
	if (span->state == PW_RUNNING && span->cpu != PW_NO_CPU)
		pw_line_number(line, span->cpu);
	else
		pw_line_text(line, "null");
}

/* ":read", ":syscall_1234" */
static void put_syscall(struct pw_line *line, int nr)
{
	const char *name = pw_syscall_name(nr);

	pw_line_text(line, ":");
	if (name) {
		pw_line_text(line, name);
	} else {
		pw_line_text(line, "syscall_");
		pw_line_number(line, (uint64_t)nr);
	}
}

static void put_detail(struct pw_line *line, const struct pw_span *span)
{
	const char *kind = pw_detail_name(span->detail);

	if (!kind[0]) {
		pw_line_text(line, "null");
		return;
	}
	pw_line_text(line, "\"");
	pw_line_text(line, kind);
	if (span->state == PW_BLOCKED && span->syscall >= 0)
		put_syscall(line, span->syscall);
	pw_line_text(line, "\"");
}

static void put_waker(struct pw_line *line, uint32_t by)
{
	if (by == PW_NO_WAKER)
		pw_line_text(line, "null");
	else if (by == PW_IRQ_WAKER)
		pw_line_text(line, "\"irq\"");
	else
		pw_line_number(line, by);
}

void pw_json_interval(struct pw_json *j, const struct pw_span *span, uint64_t start_ns)
{
	struct pw_line line;

	line.n = 0;
	pw_line_text(&line, "{\"from_ns\": ");
	pw_line_difference(&line, span->from, start_ns);
	pw_line_text(&line, ", \"to_ns\": ");
	pw_line_difference(&line, span->to, start_ns);
	pw_line_text(&line, ", \"state\": \"");
	pw_line_text(&line, pw_state_name(span->state));
	pw_line_text(&line, "\", \"cpu\": ");
	put_cpu(&line, span);
	pw_line_text(&line, ", \"detail\": ");
	put_detail(&line, span);
	pw_line_text(&line, ", \"by\": ");
	put_waker(&line, span->by);
	pw_line_text(&line, "}");
	pw_json_verbatim(j, line.at, line.n);
}
