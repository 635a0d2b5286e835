/* SPDX-License-Identifier: GPL-2.0-only */
/* One line on standard error that says how something long goes, while that is a terminal. */
#ifndef PW_PROGRESS_H
#define PW_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"
#include "model/model.h"

struct pw_progress {
	bool on, shown;
	const char *what; /* is written: "json" */
	uint64_t begun, last;
	uint64_t last_count; /* of what the rate is of */
};

/* At the beginning of each stretch of work. quiet: says nothing at all. */
void pw_progress_start(struct pw_progress *p, bool quiet);
/* Each shows at most a few lines a second, and none in the first second. */
void pw_progress_show(struct pw_progress *p, const struct pw_capture *capture, const struct pw_model *model);
/* Of a recording; done of all bytes, all 0 when that is not known. */
void pw_progress_reading(struct pw_progress *p, uint64_t events, uint64_t done, uint64_t all);
void pw_progress_writing(struct pw_progress *p, uint64_t bytes);
void pw_progress_clear(struct pw_progress *p);

#endif
