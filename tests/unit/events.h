/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Histories, one line per event.
 *
 * A world knows its tasks and keeps each one's account (run time, switches) as
 * the kernel would, so that a test says only who did what and when:
 *
 *	struct world w;
 *	world_begin(&w, model_sink, model);
 *	w_fork(&w, 100, 1, 10, "parent");
 *	w_on(&w, 110, 0, 10);
 *	w_off(&w, 200, 10, W_SLEEP, SYS_wait4);
 *	w_wake(&w, 250, 10, 11);           carried by the next switch-in
 *	w_on(&w, 260, 1, 10);
 *
 * Set w.hidden and what happens is accounted but not raised: a hole.
 */
#ifndef PW_TEST_EVENTS_H
#define PW_TEST_EVENTS_H

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "model/model.h"
#include "shared/event.h"

/* Kinds of leaving the CPU: task_struct.__state as sched_switch has it. */
#define W_RUNNABLE 0x0000u /* gave the CPU up, or was preempted */
#define W_SLEEP	   0x0001u
#define W_DISK	   0x0002u
#define W_STOP	   0x0104u
#define W_TRACED   0x0008u
#define W_PARKED   0x0040u
#define W_IDLE	   0x0402u
#define W_VFORK	   0x2102u
#define W_DEAD	   0x0080u

#define W_TASKS 4096

typedef int (*world_sink)(void *context, const struct pw_event *ev);

struct w_task {
	uint32_t tid, tgid;
	uint64_t start;
	char comm[PW_COMM_LEN];
	uint64_t runtime, on_since, woken;
	uint32_t nvcsw, nivcsw, waker;
	uint8_t exit_state; /* set once exit_notify has told its end */
	bool waker_irq, running;
	uint16_t cpu;
	uint32_t parent_tid;
};

struct world {
	world_sink sink;
	void *context;
	int result; /* the sink's first failure */
	bool hidden;
	struct w_task tasks[W_TASKS];
	size_t n;
};

static inline void world_begin(struct world *w, world_sink sink, void *context)
{
	memset(w, 0, sizeof(*w));
	w->sink = sink;
	w->context = context;
}

/* The sink of a test of the model. */
static inline int model_sink(void *model, const struct pw_event *ev)
{
	return pw_model_feed(model, ev);
}

static inline void w_emit(struct world *w, const void *ev)
{
	int r = w->hidden ? 0 : w->sink(w->context, ev);

	if (!w->result)
		w->result = r;
}

/* The latest task of this tid; one of that tid alone (start 1) when the world has none. */
static inline struct w_task *w_task(struct world *w, uint32_t tid)
{
	for (size_t i = w->n; i-- > 0;)
		if (w->tasks[i].tid == tid)
			return &w->tasks[i];
	w->tasks[w->n] = (struct w_task){.tid = tid, .tgid = tid, .start = 1, .comm = "outside"};
	return &w->tasks[w->n++];
}

static inline struct pw_event w_head(const struct w_task *t, uint64_t ts, enum pw_event_kind kind)
{
	return (struct pw_event){
		.ts = ts, .start = t->start, .tid = t->tid, .cpu = t->cpu, .kind = (uint8_t)kind};
}

static inline struct pw_birth w_birth(struct world *w, uint64_t ts, uint32_t parent_tid, uint32_t tid,
				      uint32_t tgid, const char *comm)
{
	const struct w_task *parent = w_task(w, parent_tid), *leader = w_task(w, parent->tgid);
	struct pw_birth ev = {.parent_tid = parent_tid,
			      .parent_tgid = leader->tid,
			      .parent_start = leader->start,
			      .tgid = tgid,
			      .uid = 1000,
			      .ns_pid = tgid,
			      .exit_signal = tid == tgid ? SIGCHLD : -1};
	struct w_task *t;

	snprintf(ev.parent_comm, sizeof(ev.parent_comm), "%s", leader->comm);
	snprintf(ev.comm, sizeof(ev.comm), "%s", comm);
	t = &w->tasks[w->n++];
	*t = (struct w_task){.tid = tid, .tgid = tgid, .start = ts, .parent_tid = parent_tid};
	snprintf(t->comm, sizeof(t->comm), "%s", comm);
	ev.h = w_head(t, ts, PW_EV_BIRTH);
	return ev;
}

static inline void w_fork(struct world *w, uint64_t ts, uint32_t parent_tid, uint32_t pid, const char *comm)
{
	struct pw_birth ev = w_birth(w, ts, parent_tid, pid, pid, comm);

	w_emit(w, &ev);
}

/* A new thread, made by one of the same process. */
static inline void w_thread(struct world *w, uint64_t ts, uint32_t by_tid, uint32_t tid)
{
	const struct w_task *by = w_task(w, by_tid), *leader = w_task(w, by->tgid);
	uint32_t parent = leader->parent_tid, tgid = by->tgid;
	struct pw_birth ev;

	w_task(w, parent); /* so that it exists before the new one */
	ev = w_birth(w, ts, parent, tid, tgid, w_task(w, by_tid)->comm);
	w_emit(w, &ev);
}

/* A task older than the recording, in this state (raw), on a CPU or not. */
static inline void w_seed(struct world *w, uint64_t ts, uint32_t parent_tid, uint32_t tid, uint32_t tgid,
			  uint64_t start, uint32_t state, bool on_cpu)
{
	struct pw_birth ev = w_birth(w, ts, parent_tid, tid, tgid, "seeded");
	struct w_task *t = w_task(w, tid);

	t->start = ev.h.start = start;
	t->runtime = ev.runtime = 5000000;
	t->nvcsw = 100;
	t->nivcsw = 50;
	t->running = on_cpu;
	t->on_since = ts;
	ev.nvcsw = t->nvcsw;
	ev.nivcsw = t->nivcsw;
	ev.h.flags = PW_SEEDED;
	ev.state = state;
	ev.on_cpu = on_cpu;
	w_emit(w, &ev);
}

/* Its wake-up; the next switch-in carries it, as from the kernel side. */
static inline void w_wake(struct world *w, uint64_t ts, uint32_t tid, uint32_t by)
{
	struct w_task *t = w_task(w, tid);

	t->woken = ts;
	t->waker = by;
	t->waker_irq = by == PW_IRQ_WAKER;
}

static inline void w_fill_next(struct pw_switch *ev, struct w_task *t)
{
	ev->h.flags |= PW_NEXT_WATCHED | (t->waker_irq ? PW_WAKER_IRQ : 0);
	ev->next_tid = t->tid;
	ev->next_start = t->start;
	ev->woken = t->woken;
	ev->waker_tid = t->waker;
	t->woken = 0;
	t->waker_irq = false;
	t->running = true;
	t->on_since = ev->h.ts;
	t->cpu = ev->h.cpu;
}

static inline void w_fill_prev(struct pw_switch *ev, struct w_task *t, uint32_t state, int syscall)
{
	t->runtime += ev->h.ts - t->on_since;
	t->running = false;
	if (state)
		t->nvcsw++;
	else
		t->nivcsw++;
	ev->h.flags |= PW_PREV_WATCHED;
	ev->prev_state = state;
	ev->prev_runtime = t->runtime;
	ev->prev_nvcsw = t->nvcsw;
	ev->prev_nivcsw = t->nivcsw;
	ev->prev_syscall = (int16_t)syscall;
	ev->prev_exit_state = t->exit_state;
}

/* From a task that is not watched to one that is. */
static inline void w_on(struct world *w, uint64_t ts, uint16_t cpu, uint32_t tid)
{
	struct pw_switch ev = {.h = {.ts = ts, .cpu = cpu, .kind = PW_EV_SWITCH}, .prev_syscall = -1};

	w_fill_next(&ev, w_task(w, tid));
	w_emit(w, &ev);
}

/* From a watched task to one that is not. */
static inline void w_off(struct world *w, uint64_t ts, uint32_t tid, uint32_t state, int syscall)
{
	struct w_task *t = w_task(w, tid);
	struct pw_switch ev = {.h = w_head(t, ts, PW_EV_SWITCH)};

	w_fill_prev(&ev, t, state, syscall);
	w_emit(w, &ev);
}

/* From one watched task to another, on the CPU of the first. */
static inline void w_switch(struct world *w, uint64_t ts, uint32_t prev, uint32_t state, int syscall,
			    uint32_t next)
{
	struct w_task *t = w_task(w, prev);
	struct pw_switch ev = {.h = w_head(t, ts, PW_EV_SWITCH)};

	w_fill_prev(&ev, t, state, syscall);
	w_fill_next(&ev, w_task(w, next));
	w_emit(w, &ev);
}

/* The last switch of a task: exit_state 0x20 (zombie) or 0x10 (dead). */
static inline void w_die(struct world *w, uint64_t ts, uint32_t tid, uint8_t exit_state)
{
	struct w_task *t = w_task(w, tid);
	struct pw_switch ev = {.h = w_head(t, ts, PW_EV_SWITCH)};

	w_fill_prev(&ev, t, W_DEAD, -1);
	ev.prev_exit_state = exit_state;
	w_emit(w, &ev);
}

/* A wake-up told by itself. */
static inline void w_wake_event(struct world *w, uint64_t ts, uint32_t tid, uint64_t woken, uint32_t by)
{
	struct pw_wake ev = {.h = w_head(w_task(w, tid), ts, PW_EV_WAKE), .woken = woken, .waker_tid = by};

	if (by == PW_IRQ_WAKER)
		ev.h.flags |= PW_WAKER_IRQ;
	w_emit(w, &ev);
}

static inline struct pw_exit w_exit_event(struct world *w, uint64_t ts, uint32_t tid, uint32_t wait_status)
{
	const struct w_task *t = w_task(w, tid);
	uint32_t parent_tid = w_task(w, t->tgid)->parent_tid;
	struct pw_exit ev = {.tgid = t->tgid, .wait_status = wait_status, .exit_signal = SIGCHLD};

	ev.parent_tgid = w_task(w, parent_tid)->tgid;
	t = w_task(w, tid);
	ev.h = w_head(t, ts, PW_EV_EXIT);
	ev.runtime = t->runtime;
	ev.nvcsw = t->nvcsw;
	ev.nivcsw = t->nivcsw;
	snprintf(ev.comm, sizeof(ev.comm), "%s", t->comm);
	return ev;
}

static inline void w_exit(struct world *w, uint64_t ts, uint32_t tid, uint32_t wait_status)
{
	struct pw_exit ev = w_exit_event(w, ts, tid, wait_status);

	w_emit(w, &ev);
}

/* An exit whose parent lets the kernel reap: 1 ignores SIGCHLD, 2 said SA_NOCLDWAIT. */
static inline void w_exit_autoreap(struct world *w, uint64_t ts, uint32_t tid, uint32_t wait_status,
				   uint8_t how)
{
	struct pw_exit ev = w_exit_event(w, ts, tid, wait_status);

	ev.autoreap = how;
	w_emit(w, &ev);
}

static inline struct pw_signal w_signal_event(struct world *w, uint64_t ts, uint32_t from_tid,
					      uint32_t to_pid, int sig)
{
	struct pw_signal ev = {.to_tid = to_pid, .to_tgid = to_pid, .sig = sig};
	const struct w_task *from;

	ev.to_start = w_task(w, to_pid)->start;
	from = w_task(w, from_tid);
	ev.h = w_head(from, ts, PW_EV_SIGNAL);
	ev.from_tgid = from->tgid;
	return ev;
}

static inline void w_signal(struct world *w, uint64_t ts, uint32_t from_tid, uint32_t to_pid, int sig)
{
	struct pw_signal ev = w_signal_event(w, ts, from_tid, to_pid, sig);

	w_emit(w, &ev);
}

/* A dying task tells its parent that the process is waitable. */
static inline void w_notice(struct world *w, uint64_t ts, uint32_t tid, uint32_t to_pid)
{
	struct pw_signal ev = w_signal_event(w, ts, tid, to_pid, SIGCHLD);

	ev.exit_notice = 1;
	ev.code = 1; /* CLD_EXITED */
	ev.info_pid = ev.from_tgid;
	w_emit(w, &ev);
}

static inline void w_reap(struct world *w, uint64_t ts, uint32_t pid, uint32_t by_tid, enum pw_reap_hook hook)
{
	const struct w_task *by = w_task(w, by_tid), *leader = w_task(w, by->tgid);
	struct pw_reap ev = {.by_tid = by_tid, .by_tgid = leader->tid, .hook = hook};

	snprintf(ev.by_comm, sizeof(ev.by_comm), "%s", leader->comm);
	ev.h = w_head(w_task(w, pid), ts, PW_EV_REAP);
	w_emit(w, &ev);
}

static inline void w_free(struct world *w, uint64_t ts, uint32_t tid)
{
	struct pw_free ev = {w_head(w_task(w, tid), ts, PW_EV_FREE)};

	w_emit(w, &ev);
}

/* The children of a dying task get another parent; child 0: all of them. */
static inline struct pw_reparent w_reparent_event(struct world *w, uint64_t ts, uint32_t tid,
						  uint32_t new_tid, uint32_t child)
{
	const struct w_task *to = w_task(w, new_tid), *leader = w_task(w, to->tgid), *t;
	struct pw_reparent ev = {.new_tid = new_tid,
				 .new_tgid = leader->tid,
				 .new_start = leader->start,
				 .child = child,
				 .ns_init = leader->tid == 1};

	snprintf(ev.comm, sizeof(ev.comm), "%s", leader->comm);
	t = w_task(w, tid);
	ev.h = w_head(t, ts, PW_EV_REPARENT);
	ev.tgid = t->tgid;
	for (size_t i = 0; i < w->n; i++)
		if (w->tasks[i].parent_tid == tid && (!child || w->tasks[i].tgid == child))
			w->tasks[i].parent_tid = new_tid;
	return ev;
}

static inline void w_reparent(struct world *w, uint64_t ts, uint32_t tid, uint32_t new_tid, uint32_t child)
{
	struct pw_reparent ev = w_reparent_event(w, ts, tid, new_tid, child);

	w_emit(w, &ev);
}

static inline void w_rename(struct world *w, uint64_t ts, uint32_t tid, const char *comm)
{
	struct w_task *t = w_task(w, tid);
	struct pw_rename ev = {.h = w_head(t, ts, PW_EV_RENAME)};

	snprintf(ev.comm, sizeof(ev.comm), "%s", comm);
	snprintf(t->comm, sizeof(t->comm), "%s", comm);
	w_emit(w, &ev);
}

/*
 * The kernel's exchange of identities when a thread calls exec: from here on the
 * thread's events bear its leader's tid and start, the old leader's the thread's tid.
 */
static inline void w_take_over(struct world *w, uint32_t tid)
{
	struct w_task *t = w_task(w, tid), *leader = w_task(w, t->tgid), old = *leader;

	/* The later one in the table answers to a tid: put the survivor there. */
	leader->tid = tid;
	t->tid = old.tid;
	t->start = old.start;
	t->parent_tid = old.parent_tid;
}

/* argv: NUL-separated, as a literal ("a\0b"); old_tid differs from pid when another thread called exec. */
static inline void w_exec_by(struct world *w, uint64_t ts, uint32_t pid, uint32_t old_tid, const char *exe,
			     const char *argv, size_t argv_len)
{
	const char *slash = strrchr(exe, '/');
	struct w_task *t = w_task(w, pid);
	struct pw_exec ev = {
		.h = w_head(t, ts, PW_EV_EXEC), .old_tid = old_tid, .argv_len = (uint32_t)argv_len};

	snprintf(ev.comm, sizeof(ev.comm), "%.15s", slash ? slash + 1 : exe);
	snprintf(t->comm, sizeof(t->comm), "%s", ev.comm);
	snprintf(ev.exe, sizeof(ev.exe), "%s", exe);
	memcpy(ev.argv, argv, argv_len);
	w_emit(w, &ev);
}

/* Exec by the only thread, with no argument but the program's name. */
static inline void w_exec(struct world *w, uint64_t ts, uint32_t pid, const char *exe)
{
	w_exec_by(w, ts, pid, pid, exe, exe, strlen(exe) + 1);
}

static inline void w_lost(struct world *w, uint64_t ts, uint16_t cpu, uint64_t first, uint64_t last,
			  uint64_t count)
{
	struct pw_lost ev = {.h = {.ts = ts, .cpu = cpu, .kind = PW_EV_LOST},
			     .count = count,
			     .first = first,
			     .last = last};

	w_emit(w, &ev);
}

static inline void w_cgroup(struct world *w, uint64_t ts, uint64_t id, const char *path)
{
	struct pw_cgroup ev = {.h = {.ts = ts, .kind = PW_EV_CGROUP}, .cgroup_id = id};

	snprintf(ev.path, sizeof(ev.path), "%s", path);
	w_emit(w, &ev);
}

static inline void w_mark_name(struct world *w, uint64_t ts, uint32_t number, const char *name)
{
	struct pw_mark_name ev = {.h = {.ts = ts, .kind = PW_EV_MARK_NAME}, .number = number};

	snprintf(ev.name, sizeof(ev.name), "%s", name);
	w_emit(w, &ev);
}

/* value NULL: it has none. */
static inline void w_mark(struct world *w, uint64_t ts, uint32_t tid, uint32_t name, const int64_t *value)
{
	struct pw_mark ev = {
		.h = w_head(w_task(w, tid), ts, PW_EV_MARK), .name = name, .valued = value != NULL};

	ev.value = value ? (uint64_t)*value : 0;
	w_emit(w, &ev);
}

#endif
