// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text report: the order of its sections, and how they write.
 */
#include <errno.h>
#include <string.h>

#include "report/text/tree.h"
#include "report/text/view.h"
#include "util/utf8.h"

void tv_put(struct tv *v, struct pw_text *t)
{
	if (t->failed)
		v->failed = true;
	else
		fputs(pw_text_get(t), v->out);
	pw_text_clear(t);
}

void tv_heading(struct tv *v, const char *text)
{
	fprintf(v->out, "\n%s%s%s\n", tv_sgr(v, COLOUR_HEAD), text, tv_sgr(v, COLOUR_PLAIN));
}

/* The bytes of a colour's escape sequence here; 0: none. Names have none left. */
static size_t sequence_length(const char *text)
{
	return text[0] == '\x1b' ? strcspn(text, "m") + 1 : 0;
}

/* A number and its unit stay together. */
static bool may_break(const char *text, size_t space)
{
	static const char *const units[] = {"µs", "us", "ms", "s"};

	if (space == 0 || text[space - 1] < '0' || text[space - 1] > '9')
		return space > 0;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const size_t n = strlen(units[i]);

		if (strncmp(text + space + 1, units[i], n) == 0 &&
		    (text[space + 1 + n] < 'a' || text[space + 1 + n] > 'z'))
			return false;
	}
	return true;
}

/* The bytes of the next line that fit the room, broken at a space when there is one. */
static size_t line_length(const char *text, size_t room)
{
	const size_t length = strlen(text);
	size_t used = 0, broken = 0, i = 0;

	while (i < length) {
		uint32_t c = 0;
		size_t n = pw_utf8_decode(text + i, length - i, &c);
		int width = n > 0 ? pw_utf8_width(c) : 1;

		if (c == 0x1b) {
			n = sequence_length(text + i);
			width = 0;
		}
		if (c == ' ' && may_break(text, i))
			broken = i;
		if (width > 0 && used + (size_t)width > room)
			return broken > 0 ? broken : i > 0 ? i : 1;
		used += width > 0 ? (size_t)width : 0;
		i += n > 0 ? n : 1;
	}
	return length;
}

void tv_wrap(struct tv *v, const char *text, size_t column, size_t indent)
{
	for (;;) {
		const size_t n = line_length(text, v->width > column + 10 ? v->width - column : 10);

		fprintf(v->out, "%.*s\n", (int)n, text);
		text += n;
		text += strspn(text, " ");
		if (!*text)
			return;
		fprintf(v->out, "%*s", (int)indent, "");
		column = indent;
	}
}

void tv_duration(const struct tv *v, struct pw_text *t, uint64_t ns)
{
	char buf[PW_FORMAT_MAX];

	pw_format_duration(buf, ns);
	pw_text_escaped(t, buf, strlen(buf), tv_prose(v));
}

void tv_range(const struct tv *v, struct pw_text *t, uint64_t least, uint64_t most)
{
	char buf[PW_RANGE_MAX];

	pw_format_range(buf, least, most);
	pw_text_escaped(t, buf, strlen(buf), tv_prose(v));
}

void tv_name(const struct tv *v, struct pw_text *t, const char *comm)
{
	if (comm[0])
		pw_text_escaped(t, comm, strlen(comm), tv_escaping(v));
	else
		pw_text_add(t, "\"\"");
}

void tv_count(struct pw_text *t, uint64_t n, const char *one, const char *many)
{
	char buf[PW_FORMAT_MAX];

	pw_text_format(t, "%s %s", pw_format_count(buf, n), n == 1 ? one : many);
}

#define PIDS_TOLD 8

static void add_attached(const struct tv *v, struct pw_text *t)
{
	const struct pw_session *s = v->report->session;

	pw_text_add(t, "attached to");
	for (size_t i = 0; i < s->n_pids && i < PIDS_TOLD; i++)
		pw_text_format(t, "%s %u", i > 0 ? "," : "", s->pids[i]);
	if (s->n_pids > PIDS_TOLD)
		pw_text_format(t, " and %zu more", s->n_pids - PIDS_TOLD);
	if (s->filter) {
		pw_text_add(t, s->n_pids ? ", and to what has " : " what has ");
		pw_text_escaped(t, s->filter, strlen(s->filter), tv_escaping(v));
	}
}

static void add_target(const struct tv *v, struct pw_text *t)
{
	const struct pw_session *s = v->report->session;

	if (s->demo) {
		tv_name(v, t, s->demo);
	} else if (s->command && s->command[0]) {
		for (size_t i = 0; s->command[i]; i++) {
			if (i > 0)
				pw_text_add(t, " ");
			pw_text_shell_word(t, s->command[i], tv_escaping(v));
		}
	} else if (s->target == PW_TARGET_SYSTEM) {
		pw_text_add(t, "the whole system");
	} else {
		add_attached(v, t);
	}
}

/* Three ways of losing something, in the words of the one that can be helped: the ring was full. */
static void add_losses(const struct tv *v, struct pw_text *t)
{
	const struct pw_session *s = v->report->session;
	const uint64_t holes = pw_model_stats(v->report->model)->holes;

	if (s->lost == 0 && s->skipped == 0 && holes == 0) {
		pw_text_add(t, "none lost");
		return;
	}
	pw_text_add(t, tv_sgr(v, COLOUR_BAD));
	if (s->lost > 0)
		tv_count(t, s->lost, "lost", "lost");
	if (s->skipped > 0) {
		pw_text_add(t, s->lost > 0 ? ", " : "");
		tv_count(t, s->skipped, "skipped by the kernel", "skipped by the kernel");
	}
	if (holes > 0) {
		pw_text_add(t, s->lost > 0 || s->skipped > 0 ? ", " : "");
		tv_count(t, holes, "switch never reported", "switches never reported");
	}
	pw_text_add(t, tv_sgr(v, COLOUR_PLAIN));
}

/* Intervals of the beginning are gone: the timeline begins where they do. */
static void add_kept(const struct tv *v, struct pw_text *t)
{
	const uint64_t from = pw_model_kept_from(v->report->model);

	if (!from)
		return;
	pw_text_add(t, "; intervals are kept from ");
	tv_duration(v, t, from > v->begin ? from - v->begin : 0);
	pw_text_add(t, " on (--keep), totals and ends of the whole");
}

/* demo_zombie: 2 lives in 506 ms, 41 events, none lost; reap hook: return of wait4 and waitid */
static void put_header(struct tv *v)
{
	const struct pw_session *s = v->report->session;
	struct pw_text target = {0}, t = {0};

	add_target(v, &target);
	pw_text_add(&t, tv_sgr(v, COLOUR_HEAD));
	pw_text_cut(&t, pw_text_get(&target), v->width - 1, v->style->cut);
	pw_text_add(&t, tv_sgr(v, COLOUR_PLAIN));
	pw_text_add(&t, ":");
	tv_put(v, &t);
	tv_count(&t, pw_model_count(v->report->model) + pw_model_folded(v->report->model), "life", "lives");
	pw_text_add(&t, " in ");
	tv_duration(v, &t, v->end - v->begin);
	pw_text_add(&t, ", ");
	tv_count(&t, s->received, "event", "events");
	pw_text_add(&t, ", ");
	add_losses(v, &t);
	if (s->hook_reap) {
		pw_text_add(&t, "; reap hook: ");
		pw_text_escaped(&t, s->hook_reap, strlen(s->hook_reap), tv_prose(v));
	}
	add_kept(v, &t);
	v->failed |= target.failed || t.failed;
	if (pw_utf8_columns(pw_text_get(&target)) > v->width / 2) {
		fputs("\n ", v->out);
		tv_wrap(v, pw_text_get(&t), 1, 1);
	} else {
		fputs(" ", v->out);
		tv_wrap(v, pw_text_get(&t), pw_utf8_columns(pw_text_get(&target)) + 2, 1);
	}
	fputs("\n", v->out);
	pw_text_free(&target);
	pw_text_free(&t);
}

/* The stretch of the recording that was asked for; outside of it there is nothing to show. */
static void choose_window(struct tv *v, const struct pw_choice *choice)
{
	const uint64_t kept = pw_model_kept_from(v->report->model);

	v->from = choice->from > v->begin && choice->from < v->end ? choice->from : v->begin;
	if (kept > v->from && kept < v->end)
		v->from = kept;
	v->to = choice->to < v->end && choice->to > v->from ? choice->to : v->end;
}

int pw_report_text(const struct pw_report *r, FILE *out)
{
	const uint64_t longest = UINT64_MAX / 4, span = r->session->duration_ns;
	struct tv_tree tree = {0};
	struct pw_choice choice;
	struct tv v = {
		.report = r,
		.style = tv_style_get(r->view->ascii),
		.out = out,
		.color = r->view->color,
		.width = r->view->width < TV_MIN_WIDTH ? TV_MIN_WIDTH : r->view->width,
		.begin = r->session->start_ns,
		.tree = &tree,
	};
	int err;

	v.end = v.begin + (span == 0 ? 1 : span < longest ? span : longest);
	err = pw_choice_make(&choice, r);
	choose_window(&v, &choice);
	if (!err)
		err = tv_tree_make(&tree, r->model, &choice, v.style, v.end - v.begin, TV_MAX_ROWS);
	pw_choice_free(&choice);
	if (!err) {
		put_header(&v);
		if (tree.n_rows > 0) {
			tv_timeline(&v);
			tv_legend(&v);
			tv_totals(&v);
			tv_marks(&v);
		}
		if (tree.n_rows == 0)
			fputs(pw_model_count(r->model) > 0 ? " No process lived then.\n"
							   : " No process was seen.\n",
			      out);
		tv_earlier(&v);
		tv_findings(&v);
		tv_lesson(&v);
		if (v.failed)
			err = -ENOMEM;
		else if (fflush(out))
			err = -errno;
		else if (ferror(out))
			err = -EIO;
	}
	tv_tree_free(&tree);
	return err;
}
