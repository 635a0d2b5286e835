/* SPDX-License-Identifier: GPL-2.0-only */
/* One line on standard error that says how a long capture goes, while that is a terminal. */
#ifndef PW_PROGRESS_H
#define PW_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"
#include "model/model.h"

struct pw_progress {
	bool on, shown;
	uint64_t begun, last;
	uint64_t last_events;
};

void pw_progress_start(struct pw_progress *p, bool quiet);
/* At most a few times a second, and not in the first second. */
void pw_progress_show(struct pw_progress *p, const struct pw_capture *capture, const struct pw_model *model);
void pw_progress_clear(struct pw_progress *p);

#endif
