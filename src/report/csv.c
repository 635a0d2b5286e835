/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One row per interval, of every thread of every life (RFC 4180): the times are
 * those of the JSON report. What is not known is an empty field.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "report/choice.h"
#include "report/report.h"
#include "util/syscalls.h"
#include "util/text.h"

static const char head[] = "pid,tid,comm,from_ns,to_ns,state,detail,syscall,cpu,by\r\n";

/* Names are bytes from anywhere: made harmless as for a terminal, and quoted as a field. */
static bool put_name(FILE *out, const char *comm)
{
	struct pw_text text = {0};
	bool done;

	pw_text_escaped(&text, comm, strnlen(comm, PW_COMM_LEN), PW_AS_UTF8);
	done = !text.failed;
	fputc('"', out);
	for (const char *p = done ? pw_text_get(&text) : ""; *p; p++) {
		if (*p == '"')
			fputc('"', out);
		fputc(*p, out);
	}
	fputc('"', out);
	pw_text_free(&text);
	return done;
}

/* a - b, also where no 64-bit integer holds it. */
static void put_difference(FILE *out, uint64_t a, uint64_t b)
{
	fprintf(out, "%s%" PRIu64 ",", a < b ? "-" : "", a < b ? b - a : a - b);
}

static void put_syscall(FILE *out, const struct pw_span *span)
{
	const char *name;

	if (span->state == PW_BLOCKED && span->syscall >= 0) {
		name = pw_syscall_name(span->syscall);
		if (name)
			fputs(name, out);
		else
			fprintf(out, "syscall_%d", span->syscall);
	}
	fputc(',', out);
}

static bool put_row(FILE *out, const struct pw_life *life, const struct pw_thread *thread,
		    const struct pw_span *span, uint64_t zero)
{
	bool done;

	fprintf(out, "%" PRIu32 ",%" PRIu32 ",", life->pid, thread->tid);
	done = put_name(out, thread->comm);
	fputc(',', out);
	put_difference(out, span->from, zero);
	put_difference(out, span->to, zero);
	fprintf(out, "%s,%s,", pw_state_name(span->state), pw_detail_name(span->detail));
	put_syscall(out, span);
	if (span->state == PW_RUNNING && span->cpu != PW_NO_CPU)
		fprintf(out, "%u", span->cpu);
	fputc(',', out);
	if (span->by == PW_IRQ_WAKER)
		fputs("irq", out);
	else if (span->by != PW_NO_WAKER)
		fprintf(out, "%" PRIu32, span->by);
	fputs("\r\n", out);
	return done;
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

	if (!life->zombie_from || !life->threads || !pw_choice_cut(c, &span))
		return true;
	return put_row(out, life, life->threads, &span, zero);
}

static bool put_life(FILE *out, const struct pw_choice *c, const struct pw_life *life, uint64_t zero)
{
	bool done = true;

	for (const struct pw_thread *t = life->threads; t && done; t = t->next) {
		struct pw_thread_iter it;
		struct pw_span span;

		pw_thread_iter_init(&it, t);
		while (done && !ferror(out) && pw_thread_iter_next(&it, &span))
			if (pw_choice_cut(c, &span))
				done = put_row(out, life, t, &span, zero);
	}
	return done && put_zombie(out, c, life, zero);
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
