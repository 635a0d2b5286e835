/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/plot/label.h"

#include "report/plot/ending.h"
#include "report/plot/sentence.h"

static bool is_many(const struct pw_row *row)
{
	return row->threads ? row->threads > 1 : pw_row_is_summary(row);
}

void pw_row_number(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row)
{
	if (is_many(row))
		pw_text_add(t, p->signs.more);
	else
		pw_text_format(t, "%u", row->threads ? row->thread->tid : row->process->pid);
}

/* "297 more sh" */
static void add_group(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row)
{
	static const struct pw_sentence groups[] = {
		{.when = "name", .text = N_("{roots} more {name}[processes? ({processes} processes)]")},
		{.text = N_("{roots} more processes[processes? ({processes} processes)]")},
		{0},
	};
	char roots[PW_FORMAT_MAX], processes[PW_FORMAT_MAX];
	struct pw_text name = {0};
	struct pw_summary s;

	pw_summarise(p, &s, row);
	if (s.same_name)
		pw_plot_name(p, &name, row->process->comm);
	pw_plot_sentence(
		p->language, t, groups,
		(struct pw_gap[]){
			{"roots", pw_format_count(roots, s.roots)},
			{"name", pw_text_get(&name)},
			{"processes", s.processes > s.roots ? pw_format_count(processes, s.processes) : NULL},
			{0},
		});
	t->failed |= name.failed;
	pw_text_free(&name);
}

void pw_row_name(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row)
{
	char buf[PW_FORMAT_MAX];

	if (row->threads > 1)
		pw_text_format(t, tr(p->language, "%s more threads"), pw_format_count(buf, row->threads));
	else if (row->threads)
		pw_plot_name(p, t, row->thread->comm);
	else if (pw_row_is_summary(row))
		add_group(p, t, row);
	else
		pw_plot_name(p, t, row->process->comm);
}

/* The process has another pid in its own PID namespace. */
static bool has_inner_pid(const struct pw_row *row)
{
	return !row->threads && !pw_row_is_summary(row) && row->process->ns_pid &&
	       row->process->ns_pid != row->process->pid;
}

bool pw_inner_pids(const struct pw_plot *p)
{
	for (size_t i = 0; i < p->tree.n_rows; i++)
		if (has_inner_pid(&p->tree.rows[i]))
			return true;
	return false;
}

void pw_row_note(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row)
{
	const bool inner = has_inner_pid(row);
	const bool threads = !row->threads && !pw_row_is_summary(row) && row->process->n_threads > 1;

	if (!inner && !threads)
		return;
	pw_text_add(t, " ");
	if (inner && threads)
		pw_text_format(t, tr(p->language, "pid %u, %zu threads"), row->process->ns_pid,
			       row->process->n_threads);
	else if (inner)
		pw_text_format(t, tr(p->language, "pid %u"), row->process->ns_pid);
	else
		pw_text_format(t, tr(p->language, "%zu threads"), row->process->n_threads);
}
