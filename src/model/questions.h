/* SPDX-License-Identifier: GPL-2.0-only */
/* Questions about one process of a finished model. All are pure. */
#ifndef PW_MODEL_QUESTIONS_H
#define PW_MODEL_QUESTIONS_H

#include "model/process.h"

/* ---- at a moment */

/* Its name. */
const char *pw_process_comm_at(const struct pw_process *process, uint64_t at);
/* Its parent. */
const struct pw_parent *pw_process_parent_at(const struct pw_process *process, uint64_t at);
/* What it was doing. False before its birth and after its end, or when memory is short. */
bool pw_process_span_at(const struct pw_process *process, uint64_t at, struct pw_span *out);

/* ---- its program and parents */

/* The program and arguments that it ran last, its own or inherited; NULL: unknown. */
const struct pw_exec_record *pw_process_image(const struct pw_process *process);
/* Its last move to another process; NULL: it kept its fork parent. */
const struct pw_parent *pw_last_adoption(const struct pw_process *process);

/* ---- its end */

/* The end of what is known of it: its reap, its end, or the end of the recording. */
uint64_t pw_process_end(const struct pw_process *process);
/* Its end was observed: neither inferred from a later event nor from its absence. */
bool pw_process_end_seen(const struct pw_process *process);
/* It was a zombie when the recording began. Since when is unknown, so its zombie interval is a lower bound. */
bool pw_process_found_dead(const struct pw_process *process);
/* It has ended, and was not reaped before the recording ended. */
bool pw_unreaped(const struct pw_process *process);
/* It has not ended, and was stopped when the recording ended. */
bool pw_stopped_at_end(const struct pw_process *process);
/* How long it was a zombie, ns; until end if it still is one. */
uint64_t pw_zombie_ns(const struct pw_process *process, uint64_t end);
/*
 * Whether it was a zombie for long enough to be worth a sentence: even a parent
 * that waits takes a while to reap, more so on a busy machine.
 */
bool pw_zombie_is_long(const struct pw_process *process, uint64_t recording_ns);

#endif
