/* SPDX-License-Identifier: GPL-2.0-only */
#include "output/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/clock.h"

#define PATIENCE_NS  PW_NS_PER_S
#define PERIOD_NS    (250 * PW_NS_PER_MS)
#define ERASE_TO_END "\033[K"

void pw_progress_start(struct pw_progress *p, bool quiet)
{
	const char *term = getenv("TERM");

	*p = (struct pw_progress){.begun_ns = pw_clock_ns()};
	p->last_ns = p->begun_ns;
	p->on = !quiet && isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

/* Whether it is time for a line; *rate becomes the increase of count per second since the last line. */
static bool is_due(struct pw_progress *p, uint64_t count, uint64_t *rate)
{
	uint64_t now, passed;

	if (!p->on)
		return false;
	now = pw_clock_ns();
	passed = now - p->last_ns;
	if (now - p->begun_ns < PATIENCE_NS || passed < PERIOD_NS)
		return false;
	*rate = (uint64_t)((double)(count - p->last_count) * 1e9 / (double)passed);
	p->last_ns = now;
	p->last_count = count;
	p->shown = true;
	return true;
}

void pw_progress_capturing(struct pw_progress *p, const struct pw_capture_counts *c)
{
	uint64_t rate;

	if (!is_due(p, c->events, &rate))
		return;
	fprintf(stderr,
		"\r%" PRIu64 " s, %zu processes, %zu alive, %" PRIu64 " events/s, %" PRIu64
		" lost; press Ctrl-C to stop" ERASE_TO_END,
		(p->last_ns - p->begun_ns) / PW_NS_PER_S, c->processes, c->alive, rate, c->lost);
	fflush(stderr);
}

void pw_progress_reading(struct pw_progress *p, uint64_t events, uint64_t done, uint64_t all)
{
	uint64_t rate;

	if (!is_due(p, events, &rate))
		return;
	fprintf(stderr, "\rreading: %.1f million events, %.1f million/s", (double)events / 1e6,
		(double)rate / 1e6);
	if (all)
		fprintf(stderr, ", %.0f %%", 100.0 * (double)done / (double)all);
	fputs(ERASE_TO_END, stderr);
	fflush(stderr);
}

void pw_progress_writing(struct pw_progress *p, uint64_t bytes)
{
	uint64_t rate;

	if (!is_due(p, bytes, &rate))
		return;
	fprintf(stderr, "\rwriting %s: %.1f MB, %.1f MB/s" ERASE_TO_END, p->what ? p->what : "",
		(double)bytes / 1e6, (double)rate / 1e6);
	fflush(stderr);
}

void pw_progress_clear(struct pw_progress *p)
{
	if (p->shown)
		fputs("\r" ERASE_TO_END, stderr);
	p->shown = false;
}
