// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of totals: how long each life was in each state, and its end.
 */
#include <string.h>

#include "findings/findings.h"
#include "report/text/ending.h"
#include "report/text/facts.h"
#include "report/text/label.h"
#include "report/text/table.h"

enum column {
	PID,
	NAME,
	RUNNING,
	READY,
	BLOCKED,
	STOPPED,
	ZOMBIE,
	UNKNOWN,
	SWITCHES,
	ENDED,
	REAPED_BY,
	AFTER,
	COLUMNS
};

static const struct table_column all_columns[COLUMNS] = {
	[PID] = {.head = "pid", .right = true},
	[NAME] = {.head = "name"},
	[RUNNING] = {.head = "running", .right = true},
	[READY] = {.head = "ready", .right = true},
	[BLOCKED] = {.head = "blocked", .right = true},
	[STOPPED] = {.head = "stopped", .right = true},
	[ZOMBIE] = {.head = "zombie", .right = true},
	[UNKNOWN] = {.head = "unknown", .right = true},
	[SWITCHES] = {.head = "switches", .right = true},
	[ENDED] = {.head = "ended", .spare = true}, /* the timeline says it too */
	[REAPED_BY] = {.head = "reaped by"},
	[AFTER] = {.head = "after", .right = true},
};

static const enum pw_state state_of[COLUMNS] = {
	[RUNNING] = PW_RUNNING, [READY] = PW_READY,   [BLOCKED] = PW_BLOCKED,
	[STOPPED] = PW_STOPPED, [ZOMBIE] = PW_ZOMBIE, [UNKNOWN] = PW_UNKNOWN,
};

struct sums {
	uint64_t in[PW_STATE_COUNT], voluntary, involuntary;
};

static void sum(const struct tv *v, struct sums *sums, const struct tv_row *row)
{
	*sums = (struct sums){0};
	for (size_t n = tv_row_next(v->tree, row, TV_NONE); n != TV_NONE; n = tv_row_next(v->tree, row, n)) {
		const struct pw_life *life = pw_model_life(v->tree->model, n);

		for (size_t s = 0; s < PW_STATE_COUNT; s++)
			sums->in[s] += life->totals[s];
		sums->voluntary += life->switches.voluntary;
		sums->involuntary += life->switches.involuntary;
	}
}

/* Stopped and unknown are rare: their columns come when they are needed. */
static size_t choose_columns(const struct tv *v, enum column chosen[static COLUMNS])
{
	bool stopped = false, unknown = false;
	size_t n = 0;

	for (size_t i = 0; i < pw_model_count(v->report->model); i++) {
		const struct pw_life *life = pw_model_life(v->report->model, i);

		stopped |= life->totals[PW_STOPPED] > 0;
		unknown |= life->totals[PW_UNKNOWN] > 0;
	}
	for (enum column c = PID; c < COLUMNS; c++)
		if ((c != STOPPED || stopped) && (c != UNKNOWN || unknown))
			chosen[n++] = c;
	return n;
}

static void add_ended(const struct tv *v, struct pw_text *t, const struct tv_row *row)
{
	struct summary s;

	tv_summarise(v, &s, row);
	if (s.same_verdict)
		tv_verdict(v, t, row->life, WORDS_LEAST);
	else
		pw_text_add(t, "several");
}

static void add_reaped_by(const struct tv *v, struct pw_text *t, const struct tv_row *row)
{
	const struct pw_life *life = row->life;
	struct summary s;

	tv_summarise(v, &s, row);
	if (!s.same_reaper) {
		pw_text_add(t, "several");
		return;
	}
	switch (life->reaped) {
	case PW_REAPED_NOT:
		pw_text_add(t, life->exited ? "nobody" : "-");
		break;
	case PW_REAPED_WAIT: /* a reaper without a row of its own is better known by its name */
		if (pw_model_find(v->report->model, life->reaper_pid, life->reap_at) || !life->reaper_comm[0])
			pw_text_format(t, "%u wait", life->reaper_pid);
		else
			tv_name(v, t, life->reaper_comm);
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
static const char *bound_of(const struct tv *v, const struct pw_life *life)
{
	if (life->reap_bounded)
		return v->style->at_most;
	return pw_life_found_dead(life) ? v->style->at_least : "";
}

static void add_after(const struct tv *v, struct pw_text *t, const struct tv_row *row)
{
	struct summary s;

	tv_summarise(v, &s, row);
	if (s.after == 0) {
		pw_text_add(t, "-");
		return;
	}
	if (s.least_after != s.most_after)
		pw_text_add(t, "to ");
	else
		pw_text_add(t, bound_of(v, row->life));
	tv_duration(v, t, s.most_after);
}

/* Colours say what to look at: the states of the timeline, and zombies that lasted. */
static enum tv_colour colour_of(const struct tv *v, const struct tv_row *row, enum column column)
{
	switch (column) {
	case RUNNING:
		return COLOUR_RUN;
	case READY:
		return COLOUR_READY;
	case STOPPED:
		return COLOUR_STOPPED;
	case UNKNOWN:
		return COLOUR_UNKNOWN;
	case ZOMBIE:
		return row->roots == 0 && pw_zombie_is_long(row->life, v->end - v->begin) ? COLOUR_ZOMBIE
											  : COLOUR_PLAIN;
	default:
		return COLOUR_PLAIN;
	}
}

static void fill_cell(const struct tv *v, struct pw_text *t, const struct tv_row *row, enum column column)
{
	struct sums sums;

	switch (column) {
	case PID:
		tv_pid(v, t, row);
		break;
	case NAME:
		tv_label(v, t, row, v->width * 3 / 10, false);
		break;
	case SWITCHES:
		sum(v, &sums, row);
		pw_text_format(t, "%llu v %llu i", (unsigned long long)sums.voluntary,
			       (unsigned long long)sums.involuntary);
		break;
	case ENDED:
		add_ended(v, t, row);
		break;
	case REAPED_BY:
		add_reaped_by(v, t, row);
		break;
	case AFTER:
		add_after(v, t, row);
		break;
	default:
		sum(v, &sums, row);
		if (column == ZOMBIE && row->life->zombie_from)
			pw_text_add(t, bound_of(v, row->life));
		if (sums.in[state_of[column]] > 0)
			tv_duration(v, t, sums.in[state_of[column]]);
		else
			pw_text_add(t, "-");
		break;
	}
}

void tv_totals(struct tv *v)
{
	struct table_column columns[COLUMNS];
	enum column chosen[COLUMNS];
	const size_t n = choose_columns(v, chosen);
	struct table table;

	for (size_t c = 0; c < n; c++)
		columns[c] = all_columns[chosen[c]];
	if (tv_table_make(&table, columns, n, v->tree->n_rows))
		v->failed = true;
	for (size_t r = 0; r < v->tree->n_rows && !v->failed; r++) {
		for (size_t c = 0; c < n; c++) {
			struct table_cell *cell = tv_table_cell(&table, r, c);

			fill_cell(v, &cell->text, &v->tree->rows[r], chosen[c]);
			cell->colour = colour_of(v, &v->tree->rows[r], chosen[c]);
			v->failed |= cell->text.failed;
		}
	}
	if (!v->failed) {
		fputs("\n", v->out);
		tv_table_put(v, &table);
	}
	tv_table_free(&table);
}
