// SPDX-License-Identifier: GPL-2.0-only
#include "report/plot/totals.h"

#include "report/plot/ending.h"
#include "report/plot/facts.h"
#include "report/plot/label.h"

static const char *const heads[PW_TOTALS_COUNT] = {
	[PW_TOTALS_PID] = "pid",       [PW_TOTALS_NAME] = "name",	    [PW_TOTALS_RUNNING] = "running",
	[PW_TOTALS_READY] = "ready",   [PW_TOTALS_BLOCKED] = "blocked",	    [PW_TOTALS_STOPPED] = "stopped",
	[PW_TOTALS_ZOMBIE] = "zombie", [PW_TOTALS_UNKNOWN] = "unknown",	    [PW_TOTALS_SWITCHES] = "switches",
	[PW_TOTALS_ENDED] = "ended",   [PW_TOTALS_REAPED_BY] = "reaped by", [PW_TOTALS_AFTER] = "after",
};

static const enum pw_state state_of[PW_TOTALS_COUNT] = {
	[PW_TOTALS_RUNNING] = PW_RUNNING, [PW_TOTALS_READY] = PW_READY,	  [PW_TOTALS_BLOCKED] = PW_BLOCKED,
	[PW_TOTALS_STOPPED] = PW_STOPPED, [PW_TOTALS_ZOMBIE] = PW_ZOMBIE, [PW_TOTALS_UNKNOWN] = PW_UNKNOWN,
};

const char *pw_totals_head(enum pw_totals column)
{
	return heads[column];
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
	for (size_t i = 0; i < row->threads; i++, t = t->next)
		add(sums, t->totals, &t->switches);
	for (size_t n = row->threads ? PW_NO_NODE : pw_row_next(&p->tree, row, PW_NO_NODE); n != PW_NO_NODE;
	     n = pw_row_next(&p->tree, row, n)) {
		const struct pw_life *life = pw_model_life(p->tree.model, n);

		add(sums, life->totals, &life->switches);
	}
}

/* Stopped and unknown are rare: their columns come when they are needed. */
size_t pw_totals_columns(const struct pw_plot *p, enum pw_totals chosen[static PW_TOTALS_COUNT])
{
	bool stopped = false, unknown = false;
	size_t n = 0;

	for (size_t i = 0; i < pw_model_count(p->report->model); i++) {
		const struct pw_life *life = pw_model_life(p->report->model, i);

		stopped |= life->totals[PW_STOPPED] > 0;
		unknown |= life->totals[PW_UNKNOWN] > 0;
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
	if (s.same_verdict)
		pw_verdict(p, t, row->life, PW_WORDS_LEAST);
	else
		pw_text_add(t, "several");
}

static void add_reaped_by(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row)
{
	const struct pw_life *life = row->life;
	struct pw_summary s;

	if (row->threads) {
		pw_text_add(t, "-");
		return;
	}
	pw_summarise(p, &s, row);
	if (!s.same_reaper) {
		pw_text_add(t, "several");
		return;
	}
	switch (life->reaped) {
	case PW_REAPED_NOT:
		pw_text_add(t, life->exited ? "nobody" : "-");
		break;
	case PW_REAPED_WAIT: /* a reaper without a row of its own is better known by its name */
		if (pw_model_find(p->report->model, life->reaper_pid, life->reap_at) || !life->reaper_comm[0])
			pw_text_format(t, "%u wait", life->reaper_pid);
		else
			pw_plot_name(p, t, life->reaper_comm);
		break;
	case PW_REAPED_AUTO:
		if (life->reaper_pid == life->pid)
			pw_text_add(t, "itself (auto)");
		else
			pw_text_format(t, "%u (auto)", life->reaper_pid);
		break;
	case PW_REAPED_UNOBSERVED:
		pw_text_add(t, "unobserved");
		break;
	}
}

/* What a zombie's time is, if it is not exact. */
static const char *bound_of(const struct pw_plot *p, const struct pw_life *life)
{
	if (life->reap_bounded)
		return p->signs.at_most;
	return pw_life_found_dead(life) ? p->signs.at_least : "";
}

static void add_after(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row)
{
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
	if (s.least_after != s.most_after)
		pw_text_add(t, "to ");
	else
		pw_text_add(t, bound_of(p, row->life));
	pw_plot_duration(p, t, s.most_after);
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
		pw_text_format(t, "%llu v %llu i", (unsigned long long)sums.voluntary,
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
			pw_text_add(t, bound_of(p, row->life));
		if (sums.in[state_of[column]] > 0)
			pw_plot_duration(p, t, sums.in[state_of[column]]);
		else
			pw_text_add(t, "-");
		break;
	}
}
