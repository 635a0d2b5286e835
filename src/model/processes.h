/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes: their threads and names, their parents and children, their index by
 * tid, and how they end. Functions that return int return 0 or -ENOMEM.
 */
#ifndef PW_MODEL_PROCESSES_H
#define PW_MODEL_PROCESSES_H

#include "model/index.h"
#include "model/thread.h"

struct process {
	/* First, so that a pointer to it is one to the process. */
	struct pw_process pub;
	struct process_table *table;

	/* ---- threads */
	struct thread_group group;
	struct thread *last_thread;
	/* Threads that are not dead. */
	size_t n_live;

	/* ---- family */
	/* NULL: not in the model. */
	struct process *parent;
	struct process *first_child, *next_sibling, *prev_sibling;
	/* The parent's thread that forked it, or that it was moved to. */
	uint32_t parent_tid;
	/* Whose execs pub.image_of names, and how many processes name those of this one. */
	struct process *image;
	size_t image_users;

	/* ---- end */
	/* The latest sched_process_exit of one of its threads, and what it said. */
	uint64_t last_exit;
	uint32_t last_status;
	/* As pw_exit.autoreap. */
	uint8_t autoreap;
	/* Its latest exit notice; with notice_tells, notice_status is what wait() reports. */
	uint64_t notice_at;
	uint32_t notice_status;
	bool notice_tells;
	/* Its leader ended before other threads. */
	bool leader_early;
	/* A thread replaced the leader in exec, and the old leader has not been freed yet. */
	bool leader_replaced;
	bool reap_seen;

	/* ---- retention */
	/* In table->with_intervals. */
	bool listed;
	struct process *next_listed;
	/* Only its totals are kept: it is about to be freed. */
	bool folded;
};

struct cgroup {
	uint64_t id;
	char *path;
};

/* What all processes of a model share. */
struct process_table {
	struct sched *sched;
	/* By start time. */
	struct process **at;
	size_t count, room;
	/* Start of the first process of all, including folded ones. */
	uint64_t first_start;
	struct index index;
	/* Processes that have not ended, and that have ended but were not reaped. */
	size_t alive, zombies;
	/* Memory for processes and threads, without intervals. */
	size_t bytes;
	/* Linked by next_listed. */
	struct process *with_intervals;
	/* In order of time. */
	struct pw_signal_record *signals;
	size_t n_signals, signals_room;
	struct cgroup *cgroups;
	size_t n_cgroups, cgroups_room;
};

/* The process of a thread. */
static inline struct process *process_of(const struct thread *t)
{
	return (struct process *)((char *)t->group - offsetof(struct process, group));
}

/* ---- family.c */

int pw_parent_add(struct process *p, const struct pw_parent *parent);
void pw_child_link(struct process *parent, struct process *child, uint32_t parent_tid);
void pw_child_unlink(struct process *child);
/* The child runs its parent's program until it executes another one. */
void pw_image_inherit(struct process *child, struct process *parent);
void pw_image_release(struct process *child);

/* ---- processes.c */

/* NULL: there is none. */
struct process *pw_process_find(const struct process_table *table, uint32_t pid, uint64_t start);
/* NULL: it is not known. */
struct thread *pw_process_leader(const struct process *p);
/* Makes a process with its first name and parent, but without a thread. */
int pw_process_new(struct process_table *table, uint32_t pid, uint64_t start, uint64_t named_at,
		   const struct pw_parent *parent, const char *comm, struct process **out);
void pw_process_free(struct process *p);
/*
 * Makes a thread and begins its timeline. birth NULL: its birth was not observed,
 * the time from its start to now is unknown.
 */
int pw_process_add_thread(struct process *p, uint32_t tid, uint64_t start, const char *comm,
			  const struct pw_birth *birth, struct thread **out);
/* All known threads ended, and the leader, whose birth was lost, did not: makes it, unknown from then on. */
int pw_process_assume_leader(struct process *p, uint64_t from);
/* The start of a leader, the owner o of p's pid, becomes known. */
void pw_process_set_start(struct process *p, struct owner *o, uint64_t start);
/* An event names this leader: if its birth was lost, its start becomes known. */
void pw_process_leader_named(struct process_table *table, uint32_t pid, uint64_t start);
int pw_process_rename(struct process *p, uint64_t at, const char *comm);
/* Sums up cpu_ns over its threads. */
void pw_process_sum_cpu(struct process *p);
/* Adds its own states up to that moment to its totals; UINT64_MAX: all of them. */
int pw_process_finalize(struct process *p, uint64_t until);
size_t pw_exec_bytes(const struct pw_exec_record *exec);
/* The memory for a process without its intervals, and for each of its threads. */
size_t pw_process_bytes(const struct process *p);
#define PW_THREAD_BYTES (sizeof(struct thread) + sizeof(struct owner) + 16)

/* ---- ending.c */

/* Every thread has ended: the process is waitable, or gone. */
void pw_process_ended(struct process *p, uint64_t at);
/* When it ended: at its exit notice, if that came, or at the latest then. */
uint64_t pw_process_ended_at(const struct process *p, uint64_t latest);
/* Every thread has entered do_exit. */
bool pw_process_all_exiting(const struct process *p);
/* The last switch-out of one of its threads was observed. */
int pw_process_thread_died(struct process *p, struct thread *t, uint64_t ts);
/* One of its threads ended before that, unobserved. */
void pw_process_thread_gone(struct process *p, struct thread *t, uint64_t ts);
/* It is gone by then. It has ended; if no reap was observed, this is an upper bound. */
void pw_process_gone(struct process *p, uint64_t ts);
/* It released itself, because its parent wants no zombies. */
void pw_process_reap_itself(struct process *p);
/* All of it ended and is gone by then, unobserved. */
void pw_process_vanished(struct process *p, uint64_t ts);
/* Another task has this tid now: its last owner ended before that, unobserved. */
void pw_owner_vanished(const struct owner *o, uint64_t ts);

#endif
