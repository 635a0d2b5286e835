/* SPDX-License-Identifier: GPL-2.0-only */
/* One line on standard error that shows how far a long job is, while standard error is a terminal. */
#ifndef PW_PROGRESS_H
#define PW_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pw_progress {
	bool on, shown;
	/* the name of the format that is written, such as "json"; may be NULL */
	const char *what;
	uint64_t begun_ns, last_ns;
	/* at last_ns, of whatever the rate is computed from */
	uint64_t last_count;
};

/* What a running capture has seen so far. */
struct pw_capture_counts {
	uint64_t events, lost;
	size_t processes, alive;
};

/* Starts a job. A quiet one shows nothing. */
void pw_progress_start(struct pw_progress *p, bool quiet);

/*
 * Each of these may be called at any rate: a job shows nothing in its first second and then
 * at most four lines a second.
 */
void pw_progress_capturing(struct pw_progress *p, const struct pw_capture_counts *counts);
/* done and all are bytes of the recording; all is 0 if its size is unknown. */
void pw_progress_reading(struct pw_progress *p, uint64_t events, uint64_t done, uint64_t all);
void pw_progress_writing(struct pw_progress *p, uint64_t bytes);

/* Removes the line. */
void pw_progress_clear(struct pw_progress *p);

#endif
