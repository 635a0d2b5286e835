/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/plot/ticks.h"

/* From ten seconds, minutes or hours on, they read better than thousands of the smaller unit. */
static void choose_unit(struct pw_ticks *ticks, uint64_t span)
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
	ticks->unit = units[i].unit;
	ticks->name = units[i].name;
}

size_t pw_tick_label(char buf[static PW_TICK_MAX], const struct pw_ticks *ticks, uint64_t at)
{
	const uint64_t whole = at / ticks->unit, rest = at % ticks->unit;
	uint64_t scale = ticks->unit;

	if (ticks->decimals == 0)
		return (size_t)snprintf(buf, PW_TICK_MAX, "%llu", (unsigned long long)whole);
	for (int i = 0; i < ticks->decimals; i++)
		scale /= 10;
	return (size_t)snprintf(buf, PW_TICK_MAX, "%llu.%0*llu", (unsigned long long)whole, ticks->decimals,
				(unsigned long long)(rest / scale));
}

/*
 * Chooses the smallest step of 1, 2 or 5 times a power of ten at which the numbers do not touch.
 * Minutes and hours have no decimals.
 */
static void choose_step(struct pw_ticks *ticks, uint64_t offset, uint64_t span, size_t columns)
{
	static const uint64_t factors[] = {1, 2, 5};
	uint64_t base = ticks->unit;

	ticks->decimals = 0;
	if (ticks->unit <= UINT64_C(1000000000))
		for (; base >= 10 && ticks->decimals < 3; base /= 10)
			ticks->decimals++;
	for (;; base *= 10) {
		for (size_t i = 0; i < 3; i++) {
			char buf[PW_TICK_MAX];
			size_t needed;

			ticks->step = base * factors[i];
			needed = pw_tick_label(buf, ticks, (offset + span) / ticks->step * ticks->step) + 2;
			if (ticks->step >= span ||
			    ticks->step / (span / columns + 1) >= (needed < 6 ? 6 : needed))
				return;
		}
		if (ticks->decimals > 0)
			ticks->decimals--;
	}
}

void pw_ticks_choose(struct pw_ticks *ticks, const struct pw_plot *p, size_t characters)
{
	const uint64_t offset = p->from - p->begin, span = p->to - p->from;
	uint64_t rest;

	choose_unit(ticks, span);
	choose_step(ticks, offset, span, characters);
	if (p->names == PW_AS_ASCII && ticks->unit == 1000)
		ticks->name = "us";
	/* The numbers count from the beginning of the recording, so they are round wherever the window begins. */
	rest = offset % ticks->step;
	ticks->first = rest ? ticks->step - rest : 0;
}
