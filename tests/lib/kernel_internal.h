/* SPDX-License-Identifier: GPL-2.0-only */
/* The made-up kernel's inside: tasks and CPUs (kernel.c), and what processes do (kernel_processes.c). */
#ifndef TESTS_LIB_KERNEL_INTERNAL_H
#define TESTS_LIB_KERNEL_INTERNAL_H

#include "lib/kernel.h"

#define MAX_FREES 32

enum phase { NOBODY, ALIVE, EXITING, NOTIFIED, ZOMBIE };

struct kernel_task {
	enum phase phase;
	uint32_t tid, tgid, parent_tid;
	uint64_t start;
	/* PW_RUNNING, PW_READY, PW_BLOCKED or PW_STOPPED. */
	enum pw_state state;
	enum pw_detail detail;
	int16_t syscall;
	uint16_t cpu;
	/* In this state since; on a CPU before it. */
	uint64_t since, runtime;
	uint32_t nvcsw, nivcsw;
	/* A wake-up that no event has carried yet. */
	uint64_t woken;
	uint32_t waker;
	char comm[PW_COMM_LEN];
	/* Its own, in kernel.truths. */
	size_t truth;
	/* Of a leader, for its process. parent: the leader of the parent; NULL: init, which is not watched. */
	struct kernel_task *parent;
	int32_t exit_signal;
	uint32_t status;
	uint8_t autoreap;
	/* Threads that have not entered do_exit; threads that have not left it. */
	unsigned int live, present;
	bool waitable, reaped;
	/* Its group was told to exit. */
	bool doomed;
};

struct kernel {
	struct kernel_options o;
	uint64_t rand, ts;
	struct kernel_task tasks[KERNEL_TASKS];
	/* NULL: the idle task, or one that is not watched. */
	struct kernel_task *on[KERNEL_CPUS];
	struct thread_truth *truths;
	size_t n_truths;
	/* To be raised some time later. */
	struct pw_free frees[MAX_FREES];
	size_t n_frees;
	/* So many records more find the ring full. */
	unsigned int full;
	/* To be raised when there is room again. */
	struct pw_lost lost;
	/* Memory was short, or the sink failed. */
	bool broken;
};

uint64_t k_chance(struct kernel *k, uint64_t n);
/* The head of a new event, a little later than the one before. */
struct pw_event k_head(struct kernel *k, enum pw_event_kind kind, const struct kernel_task *t);
void k_raise(struct kernel *k, const void *event);
struct kernel_task *k_leader_of(struct kernel *k, const struct kernel_task *t);
struct thread_truth *k_truth(struct kernel *k, const struct kernel_task *t);
/* From now on the task is in another state. */
void k_turn(struct kernel *k, struct kernel_task *t, enum pw_state state, enum pw_detail detail, uint64_t at);
/* by NULL: init. */
void k_fork(struct kernel *k, struct kernel_task *by, bool thread);
/* A wake-up that the next switch-in cannot carry any more has an event of its own. */
void k_flush_wake(struct kernel *k, struct kernel_task *t);
/* The CPU goes from the task that has it to one that waits for it, or to none. raw: task_struct.__state. */
void k_switch(struct kernel *k, uint16_t cpu, uint32_t raw, uint8_t exit_state);
void k_wake_someone(struct kernel *k);
/* One step of processes and CPUs. */
void k_step(struct kernel *k);

#endif
