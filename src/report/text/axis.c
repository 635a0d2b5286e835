/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/text/axis.h"

#include "report/plot/cells.h"
#include "report/plot/ticks.h"
#include "util/utf8.h"

void tv_axis_numbers(const struct tv *v, struct pw_text *t, size_t room)
{
	const struct pw_plot *p = &v->plot;
	const uint64_t span = p->to - p->from;
	struct pw_ticks ticks;
	size_t column = 0;

	pw_ticks_choose(&ticks, p, p->cells);
	for (uint64_t at = ticks.first; at <= span; at += ticks.step) {
		const bool last = span - at < ticks.step;
		const size_t tick = pw_cell_of(p, p->from + at);
		char buf[PW_TICK_MAX];
		const size_t length = pw_tick_label(buf, &ticks, p->from - p->begin + at);
		const size_t with_unit = length + 1 + pw_utf8_columns(ticks.name);

		if (tick < column || tick + (last ? with_unit : length) > room)
			break;
		pw_text_repeat(t, " ", tick - column);
		pw_text_add(t, buf);
		column = tick + length;
		/* The unit follows the last number that has room. */
		if (last || pw_cell_of(p, p->from + at + ticks.step) + with_unit > room) {
			pw_text_format(t, " %s", ticks.name);
			break;
		}
	}
}

void tv_axis_line(const struct tv *v, struct pw_text *t)
{
	const struct pw_plot *p = &v->plot;
	const uint64_t span = p->to - p->from;
	struct pw_ticks ticks;
	uint64_t at;

	pw_ticks_choose(&ticks, p, p->cells);
	at = ticks.first;
	for (size_t c = 0; c < p->cells; c++) {
		const bool tick = at <= span && pw_cell_of(p, p->from + at) == c;

		pw_text_add(t, tick ? v->style->tick : v->style->axis);
		if (tick)
			at += ticks.step;
	}
}
