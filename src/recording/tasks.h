/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What both sides know of the tasks and CPUs of a block so far, and what they
 * expect from it: only what comes otherwise is written.
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
	/* as its birth, exec and rename said, if they are in this block */
	uint32_t tgid, parent; /* parent: a thread group */
	uint64_t parent_start;
	char comm[PW_COMM_LEN];
	/* at its last switch-out; 0: none in this block */
	uint32_t nvcsw, nivcsw;
	uint64_t runtime;
	uint64_t in; /* when it came to its CPU; 0: not seen */
	uint32_t waker;
	bool taken_off; /* it left the CPU last without going to sleep */
	uint8_t left; /* how it left the CPU last: a number in ways */
};

/* A way to leave the CPU. */
struct pw_way {
	uint32_t state;
	int16_t syscall;
	uint8_t exit_state;
};

#define PW_MAX_WAYS 256 /* number 0 stands for a new one */
#define PW_CPUS	    65536

struct pw_tasks {
	struct pw_task *at; /* at[0] is nobody */
	uint32_t n, room;
	uint32_t *slots; /* where to find a task; only who writes needs it */
	uint32_t n_slots;
	uint32_t *cpu; /* the task on each */
	uint32_t *before; /* and the one before it */
	struct pw_way ways[PW_MAX_WAYS];
	unsigned int n_ways;
	uint64_t ts; /* of the last event */
};

/* Returns 0 or -ENOMEM; freed with pw_tasks_free either way. searchable: pw_tasks_find will be called. */
int pw_tasks_init(struct pw_tasks *t, bool searchable);
void pw_tasks_free(struct pw_tasks *t);
/* A new block begins. */
void pw_tasks_forget(struct pw_tasks *t);

/* The number of a task; 0: not known yet. */
uint32_t pw_tasks_find(const struct pw_tasks *t, uint32_t tid, uint64_t start);
/* Makes one known. Returns its number; 0: memory is short. */
uint32_t pw_tasks_add(struct pw_tasks *t, uint32_t tid, uint64_t start);

/* The number of the task that is expected to come next to a CPU; 0: nobody knows. */
static inline uint32_t pw_tasks_next(const struct pw_tasks *t, uint16_t cpu)
{
	return t->before[cpu];
}

/* The number of a way; 0: not known yet. */
unsigned int pw_way_find(const struct pw_tasks *t, const struct pw_task *task, const struct pw_way *way);
/* Makes one known, while there is room. Returns its number or 0. */
unsigned int pw_way_add(struct pw_tasks *t, const struct pw_way *way);

/* What a task's account is expected to say when it leaves the CPU. */
struct pw_expected {
	uint64_t runtime;
	uint32_t nvcsw, nivcsw;
};
struct pw_expected pw_expect(const struct pw_task *task, uint64_t ts, uint32_t state, uint8_t flags);

/* Learns from a switch, now that all of it is known; 0: not watched. */
void pw_tasks_learn(struct pw_tasks *t, const struct pw_switch *sw, uint32_t prev, uint32_t next,
		    uint8_t left);

/* Learns from any other event about a task. */
void pw_tasks_learn_process(struct pw_tasks *t, const struct pw_event *event, uint32_t number);

#endif
