/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ticks of the time axis: at round moments, in a unit that fits.
 */
#ifndef PW_PLOT_TICKS_H
#define PW_PLOT_TICKS_H

#include "report/plot/plot.h"

struct pw_ticks {
	/* ns */
	uint64_t unit, step;
	/* the first tick, ns after the beginning of the window */
	uint64_t first;
	/* of the unit; "us" in ASCII */
	const char *name;
	int decimals;
};

#define PW_TICK_MAX 32

/* Chooses the ticks for an axis with room for so many characters. */
void pw_ticks_choose(struct pw_ticks *ticks, const struct pw_plot *p, size_t characters);
/* Writes the number at a moment, ns since the recording began; returns its length. */
size_t pw_tick_label(char buf[static PW_TICK_MAX], const struct pw_ticks *ticks, uint64_t at);

#endif
