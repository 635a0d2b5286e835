/* SPDX-License-Identifier: GPL-2.0-only */
/* `procwatch attach`: records processes that are already running, in this very process. */
#ifndef PW_ATTACH_H
#define PW_ATTACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "run/settings.h"

struct pw_attach_settings {
	struct pw_settings common;
	struct pw_selection select;
	/* owned; select.pids points to it */
	uint32_t *pids;
	size_t n_pids, room;
	/* --cgroup as the user gave it; NULL: not given */
	const char *cgroup;
	/* --wait: for a first match */
	bool wait;
};

/* Captures and reports. Prints its own errors; returns the exit status. */
int pw_attach_run(struct pw_attach_settings *settings);

#endif
