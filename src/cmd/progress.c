/* SPDX-License-Identifier: GPL-2.0-only */
#include "cmd/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_NS 1000000000u
#define PERIOD_NS   250000000u

void pw_progress_start(struct pw_progress *p, bool quiet)
{
	const char *term = getenv("TERM");

	*p = (struct pw_progress){.begun = pw_clock_ns()};
	p->last = p->begun;
	p->on = !quiet && isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

void pw_progress_show(struct pw_progress *p, const struct pw_capture *capture, const struct pw_model *model)
{
	uint64_t now = pw_clock_ns(), passed = now - p->last;
	struct pw_capture_stats stats;

	if (!p->on || now - p->begun < PATIENCE_NS || passed < PERIOD_NS)
		return;
	pw_capture_stats(capture, &stats);
	fprintf(stderr,
		"\r%" PRIu64 " s, %zu lives, %zu alive, %" PRIu64 " events/s, %" PRIu64
		" lost; Ctrl-C ends it\033[K",
		(now - p->begun) / 1000000000u, pw_model_count(model) + (size_t)pw_model_folded(model),
		pw_model_alive(model), (stats.received - p->last_events) * 1000000000u / passed,
		pw_model_stats(model)->lost);
	fflush(stderr);
	p->last = now;
	p->last_events = stats.received;
	p->shown = true;
}

void pw_progress_clear(struct pw_progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
