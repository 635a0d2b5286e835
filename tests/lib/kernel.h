/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A made-up kernel: a machine of a few CPUs whose tasks fork, exec, sleep, stop, exit and reap at random. It raises
 * the events that the BPF programs would, and keeps the truth, to compare with what the model says.
 *
 * Everything of one machine follows from its options.
 */
#ifndef TESTS_LIB_KERNEL_H
#define TESTS_LIB_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/events.h"
#include "model/model.h"

#define KERNEL_CPUS  8
#define KERNEL_TASKS 256

struct kernel_options {
	uint64_t seed;
	/* When the recording begins, in ns. */
	uint64_t start;
	/* At most KERNEL_CPUS, and KERNEL_TASKS at once; 0: 4 and 48. */
	unsigned int cpus, tasks;
	/* How reaps are observed: an enum pw_reap_hook; 0: not at all. */
	int hook;
	/* Wake-ups have events of their own, and no switch-in carries one. */
	bool wake_events;
	/* Only leaders call exec. */
	bool leaders_exec;
	/* Of a hundred switches so many are never raised. */
	unsigned int hidden_percent;
	/* Of a thousand records so many find the ring full, and some after them. A LOST record counts them. */
	unsigned int full_permille;
	/* Of so many records one is missing, and nothing tells; 0: none. */
	unsigned int missing;
	/* Of so many steps one makes a record of noise, about a task that exists, at any time; 0: none. */
	unsigned int noise;
	event_sink sink;
	void *context;
};

/* What really happened to one thread. */
struct thread_truth {
	uint32_t tid;
	uint64_t start;
	/* When it ended; 0: it did not, or no event can tell exactly. */
	uint64_t exit;
	struct pw_span *at;
	size_t count, room;
	uint32_t voluntary, involuntary, switch_ins, wakeups, migrations;
	/* Of a leader, for its process. parent: the last one. */
	bool leader;
	uint32_t status, parent;
	/* Its parent was notified, it was reaped; 0: not. */
	uint64_t notice, reap;
	uint32_t reaper;
	/* It was reaped, and no hook observed that. */
	bool reap_unobserved;
};

struct kernel;

/* NULL: out of memory. */
struct kernel *kernel_new(const struct kernel_options *options);
void kernel_run(struct kernel *k, size_t steps);
/* Raises what is still due, ends the recording and returns its end. 0: memory was short, or the sink failed. */
uint64_t kernel_stop(struct kernel *k);
void kernel_free(struct kernel *k);

/* The threads that there were, in order of birth; they stay the kernel's. */
const struct thread_truth *kernel_truths(const struct kernel *k, size_t *count);
/* The model's thread, and its process; NULL: the model does not know it. */
const struct pw_thread *truth_thread(const struct pw_model *m, const struct thread_truth *truth,
				     const struct pw_process **process);
/* What a model has wrong first, of a kernel that raised everything; NULL: nothing. Details go to standard error. */
const char *kernel_untrue(const struct kernel *k, const struct pw_model *m);

#endif
