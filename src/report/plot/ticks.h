/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The time axis: ticks at round moments, in a unit that fits.
 */
#ifndef PW_PLOT_TICKS_H
#define PW_PLOT_TICKS_H

#include "report/plot/plot.h"

struct pw_ticks {
	uint64_t unit, step; /* ns */
	uint64_t first; /* the first tick, since the plot's from; the last is not after to */
	const char *name; /* of the unit; "us" where only ASCII may be */
	int decimals;
};

#define PW_TICK_MAX 32

/* For an axis with room for so many characters. */
void pw_ticks_choose(struct pw_ticks *ticks, const struct pw_plot *p, size_t characters);
/* Writes the number at a moment since the recording's begin; returns its length. */
size_t pw_tick_label(char buf[static PW_TICK_MAX], const struct pw_ticks *ticks, uint64_t at);

#endif
