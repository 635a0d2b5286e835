/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes: what the model knows of each process and each of its threads.
 *
 * Everything here is read-only for its readers (reports, lessons, findings) and
 * belongs to the model. Times are absolute CLOCK_MONOTONIC ns; a time of 0 means
 * "not seen". Names are raw bytes as the kernel had them, NUL-terminated:
 * whoever prints them escapes them.
 */
#ifndef PW_PROCESS_H
#define PW_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shared/event.h"

enum pw_state {
	PW_RUNNING, /* on a CPU */
	PW_READY, /* runnable, waiting for a CPU */
	PW_BLOCKED, /* asleep */
	PW_STOPPED, /* stopped by a signal or held by a tracer */
	PW_ZOMBIE, /* ended, not yet reaped */
	PW_UNKNOWN, /* not observed: events were lost, or contradict each other */
	PW_STATE_COUNT,
};

enum pw_detail {
	PW_DETAIL_NONE,
	PW_NEW, /* ready: has never run */
	PW_WOKEN, /* ready: woken up */
	PW_TAKEN_OFF, /* ready: preempted, or gave the CPU up and stayed runnable */
	PW_INTERRUPTIBLE, /* blocked: S */
	PW_UNINTERRUPTIBLE, /* blocked: D */
	PW_IDLE, /* blocked: an idle kernel thread (D that counts as no load) */
	PW_PARKED, /* blocked: a parked kernel thread */
	PW_SIGNALLED, /* stopped: by SIGSTOP, SIGTSTP, SIGTTIN or SIGTTOU */
	PW_TRACED, /* stopped: held by a tracer */
	PW_LEADER_ENDED, /* zombie: a leader that ended before its threads; not reapable yet */
	PW_LOST, /* unknown: the records of this stretch were lost */
	PW_REPAIRED, /* running: not seen, but proven and measured by the task's own counters */
};

#define PW_NO_WAKER  UINT32_MAX
#define PW_IRQ_WAKER (UINT32_MAX - 1) /* an interrupt: a timer, a device */

/* Not running; or running:repaired, proven by the task's own counters, which do not say where. */
#define PW_NO_CPU UINT16_MAX

/* One stored interval; it ends where the next one, or the thread, does. */
struct pw_interval {
	uint64_t from;
	uint32_t by; /* running and ready:woken: the tid of the waker, or PW_NO_WAKER/PW_IRQ_WAKER */
	int16_t syscall; /* blocked: the system call it sleeps in; -1 none or unknown */
	uint16_t cpu; /* running: where, or PW_NO_CPU */
	uint8_t state; /* enum pw_state */
	uint8_t detail; /* enum pw_detail */
};

/* An interval with both its ends. */
struct pw_span {
	uint64_t from, to;
	uint32_t by;
	int16_t syscall;
	uint16_t cpu;
	enum pw_state state;
	enum pw_detail detail;
};

/*
 * Intervals in order, in blocks that never move: the first is small, for most
 * processes live only a moment; a later one is up to a page. Read them with
 * pw_thread_iter.
 */
struct pw_block {
	struct pw_block *next, *prev;
	uint32_t count, capacity;
	struct pw_interval at[];
};

/* A mark its program passed: a point in its time. */
struct pw_passed {
	uint64_t at;
	const char *name;
	int64_t value; /* 0 without one */
	bool valued;
};

struct pw_switches {
	uint64_t voluntary,
		involuntary; /* while alive: the last one, at death, is not counted, as in getrusage */
};

struct pw_thread {
	uint32_t tid; /* after exec by a non-leader: the tgid */
	uint64_t start; /* its own, after exec by a non-leader too; a seeded thread's intervals begin later */
	char comm[PW_COMM_LEN];
	uint64_t
		from; /* its first interval began here; 0: it never had one. Those before pw_model_kept_from are gone */
	uint64_t exit; /* end of its last interval; 0: alive when the recording ended */
	struct pw_block *first, *last;
	uint64_t end; /* the last interval ends here: exit, or the end of the recording */
	uint64_t totals[PW_STATE_COUNT]; /* ns; zombie is that of a leader that ended early */
	struct pw_switches switches;
	uint64_t switch_ins; /* as the kernel's pcount */
	uint64_t wakeups, migrations;
	uint64_t holes; /* switches the kernel never raised, found by the task's own counters */
	struct pw_passed *marks; /* in order of time */
	size_t n_marks;
	struct pw_thread *next; /* of the same process: the leader, then in order of birth */
};

/* Threads of a living process that ended long ago, as sums. */
struct pw_ended_threads {
	uint64_t count;
	uint64_t totals[PW_STATE_COUNT];
	struct pw_switches switches;
	uint64_t switch_ins, wakeups, migrations, holes;
};

struct pw_name { /* the name from this moment on */
	uint64_t at;
	char comm[PW_COMM_LEN];
};

struct pw_exec_record {
	uint64_t at; /* 0: before the recording began; this is what a seeded process ran then */
	char *exe;
	char *argv; /* NUL-separated, argv_len bytes with the last NUL */
	size_t argv_len;
	bool truncated;
};

struct pw_signal_record { /* a signal sent to or by a watched process */
	uint64_t at;
	uint32_t from_tid, from_pid, to_pid;
	int sig;
	int code, result;
};

enum pw_parent_why { PW_BY_FORK, PW_BY_REPARENT };
enum pw_adopter { PW_ADOPTER_NONE, PW_ADOPTER_INIT, PW_ADOPTER_SUBREAPER, PW_ADOPTER_THREAD };

struct pw_parent {
	uint64_t from;
	uint32_t pid;
	uint64_t start; /* 0: not known */
	char comm[PW_COMM_LEN];
	enum pw_parent_why why;
	enum pw_adopter adopter;
	bool bounded; /* the move was noticed later than it happened */
};

enum pw_reap_how { PW_REAPED_NOT, PW_REAPED_WAIT, PW_REAPED_AUTO, PW_REAPED_UNOBSERVED };

struct pw_process {
	uint32_t pid;
	uint64_t start;
	uint32_t ns_pid, uid;
	uint64_t cgroup_id;
	const char *cgroup; /* path; NULL unknown */
	bool seeded; /* was running when the recording began */
	int32_t exit_signal;

	char comm[PW_COMM_LEN]; /* the last one */
	struct pw_name *names; /* names[0] is that of its birth */
	size_t n_names;
	struct pw_exec_record *execs;
	size_t n_execs;
	/* What it ran until its first exec: the image of the process that forked it, as it was then. */
	const struct pw_process *image_of; /* NULL: not known */
	size_t image_index;

	struct pw_parent *
		parents; /* parents[0] is the fork parent; of a seeded process: the parent it had then, bounded */
	size_t n_parents;

	struct pw_thread
		*threads; /* list; the first is the leader (after exec by another thread: that one) */
	size_t n_threads;
	struct pw_ended_threads ended_threads; /* those not in the list any more */

	bool exited;
	uint64_t
		exit_begun; /* sched_process_exit of the last thread: before its memory is freed on 6.16 and later, after it before */
	uint64_t exit_at; /* the process has ended: it is waitable, or gone */
	uint32_t wait_status; /* as wait() reports it */
	bool status_known; /* else its end was not seen, and wait_status says nothing */
	struct pw_signal_record killer; /* the signal that wait_status names; at 0: it was not seen */

	uint64_t zombie_from,
		zombie_to; /* both 0: never a zombie; to 0: still one when the recording ended */
	enum pw_reap_how reaped;
	uint64_t reap_at;
	bool reap_bounded; /* reap_at is an upper bound */
	uint32_t reaper_pid;
	char reaper_comm[PW_COMM_LEN];
	enum pw_reap_hook reap_hook; /* 0 when no hook saw it */
	uint64_t notified_at; /* its exit signal reached the parent; 0: none was sent */

	struct pw_switches switches; /* summed over the threads */
	uint64_t cpu_ns, wakeups, migrations;
	uint64_t totals[PW_STATE_COUNT]; /* of the process's own state, ns; filled by pw_model_finish */
	uint64_t contradictions; /* impossible transitions, kept as unknown */
	uint64_t end; /* when the recording ended; filled by pw_model_finish, read it with pw_process_end */
};

/* What is left of processes that ended long ago: sums, for each name; see pw_model_keep. */
struct pw_earlier {
	char comm[PW_COMM_LEN]; /* empty: all other names */
	uint64_t processes;
	uint64_t exit_zero, exit_other, killed, end_unseen; /* together all of them */
	uint64_t reaped_wait, reaped_auto, reaped_unobserved; /* together all of them */
	uint64_t longest_zombie; /* ns */
	uint64_t totals[PW_STATE_COUNT], cpu_ns;
	struct pw_switches switches;
	uint64_t wakeups, migrations;
};

struct pw_lost_range {
	uint64_t from, to, count;
	uint16_t cpu;
};

/* Walks a thread's intervals in order. */
struct pw_thread_iter {
	const struct pw_thread *thread;
	const struct pw_block *block;
	uint32_t index;
};
void pw_thread_iter_init(struct pw_thread_iter *it, const struct pw_thread *thread);
/* False at the end. Spans are contiguous and never empty. */
bool pw_thread_iter_next(struct pw_thread_iter *it, struct pw_span *out);

/*
 * Walks a process's own states, from its birth to its reap (the zombie interval
 * is the last span): running if any thread runs, else unknown if any is (it may
 * have run), else ready, else blocked, else stopped. Detail, system call, CPU and
 * waker are those of the first thread in that state. Neighbours alike in state,
 * detail and system call are merged.
 */
struct pw_process_iter;
/* NULL when memory is short. The caller frees it with pw_process_iter_free. */
struct pw_process_iter *pw_process_iter_new(const struct pw_process *process);
bool pw_process_iter_next(struct pw_process_iter *it, struct pw_span *out);
void pw_process_iter_free(struct pw_process_iter *it);

/* The end of what is known of a process: its reap, its end, or the recording's end. */
uint64_t pw_process_end(const struct pw_process *process);
/* A zombie already when the recording began: since when it had been one is not known, so its zombie interval is a least. */
bool pw_process_found_dead(const struct pw_process *process);
/* The name a process had at a moment. */
const char *pw_process_comm_at(const struct pw_process *process, uint64_t at);
/* The program and arguments it ran last, inherited or its own; NULL: not known. */
const struct pw_exec_record *pw_process_image(const struct pw_process *process);
/* The parent a process had at a moment. */
const struct pw_parent *pw_process_parent_at(const struct pw_process *process, uint64_t at);
/* What the process itself was doing at a moment: false before its birth and after its end. */
bool pw_process_span_at(const struct pw_process *process, uint64_t at, struct pw_span *out);

/* Whether its end was seen: neither inferred from what came later, nor from its being gone. */
bool pw_process_end_seen(const struct pw_process *process);

/* "running", "ready", ...; as in the JSON report. */
const char *pw_state_name(enum pw_state state);
/* "new", "woken", "preempted", "interruptible", ...; "" for none. */
const char *pw_detail_name(enum pw_detail detail);

#endif
