/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A thread: its state machine, the account that the kernel keeps of it, and the
 * repair of its timeline where the account proves that a switch was missed.
 */
#ifndef PW_MODEL_THREAD_H
#define PW_MODEL_THREAD_H

#include <string.h>

#include "model/timeline.h"

/* A CPU, as far as the watched threads are concerned. */
struct cpu {
	/* The watched thread that runs here; NULL: none. */
	struct thread *running;
	/* The one before. If its switch-out was missed, its gap may still be open. */
	struct thread *left;
	/* When the last one is known to have left. */
	uint64_t free_since;
};

/* Switches counted as missed, until a LOST record shows that the ring dropped their records. */
struct missed_switches {
	struct thread *thread;
	uint64_t from, to;
	uint64_t count;
};

/* What the threads of a model share. */
struct sched {
	struct counters *counters;
	struct cpu *cpus;
	size_t n_cpus, cpus_room;
	struct missed_switches *missed;
	size_t n_missed, missed_room;
	/* Records were lost, the latest of them at lost_until. */
	bool any_lost;
	uint64_t lost_until;
};

/* What the threads of one process share. */
struct thread_group {
	struct pw_process *process;
	struct sched *sched;
	/* Time before this is in the process's totals and is not revised any more. */
	uint64_t finalized_until;
};

struct thread {
	/* First, so that thread_of is a cast. */
	struct pw_thread pub;
	struct thread_group *group;
	struct timeline timeline;
	size_t marks_room;
	/* Only its totals are kept: it is about to be freed. */
	bool folded;

	/*
	 * timeline.gap follows a run whose end was missed: the run began at gap_from on
	 * gap_cpu, and had ended by gap_until.
	 */
	uint64_t gap_from, gap_until;
	uint16_t gap_cpu;

	/* Its account at its last switch-out, or when the snapshot read it. */
	uint64_t runtime;
	uint32_t nvcsw, nivcsw;
	uint64_t account_at;
	/* Switch-ins observed since then. */
	uint32_t ins;
	/* The snapshot read the account, which may include the next switch-out already. */
	bool fresh_seed;

	/* Its last switch-in. */
	uint64_t went_on;
	/* At its last switch-out. */
	uint32_t exit_state;
	/* The CPU it ran on last. */
	uint16_t cpu;
	/* It entered do_exit, at exiting_at. */
	bool exiting;
	uint64_t exiting_at;
	/* Its last switch-out was observed, or the model gave it up. */
	bool dead;
	/* It ran until its process ended: it sent the exit notice itself. */
	bool ran_to_end;
	/* The timeline was closed before its last switch-out, and nothing is left to repair. */
	bool finalized;
};

static inline struct thread *thread_of(struct pw_thread *pub)
{
	return (struct thread *)pub;
}

/* The first thread of a process, and the next one; NULL: none. */
static inline struct thread *first_thread(const struct pw_process *process)
{
	return thread_of(process->threads);
}

static inline struct thread *next_thread(const struct thread *t)
{
	return thread_of(t->pub.next);
}

/* Copies a name from an event, which need not be terminated. */
static inline void pw_copy_comm(char to[PW_COMM_LEN], const char *from)
{
	memcpy(to, from, PW_COMM_LEN - 1);
	to[PW_COMM_LEN - 1] = '\0';
}

/* Counts an event that contradicts the others. */
static inline void pw_contradiction(struct thread_group *group)
{
	group->sched->counters->stats.contradictions++;
	group->process->contradictions++;
}

/* ---- thread.c: the state machine. Functions that return int return 0 or -ENOMEM. */

/* NULL when memory is short; freed with pw_thread_free. */
struct thread *pw_thread_new(struct thread_group *group, uint32_t tid, uint64_t start, const char *comm);
void pw_thread_free(struct thread *t);
/* Begins its timeline. birth NULL: its birth was not observed, so it is unknown from its start on. */
int pw_thread_born(struct thread *t, const struct pw_birth *birth);
int pw_thread_switch_in(struct thread *t, const struct pw_switch *sw);
/*
 * Returns PW_THREAD_DIED after its last switch-out, at t->account_at. floor: since
 * when the thread can have had the CPU, if its switch-in was missed.
 */
#define PW_THREAD_DIED 1
int pw_thread_switch_out(struct thread *t, const struct pw_switch *sw, uint64_t floor);
int pw_thread_wake(struct thread *t, uint64_t woken, uint32_t by);
/* The recording ends. */
void pw_thread_finish(struct thread *t, uint64_t at);
/* It ended before that, unobserved. False: it was dead already. */
bool pw_thread_give_up(struct thread *t, uint64_t at);
/* Drops its intervals and marks before that moment. False: there were none. */
bool pw_thread_cut(struct thread *t, uint64_t at);

/* ---- account.c: switches and run time since the last switch-out */

struct account {
	uint64_t ts;
	uint16_t cpu;
	/* As in pw_thread_switch_out. */
	uint64_t floor;
	/* Run time since the last switch-out, ns. */
	uint64_t ran;
	/* Switch-outs since the last one, this one included. */
	uint32_t growth;
	/* The one switch-out that was missed left it runnable. */
	bool preempted;
};

/*
 * The slack between a run time, which the scheduler's clock measures, and the time
 * between two tracepoints.
 */
static inline uint64_t pw_account_slack(uint64_t wall)
{
	return wall / 100 + 50000;
}
/* Fills growth, ran and preempted, and counts the switches. death: this is the last switch. */
void pw_account_take(struct thread *t, const struct pw_switch *sw, bool death, struct account *a);
/* Whether the account of a switch-out continues t's, without a missed switch. */
bool pw_account_continues(const struct thread *t, const struct pw_switch *sw);
/* Counts missed switches, unless records were lost at that time. Returns 0 or -ENOMEM. */
int pw_missed_count(struct thread *t, uint64_t count, uint64_t ts);
/* Switches in a lost range were not missed: takes them back. */
void pw_missed_take_back(struct sched *sched, uint64_t first, uint64_t last);
/* Forgets those before that moment, and those of folded threads. */
void pw_missed_drop_before(struct sched *sched, uint64_t at);
void pw_missed_drop_folded(struct sched *sched);

/* ---- gap.c */

/* If the thread runs by its timeline: it left its CPU before until, in a switch that was missed. */
void pw_thread_left_unobserved(struct thread *t, uint64_t until);

/* ---- repair.c */

/* Changes the timeline so that it agrees with the account. Returns 0 or -ENOMEM. */
int pw_repair(struct thread *t, const struct account *a);

/* ---- marks.c */

/* Returns 0 or -ENOMEM. The name stays the caller's. */
int pw_marks_add(struct thread *t, struct pw_passed mark);
/* Drops those before that moment. False: there were none. */
bool pw_marks_cut(struct thread *t, uint64_t at);
void pw_marks_free(struct thread *t);

#endif
