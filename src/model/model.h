/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The model: events in, processes out.
 *
 * It is pure: no I/O, no clock, no globals. Live capture and replay feed it alike.
 * An event that contradicts the others is counted, and the time it is about stays
 * unknown; only a lack of memory is an error.
 */
#ifndef PW_MODEL_H
#define PW_MODEL_H

#include "model/process.h"

struct pw_model;

/* NULL when memory is short. */
struct pw_model *pw_model_new(void);
void pw_model_free(struct pw_model *m);

/* ---- retention */

/* How much is kept; 0: no bound. */
struct pw_keep {
	/* Intervals and signals of so much time before the latest event. */
	uint64_t ns;
	/* So much memory: half for intervals and signals, half for processes. */
	size_t bytes;
};

/*
 * Bounds the memory: the oldest intervals and signals are dropped, and when there are
 * too many processes, those that ended longest ago become totals by name. Totals,
 * exits, reaps, parents and execs stay. Call it once, before any event.
 */
void pw_model_keep(struct pw_model *m, const struct pw_keep *keep);
/* Intervals and signals are kept from then on; 0: all of them. */
uint64_t pw_model_kept_from(const struct pw_model *m);
/* How many processes have become totals, and these totals by name. */
uint64_t pw_model_folded(const struct pw_model *m);
size_t pw_model_earlier_count(const struct pw_model *m);
const struct pw_earlier *pw_model_earlier(const struct pw_model *m, size_t i);
/* The memory for intervals, signals and processes. */
size_t pw_model_bytes(const struct pw_model *m);

/* ---- feeding */

/* Events must come in order of ts. Returns 0 or -ENOMEM. */
int pw_model_feed(struct pw_model *m, const struct pw_event *ev);
/* Closes all timelines at end_ns and computes the totals of processes. Call it once, last. Returns 0 or -ENOMEM. */
int pw_model_finish(struct pw_model *m, uint64_t end_ns);

/* ---- reading */

/* Processes in order of birth. A pointer to one is valid until the next event. */
size_t pw_model_count(const struct pw_model *m);
const struct pw_process *pw_model_process(const struct pw_model *m, size_t i);
/* When the first process of all was born, even if it has become totals; 0: there was none. */
uint64_t pw_model_first_start(const struct pw_model *m);
/* The process that had this pid at this moment, from birth to reap; NULL: none. */
const struct pw_process *pw_model_find(const struct pw_model *m, uint32_t pid, uint64_t at);
/* The process one of whose threads had this tid at this moment; NULL: none. */
const struct pw_process *pw_model_find_tid(const struct pw_model *m, uint32_t tid, uint64_t at);

/* Signals in order of time. */
size_t pw_model_signal_count(const struct pw_model *m);
const struct pw_signal_record *pw_model_signal(const struct pw_model *m, size_t i);

const struct pw_model_stats *pw_model_stats(const struct pw_model *m);
size_t pw_model_lost_count(const struct pw_model *m);
const struct pw_lost_range *pw_model_lost(const struct pw_model *m, size_t i);

/* At this moment, while events come in: processes that have not ended, and those that are zombies. */
size_t pw_model_alive(const struct pw_model *m);
size_t pw_model_zombies(const struct pw_model *m);

#endif
