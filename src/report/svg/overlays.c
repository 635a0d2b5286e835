/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The single moments of a process on its bar: exec, adoption, exit, reap.
 */
#include <sys/wait.h>

#include "model/questions.h"
#include "report/svg/bar.h"
#include "util/utf8.h"

#define APART 7 /* pixels: execs that are closer share a sign */

static bool is_shown(const struct sv *v, uint64_t at)
{
	return at && at >= v->plot.from && at <= v->plot.to;
}

static void draw_execs(struct sv *v, const struct pw_process *process, int middle, int height)
{
	const int top = middle - height / 2 - 4;
	int last = v->bar_x - APART;

	for (size_t i = 0; i < process->n_execs; i++) {
		const int x = sv_x(v, process->execs[i].at);

		if (!is_shown(v, process->execs[i].at) || x < last + APART)
			continue;
		fprintf(v->out, "<path class=\"exec\" d=\"M%d %dh8l-4 7z\"/>\n", x - 4, top);
		last = x;
		v->drawn[PW_SIGN_EXEC] = true;
	}
}

bool sv_is_quiet(const struct sv *v, const struct pw_cells *cells, int from, int to)
{
	const size_t first = (size_t)(from - v->bar_x) / SV_CELL, last = (size_t)(to - v->bar_x) / SV_CELL;

	if (last >= cells->end)
		return false;
	for (size_t c = first; c <= last; c++)
		if (cells->sign[c] != PW_SIGN_BLOCKED)
			return false;
	return true;
}

static void draw_arrow(struct sv *v, int x, int middle)
{
	fprintf(v->out,
		"<path class=\"plate\" d=\"M%d %dh13v14h-13z\"/>"
		"<path class=\"adopt\" d=\"M%d %dv4q0 4 4 4h6m-4 -4l4 4l-4 4\"/>\n",
		x - 2, middle - 8, x, middle - 7);
}

/* The arrow looks like the sign of the text report. The adopter stands beside it if that hides nothing. */
static void draw_adoption(struct sv *v, const struct pw_process *process, const struct pw_parent *parent,
			  const struct pw_cells *cells, int middle, bool *named)
{
	const int x = sv_x(v, parent->from), from = x + 14;
	struct pw_text t = {0}, name = {0};
	int width;

	draw_arrow(v, x, middle);
	v->drawn[PW_SIGN_ADOPTED] = true;
	pw_plot_name(&v->plot, &name, parent->comm);
	pw_text_format(&t, tr(v->plot.language, "adopted by %u %s"), parent->pid, pw_text_get(&name));
	sv_done(v, &name);
	width = sv_columns(pw_utf8_columns(pw_text_get(&t)), SV_SMALL);
	if (parent == pw_last_adoption(process) && sv_is_quiet(v, cells, from, from + width + 6)) {
		fprintf(v->out, "<rect class=\"plate\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"12\"/>\n",
			from - 1, middle - 6, width + 6);
		sv_text(v, from + 2, middle + 4, "adopter", pw_text_get(&t));
		*named = true;
	}
	sv_done(v, &t);
}

/* A circle at the foot of the bar, hollow for exit 0, else full; left out if the reap follows at once. */
static void draw_exit_and_reap(struct sv *v, const struct pw_process *process, int middle, int height)
{
	const bool reaped = process->reaped != PW_REAPED_NOT && is_shown(v, process->reap_at);
	const int x = sv_x(v, process->exit_at), reap = sv_x(v, process->reap_at);

	if (process->exited && is_shown(v, process->exit_at) && (!reaped || reap > x + 8)) {
		const bool other = process->wait_status || !process->status_known;

		fprintf(v->out, "<circle class=\"exit%s\" cx=\"%d\" cy=\"%d\" r=\"3.2\"/>\n",
			other ? " bad" : "", x, middle + height / 2);
		v->ends[other] = true;
	}
	if (reaped) {
		fprintf(v->out, "<path class=\"reap\" d=\"M%d %dv%d\"/>\n", reap + 1, middle - height / 2 - 2,
			height + 4);
		v->drawn[PW_SIGN_REAPED] = true;
	}
}

void sv_overlays(struct sv *v, const struct pw_row *row, const struct pw_cells *cells, int middle, int height,
		 bool *named)
{
	const struct pw_process *process = row->process;

	for (size_t i = 1; i < process->n_parents; i++) {
		const struct pw_parent *parent = &process->parents[i];

		if (parent->why == PW_BY_REPARENT && parent->adopter != PW_ADOPTER_THREAD &&
		    is_shown(v, parent->from))
			draw_adoption(v, process, parent, cells, middle, named);
	}
	draw_exit_and_reap(v, process, middle, height);
	draw_execs(v, process, middle, height);
}
