/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A source of events: one call for each thing that happens.
 *
 * The source knows its tasks and keeps each one's account (run time, switches) as the kernel does, so a test
 * says only which task did what, and when:
 *
 *	struct event_source ev;
 *	ev_begin(&ev, model_sink, model);
 *	ev_fork(&ev, 100, 1, 10, "parent");
 *	ev_on(&ev, 110, 0, 10);
 *	ev_off(&ev, 200, 10, STATE_SLEEP, SYS_wait4);
 *	ev_wake(&ev, 250, 10, 11);            the next switch-in carries it
 *	ev_on(&ev, 260, 1, 10);
 *
 * While ev.hidden is set, things happen and are accounted, but no event is raised: a missed switch.
 * Times are in ns. A task that the source does not know is one from outside: it has no event of its own.
 */
#ifndef TESTS_LIB_EVENTS_H
#define TESTS_LIB_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shared/event.h"

/* How a task leaves its CPU: task_struct.__state as sched_switch has it. */
#define STATE_RUNNABLE 0x0000u /* it yielded, or was preempted */
#define STATE_SLEEP    0x0001u
#define STATE_DISK     0x0002u
#define STATE_STOP     0x0104u
#define STATE_TRACED   0x0008u
#define STATE_PARKED   0x0040u
#define STATE_IDLE     0x0402u
#define STATE_VFORK    0x2102u
#define STATE_DEAD     0x0080u

/* task_struct.exit_state */
#define EXIT_STATE_ZOMBIE 0x20
#define EXIT_STATE_DEAD	  0x10

#define SOURCE_TASKS 16384
/* Tids below this are found at once. */
#define SOURCE_TIDS 16384

/* Takes one event; 0 or a negative errno. The event is only valid during the call. */
typedef int (*event_sink)(void *context, const struct pw_event *event);

struct source_task {
	uint32_t tid, tgid;
	uint64_t start;
	char comm[PW_COMM_LEN];
	uint64_t runtime, on_since, woken;
	uint32_t nvcsw, nivcsw, waker;
	/* Set once exit_notify has reported its end. */
	uint8_t exit_state;
	bool waker_irq, running;
	uint16_t cpu;
	uint32_t parent_tid;
};

struct event_source {
	event_sink sink;
	void *context;
	/* The sink's first failure. */
	int result;
	bool hidden;
	struct source_task tasks[SOURCE_TASKS];
	size_t n;
	/* A guess of each tid's place in tasks, so that thousands of tasks are no burden. */
	uint16_t place[SOURCE_TIDS];
};

void ev_begin(struct event_source *s, event_sink sink, void *context);
/* The sink that feeds a struct pw_model. */
int model_sink(void *model, const struct pw_event *event);
/* Hands a record that the caller filled to the sink, unless the source is hidden. */
void ev_emit(struct event_source *s, const void *event);
/*
 * A record about a task, of any kind of the table, with its head filled: set the members of as_NAME, then
 * ev_emit() it. A kind needs a call of its own here only if it changes what the source knows of its tasks.
 */
union pw_any_event ev_about(struct event_source *s, uint64_t ts, uint32_t tid, enum pw_event_kind kind);

/* The latest task of this tid; a task from outside (start 1, its own process) when the source has none. */
struct source_task *ev_task(struct event_source *s, uint32_t tid);
/* Says what a task from outside is called. */
void ev_outside(struct event_source *s, uint32_t tid, const char *comm);

/* ---- births */

/* The new task is known from here on; the caller emits the record. */
struct pw_birth ev_birth(struct event_source *s, uint64_t ts, uint32_t parent_tid, uint32_t tid,
			 uint32_t tgid, const char *comm);
void ev_fork(struct event_source *s, uint64_t ts, uint32_t parent_tid, uint32_t pid, const char *comm);
/* A new thread, made by one of the same process. */
void ev_thread(struct event_source *s, uint64_t ts, uint32_t by_tid, uint32_t tid);
/* A task older than the recording, in this state, on a CPU or not. */
void ev_seed(struct event_source *s, uint64_t ts, uint32_t parent_tid, uint32_t tid, uint32_t tgid,
	     uint64_t start, uint32_t state, bool on_cpu);

/* ---- on and off the CPU */

/* The task's wake-up. The next switch-in carries it, as on the kernel side. by: a tid or PW_IRQ_WAKER. */
void ev_wake(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t by);
/* A wake-up with a record of its own. */
void ev_wake_event(struct event_source *s, uint64_t ts, uint32_t tid, uint64_t woken, uint32_t by);
/* From a task that is not watched to one that is. */
void ev_on(struct event_source *s, uint64_t ts, uint16_t cpu, uint32_t tid);
/* From a watched task to one that is not; syscall -1: none. */
void ev_off(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t state, int syscall);
/* As ev_off, of a task that the kernel took off its CPU. */
void ev_preempt(struct event_source *s, uint64_t ts, uint32_t tid);
/* From one watched task to another, on the CPU of the first. */
void ev_switch(struct event_source *s, uint64_t ts, uint32_t prev, uint32_t state, int syscall,
	       uint32_t next);
/* The last switch of a task: exit_state EXIT_STATE_ZOMBIE or EXIT_STATE_DEAD. */
void ev_die(struct event_source *s, uint64_t ts, uint32_t tid, uint8_t exit_state);

/* ---- ends */

struct pw_exit ev_exit_event(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t wait_status);
void ev_exit(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t wait_status);
/* An exit whose parent lets the kernel reap: how 1 ignores SIGCHLD, 2 set SA_NOCLDWAIT. */
void ev_exit_autoreap(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t wait_status, uint8_t how);
struct pw_signal ev_signal_event(struct event_source *s, uint64_t ts, uint32_t from_tid, uint32_t to_pid,
				 int sig);
void ev_signal(struct event_source *s, uint64_t ts, uint32_t from_tid, uint32_t to_pid, int sig);
/* A dying task notifies its parent that the process is waitable. */
void ev_notice(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t to_pid);
/* hook: an enum pw_reap_hook. */
void ev_reap(struct event_source *s, uint64_t ts, uint32_t pid, uint32_t by_tid, int hook);
void ev_free(struct event_source *s, uint64_t ts, uint32_t tid);
/* The children of a dying task get another parent; child 0: all of them. */
struct pw_reparent ev_reparent_event(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t new_tid,
				     uint32_t child);
void ev_reparent(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t new_tid, uint32_t child);

/* ---- names and programs */

void ev_rename(struct event_source *s, uint64_t ts, uint32_t tid, const char *comm);
/*
 * The kernel's exchange of identities when a thread calls exec: from here on the thread's events have its
 * leader's tid and start, the old leader's the thread's tid.
 */
void ev_take_over(struct event_source *s, uint32_t tid);
/* argv: NUL-separated, as a literal ("a\0b"). old_tid differs from pid when another thread called exec. */
void ev_exec_by(struct event_source *s, uint64_t ts, uint32_t pid, uint32_t old_tid, const char *exe,
		const char *argv, size_t argv_len);
/* Exec by the only thread, with no argument but the program's name. */
void ev_exec(struct event_source *s, uint64_t ts, uint32_t pid, const char *exe);

/* ---- the rest */

void ev_lost(struct event_source *s, uint64_t ts, uint16_t cpu, uint64_t first, uint64_t last,
	     uint64_t count);
void ev_cgroup(struct event_source *s, uint64_t ts, uint64_t id, const char *path);
void ev_mark_name(struct event_source *s, uint64_t ts, uint32_t number, const char *name);
/* value NULL: the mark has none. */
void ev_mark(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t name, const int64_t *value);

/* ---- events in memory */

/* The bytes of a record that matter: an exec ends with its arguments, as in the ring. 0: no such kind. */
size_t event_size(const struct pw_event *event);
/* Events that outlive their sink, each in memory of its own of exactly its size. */
struct event_list {
	struct pw_event **at;
	size_t count, room;
};
/* An event_sink that keeps a copy; the context is a struct event_list. -ENOMEM. */
int event_list_sink(void *list, const struct pw_event *event);
void event_list_free(struct event_list *list);

#endif
