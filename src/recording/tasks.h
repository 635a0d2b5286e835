/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What reader and writer know of the tasks and CPUs in a block so far, and what they
 * expect of the next event: only the differences are written.
 */
#ifndef PW_RECORDING_TASKS_H
#define PW_RECORDING_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shared/event.h"

struct pw_task {
	uint64_t start;
	uint32_t tid;
	/* From its birth, exec and rename, if they are in this block. parent is a tgid. */
	uint32_t tgid, parent;
	uint64_t parent_start;
	char comm[PW_COMM_LEN];
	/* Its account at its last switch-out; 0: none in this block. */
	uint32_t nvcsw, nivcsw;
	uint64_t runtime;
	/* Its last switch-in; 0: none in this block. */
	uint64_t in;
	uint32_t waker;
	/* At its last switch-out it stayed runnable. */
	bool taken_off;
	/* The number of the way in which it last left the CPU. */
	uint8_t left;
};

/* A way to leave the CPU. Few of them occur, so switches refer to them by number. */
struct pw_way {
	uint32_t state;
	int16_t syscall;
	uint8_t exit_state;
};

/* Number 0 is a new way. */
#define PW_MAX_WAYS 256
#define PW_CPUS	    65536

struct pw_tasks {
	/* By number; at[0] is no task. */
	struct pw_task *at;
	uint32_t n, room;
	/* A hash table for pw_tasks_find; NULL for a reader. */
	uint32_t *slots;
	uint32_t n_slots;
	/* The task on each CPU, and the one before it. */
	uint32_t *cpu, *before;
	struct pw_way ways[PW_MAX_WAYS];
	unsigned int n_ways;
	/* Of the last event. */
	uint64_t ts;
};

/* Returns 0 or -ENOMEM; freed with pw_tasks_free either way. searchable: pw_tasks_find will be called. */
int pw_tasks_init(struct pw_tasks *t, bool searchable);
void pw_tasks_free(struct pw_tasks *t);
/* Forgets everything: a new block begins. */
void pw_tasks_forget(struct pw_tasks *t);

/* The number of a task; 0: it is new. */
uint32_t pw_tasks_find(const struct pw_tasks *t, uint32_t tid, uint64_t start);
/* Adds a task. Returns its number; 0: memory is short. */
uint32_t pw_tasks_add(struct pw_tasks *t, uint32_t tid, uint64_t start);

/* The number of the task that is expected next on a CPU; 0: unknown. */
static inline uint32_t pw_tasks_next(const struct pw_tasks *t, uint16_t cpu)
{
	return t->before[cpu];
}

/* The number of a way; 0: it is new. */
unsigned int pw_way_find(const struct pw_tasks *t, const struct pw_task *task, const struct pw_way *way);
/* Adds a way. Returns its number; 0: there is no room. */
unsigned int pw_way_add(struct pw_tasks *t, const struct pw_way *way);

/* The expected account of a task when it leaves the CPU. */
struct pw_expected {
	uint64_t runtime;
	uint32_t nvcsw, nivcsw;
};
struct pw_expected pw_expect(const struct pw_task *task, uint64_t ts, uint32_t state, uint8_t flags);

/*
 * Learns from a switch between the tasks with these numbers. left: the number of the
 * way; woken: the wake-up is in the file, because both sides must learn the same.
 */
void pw_tasks_learn(struct pw_tasks *t, const struct pw_switch *sw, uint32_t prev, uint32_t next,
		    uint8_t left, bool woken);

/* Learns from an event of any other kind about a task. */
void pw_tasks_learn_process(struct pw_tasks *t, const struct pw_event *event, uint32_t number);

#endif
