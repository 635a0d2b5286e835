/* SPDX-License-Identifier: GPL-2.0-only */
#include "output/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_NS 1000000000u
#define PERIOD_NS   250000000u
#define TO_THE_END  "\033[K"

void pw_progress_start(struct pw_progress *p, bool quiet)
{
	const char *term = getenv("TERM");

	*p = (struct pw_progress){.begun = pw_clock_ns()};
	p->last = p->begun;
	p->on = !quiet && isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

/* Whether it is time for a line; *rate: how many a second there were since the last. */
static bool is_due(struct pw_progress *p, uint64_t count, uint64_t *rate)
{
	const uint64_t now = p->on ? pw_clock_ns() : 0, passed = now - p->last;

	if (!p->on || now - p->begun < PATIENCE_NS || passed < PERIOD_NS)
		return false;
	*rate = (uint64_t)((double)(count - p->last_count) * 1e9 / (double)passed);
	p->last = now;
	p->last_count = count;
	p->shown = true;
	return true;
}

void pw_progress_show(struct pw_progress *p, const struct pw_capture *capture, const struct pw_model *model)
{
	struct pw_capture_stats stats;
	uint64_t rate;

	pw_capture_stats(capture, &stats);
	if (!is_due(p, stats.received, &rate))
		return;
	fprintf(stderr,
		"\r%" PRIu64 " s, %zu processes, %zu alive, %" PRIu64 " events/s, %" PRIu64
		" lost; Ctrl-C ends it" TO_THE_END,
		(p->last - p->begun) / 1000000000u, pw_model_count(model) + (size_t)pw_model_folded(model),
		pw_model_alive(model), rate, pw_model_stats(model)->lost);
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
	fputs(TO_THE_END, stderr);
	fflush(stderr);
}

void pw_progress_writing(struct pw_progress *p, uint64_t bytes)
{
	uint64_t rate;

	if (!is_due(p, bytes, &rate))
		return;
	fprintf(stderr, "\rwriting %s: %.1f MB, %.1f MB/s" TO_THE_END, p->what ? p->what : "",
		(double)bytes / 1e6, (double)rate / 1e6);
	fflush(stderr);
}

void pw_progress_clear(struct pw_progress *p)
{
	if (p->shown)
		fputs("\r" TO_THE_END, stderr);
	p->shown = false;
}
