/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The model: events in, processes out.
 *
 * Pure: no I/O, no clock, no globals. Live capture and replay feed it alike. An
 * event that cannot be true is counted (contradictions) and the stretch kept as
 * unknown; it never fails for what an event says, only for memory.
 */
#ifndef PW_MODEL_H
#define PW_MODEL_H

#include "model/process.h"

struct pw_model;

/* NULL when memory is short. */
struct pw_model *pw_model_new(void);
void pw_model_free(struct pw_model *m);

/* How much is kept; 0: no bound. */
struct pw_keep {
	uint64_t ns; /* intervals and signals of this last stretch of time */
	size_t bytes; /* of memory: half for intervals and signals, half for processes */
};
/*
 * Bounds the memory, from now on: the oldest intervals and signals are dropped,
 * and when the processes themselves are too many, those that ended the longest ago
 * become sums by name. Totals, exits, reaps, parents and execs stay. Before any
 * event, once.
 */
void pw_model_keep(struct pw_model *m, const struct pw_keep *keep);
/* From when on intervals and signals are there; 0: all of them are. */
uint64_t pw_model_kept_from(const struct pw_model *m);
/* Processes that are only sums, and the sums by name. */
uint64_t pw_model_folded(const struct pw_model *m);
size_t pw_model_earlier_count(const struct pw_model *m);
const struct pw_earlier *pw_model_earlier(const struct pw_model *m, size_t i);
/* What intervals, signals and processes take. */
size_t pw_model_bytes(const struct pw_model *m);

/* Events must come in order of ts. Returns 0 or -ENOMEM. */
int pw_model_feed(struct pw_model *m, const struct pw_event *ev);
/* Closes what is open at end_ns and computes the processes' totals. Once, last. */
int pw_model_finish(struct pw_model *m, uint64_t end_ns);

/* Processes in order of birth. A pointer to one holds until the next event. */
size_t pw_model_count(const struct pw_model *m);
const struct pw_process *pw_model_process(const struct pw_model *m, size_t i);
/* When the first process of all began; 0: there was none. */
uint64_t pw_model_first_start(const struct pw_model *m);
/* The process that had this pid at this moment (from birth to reap); NULL: none. */
const struct pw_process *pw_model_find(const struct pw_model *m, uint32_t pid, uint64_t at);
/* The process one of whose threads has this tid at this moment; NULL: none. */
const struct pw_process *pw_model_find_tid(const struct pw_model *m, uint32_t tid, uint64_t at);

/* Signals in order of time. */
size_t pw_model_signal_count(const struct pw_model *m);
const struct pw_signal_record *pw_model_signal(const struct pw_model *m, size_t i);

struct pw_model_stats {
	uint64_t events; /* fed */
	uint64_t lost; /* records that found no room in the ring */
	uint64_t holes; /* switches the kernel never raised */
	uint64_t contradictions;
	uint64_t strangers; /* events about a task the model was never told of */
	uint64_t intervals;
};
const struct pw_model_stats *pw_model_stats(const struct pw_model *m);
size_t pw_model_lost_count(const struct pw_model *m);
const struct pw_lost_range *pw_model_lost(const struct pw_model *m, size_t i);

/* While events come in: processes that have not ended, and ended ones not yet reaped. */
size_t pw_model_alive(const struct pw_model *m);
size_t pw_model_zombies(const struct pw_model *m);

#endif
