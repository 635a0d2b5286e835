/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One row per interval of every thread of every process (RFC 4180). The times are those of
 * the JSON report; an unknown value is an empty field.
 */
#include <errno.h>

#include "report/report.h"
#include "report/view_filter.h"
#include "util/kernel_names.h"
#include "util/line.h"
#include "util/text.h"

static const char head[] = "pid,tid,comm,from_ns,to_ns,state,detail,syscall,cpu,by\r\n";

/* A row has numbers, a name of at most 15 bytes, each perhaps as \xNN, and fixed words: it fits a line. */
struct row {
	struct pw_line line;
	/* the bytes at the beginning that all rows of a thread have */
	size_t same;
};

/* A name has any bytes: escaped as for a terminal, and quoted as a field. False: out of memory. */
static bool put_name(struct pw_line *line, const char *comm)
{
	struct pw_text text = {0};
	bool done;

	pw_text_escaped(&text, comm, strnlen(comm, PW_COMM_LEN), PW_AS_UTF8);
	done = !text.failed;
	pw_line_text(line, "\"");
	for (const char *p = done ? pw_text_get(&text) : ""; *p; p++) {
		if (*p == '"')
			line->at[line->n++] = '"';
		line->at[line->n++] = *p;
	}
	pw_line_text(line, "\",");
	pw_text_free(&text);
	return done;
}

/* "4711,4712,"name",". False: out of memory. */
static bool begin(struct row *row, const struct pw_process *process, const struct pw_thread *thread)
{
	struct pw_line *line = &row->line;
	bool done;

	line->n = 0;
	pw_line_number(line, process->pid);
	pw_line_text(line, ",");
	pw_line_number(line, thread->tid);
	pw_line_text(line, ",");
	done = put_name(line, thread->comm);
	row->same = line->n;
	return done;
}

static void put_syscall(struct pw_line *line, const struct pw_span *span)
{
	const char *name;

	if (span->state != PW_BLOCKED || span->syscall < 0)
		return;
	name = pw_syscall_name(span->syscall);
	pw_line_text(line, name ? name : "syscall_");
	if (!name)
		pw_line_number(line, (uint64_t)span->syscall);
}

static void put_waker(struct pw_line *line, uint32_t by)
{
	if (by == PW_IRQ_WAKER)
		pw_line_text(line, "irq");
	else if (by != PW_NO_WAKER)
		pw_line_number(line, by);
}

static void put_row(FILE *out, struct row *row, const struct pw_span *span, uint64_t zero)
{
	struct pw_line *line = &row->line;

	line->n = row->same;
	pw_line_difference(line, span->from, zero);
	pw_line_text(line, ",");
	pw_line_difference(line, span->to, zero);
	pw_line_text(line, ",");
	pw_line_text(line, pw_state_name(span->state));
	pw_line_text(line, ",");
	pw_line_text(line, pw_detail_name(span->detail));
	pw_line_text(line, ",");
	put_syscall(line, span);
	pw_line_text(line, ",");
	if (span->state == PW_RUNNING && span->cpu != PW_NO_CPU)
		pw_line_number(line, span->cpu);
	pw_line_text(line, ",");
	put_waker(line, span->by);
	pw_line_text(line, "\r\n");
	fwrite_unlocked(line->at, 1, line->n, out);
}

/*
 * The zombie interval of a process, as a row of its leader. (A leader that exited before its other threads
 * has the time until then on its own timeline.)
 */
static bool put_zombie(FILE *out, const struct pw_view_filter *c, const struct pw_process *process,
		       uint64_t zero)
{
	struct pw_span span = {
		.from = process->zombie_from,
		.to = process->zombie_to ? process->zombie_to : process->end,
		.by = PW_NO_WAKER,
		.syscall = -1,
		.cpu = PW_NO_CPU,
		.state = PW_ZOMBIE,
	};
	struct row row;

	if (!process->zombie_from || !process->threads || !pw_view_filter_cut(c, &span))
		return true;
	if (!begin(&row, process, process->threads))
		return false;
	put_row(out, &row, &span, zero);
	return true;
}

static bool put_process(FILE *out, const struct pw_view_filter *c, const struct pw_process *process,
			uint64_t zero)
{
	for (const struct pw_thread *t = process->threads; t; t = t->next) {
		struct pw_thread_iter it;
		struct pw_span span;
		struct row row;

		if (!begin(&row, process, t))
			return false;
		pw_thread_iter_init(&it, t);
		while (!ferror_unlocked(out) && pw_thread_iter_next(&it, &span))
			if (pw_view_filter_cut(c, &span))
				put_row(out, &row, &span, zero);
	}
	return put_zombie(out, c, process, zero);
}

int pw_report_csv(const struct pw_report *r, FILE *out)
{
	struct pw_view_filter filter;
	bool done = !pw_view_filter_make(&filter, r);

	fputs(head, out);
	for (size_t i = 0; i < filter.n_processes && done && !ferror(out); i++)
		done = put_process(out, &filter, pw_model_process(r->model, filter.processes[i]),
				   r->session->start_ns);
	pw_view_filter_free(&filter);
	if (!done)
		return -ENOMEM;
	errno = 0;
	if (fflush(out) || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
