/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small questions about one process that several sections ask.
 */
#ifndef PW_PLOT_FACTS_H
#define PW_PLOT_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/process.h"

/* How long it was a zombie, up to end when it still is one. */
uint64_t pw_zombie_ns(const struct pw_process *process, uint64_t end);
/* Its last move to another process; NULL: it kept its fork parent. */
const struct pw_parent *pw_last_adoption(const struct pw_process *process);
/* Ended, and nobody had collected it when the recording ended. */
bool pw_unreaped(const struct pw_process *process);
/* What it was doing last: for a process that has not ended. */
bool pw_stopped_at_end(const struct pw_process *process);

#endif
