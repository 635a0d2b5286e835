/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the model knows of each process and each of its threads.
 *
 * Reports, lessons and findings only read it; the model owns it, and a pointer is
 * valid until the next event. Times are absolute CLOCK_MONOTONIC ns; a time of 0
 * was not observed. Names are raw bytes from the kernel, NUL-terminated: the code
 * that prints them escapes them.
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
	PW_UNKNOWN, /* no record accounts for it, or records contradict each other */
	PW_STATE_COUNT,
};

enum pw_detail {
	PW_DETAIL_NONE,
	PW_NEW, /* ready: has never run */
	PW_WOKEN, /* ready: woken up */
	PW_TAKEN_OFF, /* ready: preempted, or yielded */
	PW_INTERRUPTIBLE, /* blocked: S */
	PW_UNINTERRUPTIBLE, /* blocked: D */
	PW_IDLE, /* blocked: an idle kernel thread (D without load) */
	PW_PARKED, /* blocked: a parked kernel thread */
	PW_SIGNALLED, /* stopped: by SIGSTOP, SIGTSTP, SIGTTIN or SIGTTOU */
	PW_TRACED, /* stopped: held by a tracer */
	PW_LEADER_ENDED, /* zombie: a leader that ended before its threads; not reapable yet */
	PW_LOST, /* unknown: the records of this time were lost */
	PW_REPAIRED, /* running: proven and measured by the task's own account, not observed */
};

/* pw_interval.by: no waker, or it was not observed; an interrupt, such as a timer or a device. */
#define PW_NO_WAKER  UINT32_MAX
#define PW_IRQ_WAKER (UINT32_MAX - 1)

/* pw_interval.cpu: not running, or repaired, because an account does not say on which CPU. */
#define PW_NO_CPU UINT16_MAX

/* A stored interval. It ends where the next one begins, the last one where its thread ends. */
struct pw_interval {
	uint64_t from;
	/* Running and ready:woken: the tid of the waker, or PW_NO_WAKER or PW_IRQ_WAKER. */
	uint32_t by;
	/* Blocked: the system call in which it sleeps; -1 for none or unknown. */
	int16_t syscall;
	/* Running: the CPU, or PW_NO_CPU. */
	uint16_t cpu;
	/* enum pw_state */
	uint8_t state;
	/* enum pw_detail */
	uint8_t detail;
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

/* Intervals in order. Blocks never move while intervals are added; read them with pw_thread_iter. */
struct pw_block {
	struct pw_block *next, *prev;
	uint32_t count, capacity;
	struct pw_interval at[];
};

/* A mark that a program passed. */
struct pw_passed {
	uint64_t at;
	const char *name;
	/* 0 without one. */
	int64_t value;
	bool valued;
};

/* While a thread is alive, all its switches; its last one, at death, does not count, as in getrusage. */
struct pw_switches {
	uint64_t voluntary, involuntary;
};

struct pw_thread {
	/* After exec by a thread other than the leader: the tgid. */
	uint32_t tid;
	/* Its own, even after such an exec. The intervals of a seeded thread begin later. */
	uint64_t start;
	char comm[PW_COMM_LEN];
	/* When its first interval began, even if that is not kept (pw_model_kept_from); 0: it never had one. */
	uint64_t from;
	/* When its last interval ended; 0: it was alive when the recording ended. */
	uint64_t exit;
	struct pw_block *first, *last;
	/* Where its last interval ends: at its exit, or at the end of the recording. */
	uint64_t end;
	/* In ns. The zombie time is that of a leader that ended early. */
	uint64_t totals[PW_STATE_COUNT];
	struct pw_switches switches;
	/* As the kernel's pcount. */
	uint64_t switch_ins;
	uint64_t wakeups, migrations;
	/* Switches that the kernel never raised; its own account shows them. */
	uint64_t missed_switches;
	/* In order of time. */
	struct pw_passed *marks;
	size_t n_marks;
	/* Of the same process: the leader first, then in order of birth. */
	struct pw_thread *next;
};

/* Totals over threads of a living process that ended long ago and are not in its list any more. */
struct pw_ended_threads {
	uint64_t count;
	uint64_t totals[PW_STATE_COUNT];
	struct pw_switches switches;
	uint64_t switch_ins, wakeups, migrations, missed_switches;
};

/* A name, valid from a moment on. */
struct pw_name {
	uint64_t at;
	char comm[PW_COMM_LEN];
};

struct pw_exec_record {
	/* 0: before the recording began; a seeded process ran this then. */
	uint64_t at;
	char *exe;
	/* NUL-separated; argv_len bytes, including the last NUL. */
	char *argv;
	size_t argv_len;
	bool truncated;
};

/* A signal sent to or by a watched process. */
struct pw_signal_record {
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
	/* 0: unknown. */
	uint64_t start;
	char comm[PW_COMM_LEN];
	enum pw_parent_why why;
	enum pw_adopter adopter;
	/* The process moved to this parent at the latest at from. */
	bool bounded;
};

enum pw_reap_how { PW_REAPED_NOT, PW_REAPED_WAIT, PW_REAPED_AUTO, PW_REAPED_UNOBSERVED };

struct pw_process {
	uint32_t pid;
	uint64_t start;
	uint32_t ns_pid, uid;
	uint64_t cgroup_id;
	/* Its path; NULL: unknown. */
	const char *cgroup;
	/* It was there when the recording began. */
	bool seeded;
	int32_t exit_signal;

	/* Its last name. */
	char comm[PW_COMM_LEN];
	/* The first one is that of its birth. */
	struct pw_name *names;
	size_t n_names;

	struct pw_exec_record *execs;
	size_t n_execs;
	/* What it ran until its first exec: image_of->execs[image_index], inherited in fork; NULL: unknown. */
	const struct pw_process *image_of;
	size_t image_index;

	/* The first one is the fork parent; of a seeded process: the parent it had then, bounded. */
	struct pw_parent *parents;
	size_t n_parents;

	/* A list. The leader is first; after exec by another thread, that one is the leader. */
	struct pw_thread *threads;
	size_t n_threads;
	struct pw_ended_threads ended_threads;

	/* It has ended, at exit_at: it is waitable, or gone. */
	bool exited;
	uint64_t exit_at;
	/* sched_process_exit of its last thread: before its memory is freed on 6.16 and later, after that before. */
	uint64_t exit_begun;
	/* As wait() reports it. Without status_known its end was not observed, and wait_status is meaningless. */
	uint32_t wait_status;
	bool status_known;
	/* The signal that wait_status names; at 0: it was not observed. */
	struct pw_signal_record killer;

	/* Both 0: it was never a zombie; only to 0: it still was one when the recording ended. */
	uint64_t zombie_from, zombie_to;
	enum pw_reap_how reaped;
	uint64_t reap_at;
	/* reap_at is an upper bound. */
	bool reap_bounded;
	uint32_t reaper_pid;
	char reaper_comm[PW_COMM_LEN];
	/* 0: no hook saw the reap. */
	enum pw_reap_hook reap_hook;
	/* When its exit notice reached the parent; 0: none was sent. */
	uint64_t notified_at;

	/* Sums over its threads; cpu_ns is filled by pw_model_finish. */
	struct pw_switches switches;
	uint64_t cpu_ns, wakeups, migrations;
	/* Time in each of its own states, ns; filled by pw_model_finish. */
	uint64_t totals[PW_STATE_COUNT];
	/* Events that contradict each other. */
	uint64_t contradictions;
	/* When the recording ended; filled by pw_model_finish. Read it with pw_process_end. */
	uint64_t end;
};

/* Totals over processes that ended long ago, one for each name; see pw_model_keep. */
struct pw_earlier {
	/* Empty: all other names. */
	char comm[PW_COMM_LEN];
	uint64_t processes;
	/* Together, all of them. */
	uint64_t exit_zero, exit_other, killed, end_unseen;
	/* Together, all of them. */
	uint64_t reaped_wait, reaped_auto, reaped_unobserved;
	/* In ns. */
	uint64_t longest_zombie;
	uint64_t totals[PW_STATE_COUNT], cpu_ns;
	struct pw_switches switches;
	uint64_t wakeups, migrations;
};

struct pw_lost_range {
	uint64_t from, to, count;
	uint16_t cpu;
};

struct pw_model_stats {
	/* Events that were fed. */
	uint64_t events;
	/* Records that were dropped, because the ring was full. */
	uint64_t lost;
	/* Switches that the kernel never raised. */
	uint64_t missed_switches;
	uint64_t contradictions;
	/* Events about a task whose birth is unknown. */
	uint64_t unknown_tasks;
	/* Intervals that are kept. */
	uint64_t intervals;
};

/* ---- the intervals of a thread, in order */

struct pw_thread_iter {
	const struct pw_thread *thread;
	const struct pw_block *block;
	uint32_t index;
};
void pw_thread_iter_init(struct pw_thread_iter *it, const struct pw_thread *thread);
/* False at the end. Spans are contiguous and never empty. */
bool pw_thread_iter_next(struct pw_thread_iter *it, struct pw_span *out);

/* ---- the states of a process, from its birth to its reap */

/*
 * A process is running if any of its threads runs, else unknown if any is (it may
 * have run), else ready, else blocked, else stopped. Detail, system call, CPU and
 * waker are those of the first thread in that state. Neighbours with the same state,
 * detail and system call are merged. The zombie interval is the last span.
 */
struct pw_process_iter;
/* NULL when memory is short. Freed with pw_process_iter_free. */
struct pw_process_iter *pw_process_iter_new(const struct pw_process *process);
bool pw_process_iter_next(struct pw_process_iter *it, struct pw_span *out);
void pw_process_iter_free(struct pw_process_iter *it);

/* ---- names, as in the JSON report */

/* "running", "ready", ... */
const char *pw_state_name(enum pw_state state);
/* "new", "woken", "preempted", "interruptible", ...; "" for none. */
const char *pw_detail_name(enum pw_detail detail);

#endif
