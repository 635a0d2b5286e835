// SPDX-License-Identifier: GPL-2.0-only
#include "report/text/axis.h"

#include <string.h>

#include "report/text/bar.h"
#include "util/utf8.h"

struct axis {
	uint64_t unit, step; /* ns */
	const char *name;
	int decimals;
};

/* From ten of them on a unit of the clock reads better than thousands of the smaller one. */
static void choose_unit(struct axis *axis, uint64_t span)
{
	static const struct {
		uint64_t from, unit;
		const char *name;
	} units[] = {
		{36000000000000, 3600000000000, "h"},
		{600000000000, 60000000000, "min"},
		{1000000000, 1000000000, "s"},
		{1000000, 1000000, "ms"},
		{0, 1000, "µs"},
	};
	size_t i = 0;

	while (span < units[i].from)
		i++;
	axis->unit = units[i].unit;
	axis->name = units[i].name;
}

static int label(char buf[static 32], const struct axis *axis, uint64_t at)
{
	const uint64_t whole = at / axis->unit, rest = at % axis->unit;
	uint64_t scale = axis->unit;

	if (axis->decimals == 0)
		return snprintf(buf, 32, "%llu", (unsigned long long)whole);
	for (int i = 0; i < axis->decimals; i++)
		scale /= 10;
	return snprintf(buf, 32, "%llu.%0*llu", (unsigned long long)whole, axis->decimals,
			(unsigned long long)(rest / scale));
}

/*
 * The smallest step of 1, 2 or 5 times a power of ten whose numbers do not
 * touch. Minutes and hours are not cut into tenths.
 */
static void choose_step(struct axis *axis, uint64_t offset, uint64_t span, size_t columns)
{
	static const uint64_t factors[] = {1, 2, 5};
	uint64_t base = axis->unit;

	axis->decimals = 0;
	if (axis->unit <= UINT64_C(1000000000))
		for (; base >= 10 && axis->decimals < 3; base /= 10)
			axis->decimals++;
	for (;; base *= 10) {
		for (size_t i = 0; i < 3; i++) {
			char buf[32];
			size_t needed;

			axis->step = base * factors[i];
			needed = (size_t)label(buf, axis, (offset + span) / axis->step * axis->step) + 2;
			if (axis->step >= span ||
			    axis->step / (span / columns + 1) >= (needed < 6 ? 6 : needed))
				return;
		}
		if (axis->decimals > 0)
			axis->decimals--;
	}
}

static void choose(struct axis *axis, const struct tv *v)
{
	choose_unit(axis, v->to - v->from);
	choose_step(axis, v->from - v->begin, v->to - v->from, v->bar_columns);
}

/* Numbers are since the recording's begin, and round, wherever the window begins. */
static uint64_t first_tick(const struct axis *axis, const struct tv *v)
{
	const uint64_t rest = (v->from - v->begin) % axis->step;

	return rest ? axis->step - rest : 0;
}

void tv_axis_numbers(const struct tv *v, struct pw_text *t, size_t room)
{
	const uint64_t span = v->to - v->from;
	struct axis axis;
	size_t column = 0;

	choose(&axis, v);
	for (uint64_t at = first_tick(&axis, v); at <= span; at += axis.step) {
		const bool last = span - at < axis.step;
		const size_t tick = tv_cell_of(v, v->from + at);
		char buf[32];
		size_t length = (size_t)label(buf, &axis, v->from - v->begin + at);
		const size_t with_unit = length + 1 + pw_utf8_columns(axis.name);

		if (tick < column || tick + (last ? with_unit : length) > room)
			break;
		pw_text_repeat(t, " ", tick - column);
		pw_text_add(t, buf);
		column = tick + length;
		/* The unit stands at the last number that still comes. */
		if (last || tv_cell_of(v, v->from + at + axis.step) + with_unit > room) {
			pw_text_format(t, " %s", v->style->ascii && axis.unit == 1000 ? "us" : axis.name);
			break;
		}
	}
}

void tv_axis_line(const struct tv *v, struct pw_text *t)
{
	const uint64_t span = v->to - v->from;
	struct axis axis;
	uint64_t at;

	choose(&axis, v);
	at = first_tick(&axis, v);
	for (size_t c = 0; c < v->bar_columns; c++) {
		const bool tick = at <= span && tv_cell_of(v, v->from + at) == c;

		pw_text_add(t, tick ? v->style->tick : v->style->axis);
		if (tick)
			at += axis.step;
	}
}
