/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One row per interval, of every thread of every life (RFC 4180): the times are
 * those of the JSON report. What is not known is an empty field.
 */
#include <errno.h>
#include <string.h>

#include "report/choice.h"
#include "report/report.h"
#include "util/format.h"
#include "util/syscalls.h"
#include "util/text.h"

static const char head[] = "pid,tid,comm,from_ns,to_ns,state,detail,syscall,cpu,by\r\n";

/* There may be a hundred million rows: each is put together here, and what is the same in all of a thread's only once. */
struct row {
	char at[512]; /* three numbers, a name of 15 bytes as \xNN, and words of our own: half of it at most */
	size_t same; /* bytes that stay for the next row */
	size_t n;
};

static void put(struct row *row, const char *text)
{
	const size_t n = strlen(text);

	memcpy(row->at + row->n, text, n);
	row->n += n;
}

static void put_number(struct row *row, uint64_t n)
{
	row->n += pw_format_digits(row->at + row->n, n);
}

/* Names are bytes from anywhere: made harmless as for a terminal, and quoted as a field. */
static bool put_name(struct row *row, const char *comm)
{
	struct pw_text text = {0};
	bool done;

	pw_text_escaped(&text, comm, strnlen(comm, PW_COMM_LEN), PW_AS_UTF8);
	done = !text.failed;
	put(row, "\"");
	for (const char *p = done ? pw_text_get(&text) : ""; *p; p++) {
		if (*p == '"')
			row->at[row->n++] = '"';
		row->at[row->n++] = *p;
	}
	put(row, "\",");
	pw_text_free(&text);
	return done;
}

/* "4711,4712,"name"," */
static bool begin(struct row *row, const struct pw_life *life, const struct pw_thread *thread)
{
	bool done;

	row->n = 0;
	put_number(row, life->pid);
	put(row, ",");
	put_number(row, thread->tid);
	put(row, ",");
	done = put_name(row, thread->comm);
	row->same = row->n;
	return done;
}

/* a - b, also where no 64-bit integer holds it. */
static void put_difference(struct row *row, uint64_t a, uint64_t b)
{
	put(row, a < b ? "-" : "");
	put_number(row, a < b ? b - a : a - b);
	put(row, ",");
}

static void put_syscall(struct row *row, const struct pw_span *span)
{
	const char *name;

	if (span->state == PW_BLOCKED && span->syscall >= 0) {
		name = pw_syscall_name(span->syscall);
		put(row, name ? name : "syscall_");
		if (!name)
			put_number(row, (uint64_t)span->syscall);
	}
	put(row, ",");
}

static void put_row(FILE *out, struct row *row, const struct pw_span *span, uint64_t zero)
{
	row->n = row->same;
	put_difference(row, span->from, zero);
	put_difference(row, span->to, zero);
	put(row, pw_state_name(span->state));
	put(row, ",");
	put(row, pw_detail_name(span->detail));
	put(row, ",");
	put_syscall(row, span);
	if (span->state == PW_RUNNING && span->cpu != PW_NO_CPU)
		put_number(row, span->cpu);
	put(row, ",");
	if (span->by == PW_IRQ_WAKER)
		put(row, "irq");
	else if (span->by != PW_NO_WAKER)
		put_number(row, span->by);
	put(row, "\r\n");
	fwrite(row->at, 1, row->n, out);
}

/* A leader that ended before its threads has its zombie interval on its own tape; every other one comes from the life. */
static bool put_zombie(FILE *out, const struct pw_choice *c, const struct pw_life *life, uint64_t zero)
{
	struct pw_span span = {
		.from = life->zombie_from,
		.to = life->zombie_to ? life->zombie_to : life->end,
		.by = PW_NO_WAKER,
		.syscall = -1,
		.cpu = PW_NO_CPU,
		.state = PW_ZOMBIE,
	};
	struct row row;

	if (!life->zombie_from || !life->threads || !pw_choice_cut(c, &span))
		return true;
	if (!begin(&row, life, life->threads))
		return false;
	put_row(out, &row, &span, zero);
	return true;
}

static bool put_life(FILE *out, const struct pw_choice *c, const struct pw_life *life, uint64_t zero)
{
	for (const struct pw_thread *t = life->threads; t; t = t->next) {
		struct pw_thread_iter it;
		struct pw_span span;
		struct row row;

		if (!begin(&row, life, t))
			return false;
		pw_thread_iter_init(&it, t);
		while (!ferror(out) && pw_thread_iter_next(&it, &span))
			if (pw_choice_cut(c, &span))
				put_row(out, &row, &span, zero);
	}
	return put_zombie(out, c, life, zero);
}

int pw_report_csv(const struct pw_report *r, FILE *out)
{
	struct pw_choice choice;
	bool done = !pw_choice_make(&choice, r);

	fputs(head, out);
	for (size_t i = 0; i < choice.n_lives && done && !ferror(out); i++)
		done = put_life(out, &choice, pw_model_life(r->model, choice.lives[i]), r->session->start_ns);
	pw_choice_free(&choice);
	if (!done)
		return -ENOMEM;
	errno = 0;
	if (fflush(out) || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
