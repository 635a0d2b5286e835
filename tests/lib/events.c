/* SPDX-License-Identifier: GPL-2.0-only */
#include "lib/events.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"

void ev_begin(struct event_source *s, event_sink sink, void *context)
{
	memset(s, 0, sizeof(*s));
	s->sink = sink;
	s->context = context;
}

int model_sink(void *model, const struct pw_event *ev)
{
	return pw_model_feed(model, ev);
}

void ev_emit(struct event_source *s, const void *ev)
{
	int err = s->hidden ? 0 : s->sink(s->context, ev);

	if (!s->result)
		s->result = err;
}

static struct source_task *add_task(struct event_source *s, const struct source_task *task)
{
	if (s->n == SOURCE_TASKS) {
		fprintf(stderr, "an event source has room for %d tasks only\n", SOURCE_TASKS);
		abort();
	}
	if (task->tid < SOURCE_TIDS)
		s->place[task->tid] = (uint16_t)s->n;
	s->tasks[s->n] = *task;
	return &s->tasks[s->n++];
}

struct source_task *ev_task(struct event_source *s, uint32_t tid)
{
	if (tid < SOURCE_TIDS && s->place[tid] < s->n && s->tasks[s->place[tid]].tid == tid)
		return &s->tasks[s->place[tid]];
	for (size_t i = s->n; i-- > 0;)
		if (s->tasks[i].tid == tid)
			return &s->tasks[i];
	return add_task(s, &(struct source_task){.tid = tid, .tgid = tid, .start = 1, .comm = "outside"});
}

void ev_outside(struct event_source *s, uint32_t tid, const char *comm)
{
	struct source_task *t = ev_task(s, tid);

	snprintf(t->comm, sizeof(t->comm), "%s", comm);
}

static struct pw_event head(const struct source_task *t, uint64_t ts, enum pw_event_kind kind)
{
	return (struct pw_event){
		.ts = ts, .start = t->start, .tid = t->tid, .cpu = t->cpu, .kind = (uint8_t)kind};
}

union pw_any_event ev_about(struct event_source *s, uint64_t ts, uint32_t tid, enum pw_event_kind kind)
{
	return (union pw_any_event){.h = head(ev_task(s, tid), ts, kind)};
}

struct pw_birth ev_birth(struct event_source *s, uint64_t ts, uint32_t parent_tid, uint32_t tid,
			 uint32_t tgid, const char *comm)
{
	const struct source_task *parent = ev_task(s, parent_tid), *leader = ev_task(s, parent->tgid);
	struct pw_birth ev = {.parent_tid = parent_tid,
			      .parent_tgid = leader->tid,
			      .parent_start = leader->start,
			      .tgid = tgid,
			      .uid = 1000,
			      .ns_pid = tgid,
			      .exit_signal = tid == tgid ? SIGCHLD : -1};
	struct source_task *t;

	snprintf(ev.parent_comm, sizeof(ev.parent_comm), "%s", leader->comm);
	snprintf(ev.comm, sizeof(ev.comm), "%s", comm);
	t = add_task(s,
		     &(struct source_task){.tid = tid, .tgid = tgid, .start = ts, .parent_tid = parent_tid});
	snprintf(t->comm, sizeof(t->comm), "%s", comm);
	ev.h = head(t, ts, PW_EV_BIRTH);
	return ev;
}

void ev_fork(struct event_source *s, uint64_t ts, uint32_t parent_tid, uint32_t pid, const char *comm)
{
	struct pw_birth ev = ev_birth(s, ts, parent_tid, pid, pid, comm);

	ev_emit(s, &ev);
}

void ev_thread(struct event_source *s, uint64_t ts, uint32_t by_tid, uint32_t tid)
{
	const struct source_task *by = ev_task(s, by_tid), *leader = ev_task(s, by->tgid);
	uint32_t parent = leader->parent_tid, tgid = by->tgid;
	struct pw_birth ev;

	ev_task(s, parent); /* so that it exists before the new one */
	ev = ev_birth(s, ts, parent, tid, tgid, ev_task(s, by_tid)->comm);
	ev_emit(s, &ev);
}

void ev_seed(struct event_source *s, uint64_t ts, uint32_t parent_tid, uint32_t tid, uint32_t tgid,
	     uint64_t start, uint32_t state, bool on_cpu)
{
	struct pw_birth ev = ev_birth(s, ts, parent_tid, tid, tgid, "seeded");
	struct source_task *t = ev_task(s, tid);

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
	ev_emit(s, &ev);
}

void ev_wake(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t by)
{
	struct source_task *t = ev_task(s, tid);

	t->woken = ts;
	t->waker = by;
	t->waker_irq = by == PW_IRQ_WAKER;
}

static void fill_next(struct pw_switch *ev, struct source_task *t)
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

static void fill_prev(struct pw_switch *ev, struct source_task *t, uint32_t state, int syscall)
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

void ev_on(struct event_source *s, uint64_t ts, uint16_t cpu, uint32_t tid)
{
	struct pw_switch ev = {.h = {.ts = ts, .cpu = cpu, .kind = PW_EV_SWITCH}, .prev_syscall = -1};

	fill_next(&ev, ev_task(s, tid));
	ev_emit(s, &ev);
}

void ev_off(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t state, int syscall)
{
	struct source_task *t = ev_task(s, tid);
	struct pw_switch ev = {.h = head(t, ts, PW_EV_SWITCH)};

	fill_prev(&ev, t, state, syscall);
	ev_emit(s, &ev);
}

void ev_preempt(struct event_source *s, uint64_t ts, uint32_t tid)
{
	struct source_task *t = ev_task(s, tid);
	struct pw_switch ev = {.h = head(t, ts, PW_EV_SWITCH)};

	fill_prev(&ev, t, STATE_RUNNABLE, -1);
	ev.h.flags |= PW_PREEMPTED;
	ev_emit(s, &ev);
}

void ev_switch(struct event_source *s, uint64_t ts, uint32_t prev, uint32_t state, int syscall, uint32_t next)
{
	struct source_task *t = ev_task(s, prev);
	struct pw_switch ev = {.h = head(t, ts, PW_EV_SWITCH)};

	fill_prev(&ev, t, state, syscall);
	fill_next(&ev, ev_task(s, next));
	ev_emit(s, &ev);
}

void ev_die(struct event_source *s, uint64_t ts, uint32_t tid, uint8_t exit_state)
{
	struct source_task *t = ev_task(s, tid);
	struct pw_switch ev = {.h = head(t, ts, PW_EV_SWITCH)};

	fill_prev(&ev, t, STATE_DEAD, -1);
	ev.prev_exit_state = exit_state;
	ev_emit(s, &ev);
}

void ev_wake_event(struct event_source *s, uint64_t ts, uint32_t tid, uint64_t woken, uint32_t by)
{
	struct pw_wake ev = {.h = head(ev_task(s, tid), ts, PW_EV_WAKE), .woken = woken, .waker_tid = by};

	if (by == PW_IRQ_WAKER)
		ev.h.flags |= PW_WAKER_IRQ;
	ev_emit(s, &ev);
}

struct pw_exit ev_exit_event(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t wait_status)
{
	const struct source_task *t = ev_task(s, tid);
	uint32_t parent_tid = ev_task(s, t->tgid)->parent_tid;
	struct pw_exit ev = {.tgid = t->tgid, .wait_status = wait_status, .exit_signal = SIGCHLD};

	ev.parent_tgid = ev_task(s, parent_tid)->tgid;
	t = ev_task(s, tid);
	ev.h = head(t, ts, PW_EV_EXIT);
	ev.runtime = t->runtime;
	ev.nvcsw = t->nvcsw;
	ev.nivcsw = t->nivcsw;
	snprintf(ev.comm, sizeof(ev.comm), "%s", t->comm);
	return ev;
}

void ev_exit(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t wait_status)
{
	struct pw_exit ev = ev_exit_event(s, ts, tid, wait_status);

	ev_emit(s, &ev);
}

void ev_exit_autoreap(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t wait_status, uint8_t how)
{
	struct pw_exit ev = ev_exit_event(s, ts, tid, wait_status);

	ev.autoreap = how;
	ev_emit(s, &ev);
}

struct pw_signal ev_signal_event(struct event_source *s, uint64_t ts, uint32_t from_tid, uint32_t to_pid,
				 int sig)
{
	struct pw_signal ev = {.to_tid = to_pid, .to_tgid = to_pid, .sig = sig};
	const struct source_task *from;

	ev.to_start = ev_task(s, to_pid)->start;
	from = ev_task(s, from_tid);
	ev.h = head(from, ts, PW_EV_SIGNAL);
	ev.from_tgid = from->tgid;
	return ev;
}

void ev_signal(struct event_source *s, uint64_t ts, uint32_t from_tid, uint32_t to_pid, int sig)
{
	struct pw_signal ev = ev_signal_event(s, ts, from_tid, to_pid, sig);

	ev_emit(s, &ev);
}

void ev_notice(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t to_pid)
{
	struct pw_signal ev = ev_signal_event(s, ts, tid, to_pid, SIGCHLD);

	ev.exit_notice = 1;
	ev.code = 1; /* CLD_EXITED */
	ev.info_pid = ev.from_tgid;
	ev_emit(s, &ev);
}

void ev_reap(struct event_source *s, uint64_t ts, uint32_t pid, uint32_t by_tid, int hook)
{
	const struct source_task *by = ev_task(s, by_tid), *leader = ev_task(s, by->tgid);
	struct pw_reap ev = {.by_tid = by_tid, .by_tgid = leader->tid, .hook = hook};

	snprintf(ev.by_comm, sizeof(ev.by_comm), "%s", leader->comm);
	ev.h = head(ev_task(s, pid), ts, PW_EV_REAP);
	ev_emit(s, &ev);
}

void ev_free(struct event_source *s, uint64_t ts, uint32_t tid)
{
	struct pw_free ev = {head(ev_task(s, tid), ts, PW_EV_FREE)};

	ev_emit(s, &ev);
}

struct pw_reparent ev_reparent_event(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t new_tid,
				     uint32_t child)
{
	const struct source_task *to = ev_task(s, new_tid), *leader = ev_task(s, to->tgid), *t;
	struct pw_reparent ev = {.new_tid = new_tid,
				 .new_tgid = leader->tid,
				 .new_start = leader->start,
				 .child = child,
				 .ns_init = leader->tid == 1};

	snprintf(ev.comm, sizeof(ev.comm), "%s", leader->comm);
	t = ev_task(s, tid);
	ev.h = head(t, ts, PW_EV_REPARENT);
	ev.tgid = t->tgid;
	for (size_t i = 0; i < s->n; i++)
		if (s->tasks[i].parent_tid == tid && (!child || s->tasks[i].tgid == child))
			s->tasks[i].parent_tid = new_tid;
	return ev;
}

void ev_reparent(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t new_tid, uint32_t child)
{
	struct pw_reparent ev = ev_reparent_event(s, ts, tid, new_tid, child);

	ev_emit(s, &ev);
}

void ev_rename(struct event_source *s, uint64_t ts, uint32_t tid, const char *comm)
{
	struct source_task *t = ev_task(s, tid);
	union pw_any_event ev = ev_about(s, ts, tid, PW_EV_RENAME);

	snprintf(ev.as_rename.comm, sizeof(ev.as_rename.comm), "%s", comm);
	snprintf(t->comm, sizeof(t->comm), "%s", comm);
	ev_emit(s, &ev);
}

void ev_take_over(struct event_source *s, uint32_t tid)
{
	struct source_task *t = ev_task(s, tid), *leader = ev_task(s, t->tgid), old = *leader;

	/* The later one in the table answers to a tid: put the survivor there. */
	leader->tid = tid;
	t->tid = old.tid;
	t->start = old.start;
	t->parent_tid = old.parent_tid;
}

void ev_exec_by(struct event_source *s, uint64_t ts, uint32_t pid, uint32_t old_tid, const char *exe,
		const char *argv, size_t argv_len)
{
	const char *slash = strrchr(exe, '/');
	struct source_task *t = ev_task(s, pid);
	struct pw_exec ev = {
		.h = head(t, ts, PW_EV_EXEC), .old_tid = old_tid, .argv_len = (uint32_t)argv_len};

	snprintf(ev.comm, sizeof(ev.comm), "%.15s", slash ? slash + 1 : exe);
	snprintf(t->comm, sizeof(t->comm), "%s", ev.comm);
	snprintf(ev.exe, sizeof(ev.exe), "%s", exe);
	memcpy(ev.argv, argv, argv_len);
	ev_emit(s, &ev);
}

void ev_exec(struct event_source *s, uint64_t ts, uint32_t pid, const char *exe)
{
	ev_exec_by(s, ts, pid, pid, exe, exe, strlen(exe) + 1);
}

void ev_lost(struct event_source *s, uint64_t ts, uint16_t cpu, uint64_t first, uint64_t last, uint64_t count)
{
	struct pw_lost ev = {.h = {.ts = ts, .cpu = cpu, .kind = PW_EV_LOST},
			     .count = count,
			     .first = first,
			     .last = last};

	ev_emit(s, &ev);
}

void ev_cgroup(struct event_source *s, uint64_t ts, uint64_t id, const char *path)
{
	struct pw_cgroup ev = {.h = {.ts = ts, .kind = PW_EV_CGROUP}, .cgroup_id = id};

	snprintf(ev.path, sizeof(ev.path), "%s", path);
	ev_emit(s, &ev);
}

void ev_mark_name(struct event_source *s, uint64_t ts, uint32_t number, const char *name)
{
	struct pw_mark_name ev = {.h = {.ts = ts, .kind = PW_EV_MARK_NAME}, .number = number};

	snprintf(ev.name, sizeof(ev.name), "%s", name);
	ev_emit(s, &ev);
}

void ev_mark(struct event_source *s, uint64_t ts, uint32_t tid, uint32_t name, const int64_t *value)
{
	struct pw_mark ev = {
		.h = head(ev_task(s, tid), ts, PW_EV_MARK), .name = name, .valued = value != NULL};

	ev.value = value ? (uint64_t)*value : 0;
	ev_emit(s, &ev);
}

/* ---- events in memory */

size_t event_size(const struct pw_event *event)
{
	if (event->kind == PW_EV_EXEC)
		return offsetof(struct pw_exec, argv) + ((const struct pw_exec *)event)->argv_len;
	return pw_event_size(event->kind);
}

int event_list_sink(void *context, const struct pw_event *event)
{
	struct event_list *list = context;
	const size_t size = event_size(event);
	struct pw_event *copy = malloc(size);

	if (copy && list->count == list->room) {
		const size_t room = list->room * 2 + 64;
		struct pw_event **more = realloc(list->at, room * sizeof(struct pw_event *));

		if (!more) {
			free(copy);
			return -ENOMEM;
		}
		list->at = more;
		list->room = room;
	}
	if (!copy)
		return -ENOMEM;
	list->at[list->count++] = memcpy(copy, event, size);
	return 0;
}

void event_list_free(struct event_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i]);
	free(list->at);
	*list = (struct event_list){0};
}
