/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/plot/totals.h"

#include "model/questions.h"
#include "report/plot/ending.h"
#include "report/plot/label.h"

static const char *const heads[PW_TOTALS_COUNT] = {
	[PW_TOTALS_PID] = N_("pid"),
	[PW_TOTALS_NAME] = N_("name"),
	[PW_TOTALS_RUNNING] = N_("running"),
	[PW_TOTALS_READY] = N_("ready"),
	[PW_TOTALS_BLOCKED] = N_("blocked"),
	[PW_TOTALS_STOPPED] = N_("stopped"),
	[PW_TOTALS_ZOMBIE] = N_("zombie"),
	[PW_TOTALS_UNKNOWN] = N_("unknown"),
	[PW_TOTALS_SWITCHES] = N_("switches"),
	[PW_TOTALS_ENDED] = N_("ended"),
	[PW_TOTALS_REAPED_BY] = N_("reaped by"),
	[PW_TOTALS_AFTER] = N_("after"),
};

static const enum pw_state state_of[PW_TOTALS_COUNT] = {
	[PW_TOTALS_RUNNING] = PW_RUNNING, [PW_TOTALS_READY] = PW_READY,	  [PW_TOTALS_BLOCKED] = PW_BLOCKED,
	[PW_TOTALS_STOPPED] = PW_STOPPED, [PW_TOTALS_ZOMBIE] = PW_ZOMBIE, [PW_TOTALS_UNKNOWN] = PW_UNKNOWN,
};

const char *pw_totals_head(enum pw_language language, enum pw_totals column)
{
	return tr(language, heads[column]);
}

bool pw_totals_right(enum pw_totals column)
{
	return column != PW_TOTALS_NAME && column != PW_TOTALS_ENDED && column != PW_TOTALS_REAPED_BY;
}

struct sums {
	uint64_t in[PW_STATE_COUNT], voluntary, involuntary;
};

static void add(struct sums *sums, const uint64_t *totals, const struct pw_switches *switches)
{
	for (size_t s = 0; s < PW_STATE_COUNT; s++)
		sums->in[s] += totals[s];
	sums->voluntary += switches->voluntary;
	sums->involuntary += switches->involuntary;
}

static void sum(const struct pw_plot *p, struct sums *sums, const struct pw_row *row)
{
	const struct pw_thread *t = row->thread;

	*sums = (struct sums){0};
	if (row->threads) {
		for (size_t i = 0; i < row->threads; i++, t = t->next)
			add(sums, t->totals, &t->switches);
		return;
	}
	for (size_t n = pw_row_next(&p->tree, row, PW_NO_NODE); n != PW_NO_NODE;
	     n = pw_row_next(&p->tree, row, n)) {
		const struct pw_process *process = pw_model_process(p->tree.model, n);

		add(sums, process->totals, &process->switches);
	}
}

/* Few processes are ever stopped or unknown: those columns are there only if one was. */
size_t pw_totals_columns(const struct pw_plot *p, enum pw_totals chosen[static PW_TOTALS_COUNT])
{
	bool stopped = false, unknown = false;
	size_t n = 0;

	for (size_t i = 0; i < pw_model_count(p->report->model); i++) {
		const struct pw_process *process = pw_model_process(p->report->model, i);

		stopped |= process->totals[PW_STOPPED] > 0;
		unknown |= process->totals[PW_UNKNOWN] > 0;
	}
	for (enum pw_totals c = PW_TOTALS_PID; c < PW_TOTALS_COUNT; c++)
		if ((c != PW_TOTALS_STOPPED || stopped) && (c != PW_TOTALS_UNKNOWN || unknown))
			chosen[n++] = c;
	return n;
}

static void add_ended(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row)
{
	struct pw_summary s;

	if (row->threads) {
		pw_text_add(t, "-");
		return;
	}
	pw_summarise(p, &s, row);
	if (s.same_exit)
		pw_exit_words(p, t, row->process, true);
	else
		pw_text_add(t, tr(p->language, "several"));
}

static void add_reaped_by(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row)
{
	const struct pw_process *process = row->process;
	struct pw_summary s;

	if (row->threads) {
		pw_text_add(t, "-");
		return;
	}
	pw_summarise(p, &s, row);
	if (!s.same_reaper) {
		pw_text_add(t, tr(p->language, "several"));
		return;
	}
	switch (process->reaped) {
	case PW_REAPED_NOT:
		pw_text_add(t, process->exited ? tr(p->language, "nobody") : "-");
		break;
	case PW_REAPED_WAIT: /* a reaper without a row of its own is shown by its name */
		if (pw_model_find(p->report->model, process->reaper_pid, process->reap_at) ||
		    !process->reaper_comm[0])
			pw_text_format(t, tr(p->language, "%u wait"), process->reaper_pid);
		else
			pw_plot_name(p, t, process->reaper_comm);
		break;
	case PW_REAPED_AUTO:
		if (process->reaper_pid == process->pid)
			pw_text_add(t, tr(p->language, "auto"));
		else
			pw_text_format(t, tr(p->language, "exit of %u"), process->reaper_pid);
		break;
	case PW_REAPED_UNOBSERVED:
		pw_text_add(t, tr(p->language, "unobserved"));
		break;
	}
}

/* The sign before a zombie's time that is a bound. */
static const char *bound_of(const struct pw_plot *p, const struct pw_process *process)
{
	if (process->reap_bounded)
		return p->signs.at_most;
	return pw_process_found_dead(process) ? p->signs.at_least : "";
}

static void add_after(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row)
{
	struct pw_text most = {0};
	struct pw_summary s;

	if (row->threads) {
		pw_text_add(t, "-");
		return;
	}
	pw_summarise(p, &s, row);
	if (s.after == 0) {
		pw_text_add(t, "-");
		return;
	}
	pw_plot_duration(p, &most, s.most_after);
	if (s.least_after != s.most_after)
		pw_text_format(t, tr(p->language, "to %s"), pw_text_get(&most));
	else
		pw_text_format(t, "%s%s", bound_of(p, row->process), pw_text_get(&most));
	t->failed |= most.failed;
	pw_text_free(&most);
}

void pw_totals_cell(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row,
		    enum pw_totals column)
{
	struct sums sums;

	switch (column) {
	case PW_TOTALS_PID:
		pw_row_number(p, t, row);
		break;
	case PW_TOTALS_NAME:
		pw_row_name(p, t, row);
		break;
	case PW_TOTALS_SWITCHES:
		sum(p, &sums, row);
		pw_text_format(t, tr(p->language, "%llu v %llu i"), (unsigned long long)sums.voluntary,
			       (unsigned long long)sums.involuntary);
		break;
	case PW_TOTALS_ENDED:
		add_ended(p, t, row);
		break;
	case PW_TOTALS_REAPED_BY:
		add_reaped_by(p, t, row);
		break;
	case PW_TOTALS_AFTER:
		add_after(p, t, row);
		break;
	default:
		sum(p, &sums, row);
		if (column == PW_TOTALS_ZOMBIE && !row->threads && sums.in[PW_ZOMBIE] > 0)
			pw_text_add(t, bound_of(p, row->process));
		if (sums.in[state_of[column]] > 0)
			pw_plot_duration(p, t, sums.in[state_of[column]]);
		else
			pw_text_add(t, "-");
		break;
	}
}
