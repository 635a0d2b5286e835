/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An invented kernel: it plays a machine of a few CPUs whose tasks fork, exec,
 * sleep, stop, die and reap at random, tells it in the events of event.h as the
 * BPF programs would, and keeps the truth to hold against what the model says.
 *
 * Everything of one machine follows from its seed.
 */
#ifndef PW_FUZZ_KERNEL_H
#define PW_FUZZ_KERNEL_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/process.h"

#define MAX_CPUS  4
#define MAX_TASKS 48
#define FIRST_TID 100
#define SOME_TIDS 64 /* few, so that tids are soon used again */
#define MAX_FREES 32

enum phase { NOBODY, ALIVE, EXITING, NOTIFIED, ZOMBIE };

struct task {
	enum phase phase;
	uint32_t tid, tgid, parent_tid;
	uint64_t start;
	enum pw_state state; /* RUNNING, READY, BLOCKED, STOPPED */
	enum pw_detail detail;
	int16_t syscall;
	uint16_t cpu;
	uint64_t since, runtime; /* in this state; on a CPU before it */
	uint32_t nvcsw, nivcsw;
	uint64_t woken; /* a wake-up no event has told yet */
	uint32_t waker;
	char comm[PW_COMM_LEN];
	size_t truth; /* its own, in kernel.truths */
	/* of a leader, for its process */
	struct task *parent; /* the leader of the parent; NULL: init, which nobody watches */
	int32_t exit_signal;
	uint32_t status;
	uint8_t autoreap;
	unsigned int live, present; /* threads that have not entered do_exit; not left it */
	bool waitable, reaped;
	bool doomed; /* its group was told to exit */
};

/* What really happened to one thread. */
struct truth {
	uint32_t tid;
	uint64_t start;
	struct pw_span *at;
	size_t count, room;
	uint32_t voluntary, involuntary;
	/* of a leader, for its process */
	bool leader;
	uint32_t status, parent; /* parent: the last one */
	uint64_t notice, reap; /* 0: none */
	uint32_t reaper;
	bool unseen; /* reaped, and no hook told it */
};

struct kernel {
	uint64_t rand, ts;
	struct task tasks[MAX_TASKS];
	struct task *on[MAX_CPUS]; /* NULL: the idle task, or one nobody watches */
	unsigned int cpus;
	struct truth *truths;
	size_t n_truths;
	struct pw_free frees[MAX_FREES]; /* told some time later */
	size_t n_frees;
	uint32_t hook; /* how reaps are seen: enum pw_reap_hook, or 0 for not at all */
	unsigned int hide; /* of a hundred switches, so many are never raised */
	unsigned int full; /* of a thousand records, so many find the ring full, and some after them */
	unsigned int missed;
	struct pw_lost lost; /* to be told when there is room again */
	bool broken; /* memory was short, or the listener failed */
	int (*tell)(void *listener, const struct pw_event *e);
	void *listener;
};

static uint64_t chance(struct kernel *k, uint64_t n)
{
	k->rand ^= k->rand << 13;
	k->rand ^= k->rand >> 7;
	k->rand ^= k->rand << 17;
	return (k->rand >> 11) % n;
}

static struct pw_event head(struct kernel *k, enum pw_event_kind kind, const struct task *t)
{
	k->ts += 1 + chance(k, 500);
	return (struct pw_event){
		.ts = k->ts, .start = t->start, .tid = t->tid, .cpu = t->cpu, .kind = (uint8_t)kind};
}

static void hand_on(struct kernel *k, const void *event)
{
	if (!k->broken && k->tell(k->listener, event))
		k->broken = true;
}

static void tell(struct kernel *k, const void *event)
{
	uint64_t ts = ((const struct pw_event *)event)->ts;

	if (!k->missed && k->full && chance(k, 1000) < k->full)
		k->missed = 1 + (unsigned int)chance(k, 40);
	if (k->missed) {
		k->missed--;
		if (!k->lost.count++)
			k->lost.first = ts;
		k->lost.last = ts;
		return;
	}
	if (k->lost.count) {
		k->lost.h = (struct pw_event){.ts = ts, .kind = PW_EV_LOST};
		hand_on(k, &k->lost);
		k->lost.count = 0;
	}
	hand_on(k, event);
}

static struct task *leader_of(struct kernel *k, const struct task *t)
{
	for (size_t i = 0; i < MAX_TASKS; i++)
		if (k->tasks[i].phase && k->tasks[i].tid == t->tgid)
			return &k->tasks[i];
	abort(); /* a group always has its leader */
}

/* ---- the truth */

static void keep(struct kernel *k, struct task *t, const struct pw_span *span)
{
	struct truth *truth = &k->truths[t->truth];

	if (truth->count == truth->room) {
		struct pw_span *more = realloc(truth->at, (truth->room + 8) * 2 * sizeof(*more));

		if (!more) {
			k->broken = true;
			return;
		}
		truth->at = more;
		truth->room = (truth->room + 8) * 2;
	}
	truth->at[truth->count++] = *span;
}

/* From now on the task is in another state. */
static void turn(struct kernel *k, struct task *t, enum pw_state state, enum pw_detail detail, uint64_t at)
{
	const struct pw_span span = {
		.from = t->since,
		.to = at,
		.by = t->state == PW_RUNNING || t->detail == PW_WOKEN ? t->waker : PW_NO_WAKER,
		.syscall = t->state == PW_BLOCKED ? t->syscall : -1,
		.cpu = t->state == PW_RUNNING ? t->cpu : PW_NO_CPU,
		.state = t->state,
		.detail = t->detail,
	};

	if (t->state == PW_RUNNING)
		t->runtime += at - t->since;
	keep(k, t, &span);
	t->state = state;
	t->detail = detail;
	t->since = at;
}

/* ---- birth */

static uint32_t free_tid(struct kernel *k)
{
	uint32_t tid = FIRST_TID + (uint32_t)chance(k, SOME_TIDS);

	for (size_t i = 0; i < MAX_TASKS; i++)
		if (k->tasks[i].phase && (k->tasks[i].tid == tid || k->tasks[i].tgid == tid))
			return free_tid(k);
	return tid;
}

static struct task *new_task(struct kernel *k)
{
	struct truth *truths = realloc(k->truths, (k->n_truths + 1) * sizeof(*truths));
	struct task *t = NULL;

	if (!truths) {
		k->broken = true;
		return NULL;
	}
	k->truths = truths;
	for (size_t i = 0; i < MAX_TASKS && !t; i++)
		if (!k->tasks[i].phase)
			t = &k->tasks[i];
	if (!t)
		return NULL;
	*t = (struct task){.tid = free_tid(k), .start = ++k->ts, .syscall = -1, .cpu = PW_NO_CPU};
	t->phase = ALIVE;
	t->state = PW_READY;
	t->detail = PW_NEW;
	t->since = t->start;
	t->waker = PW_NO_WAKER;
	t->exit_signal = 17;
	t->truth = k->n_truths++;
	truths[t->truth] = (struct truth){.tid = t->tid, .start = t->start};
	return t;
}

/* By whom: NULL is init. */
static void fork_task(struct kernel *k, struct task *by, bool thread)
{
	struct task *t = new_task(k), *leader = by ? leader_of(k, by) : NULL;
	struct pw_birth e = {.cgroup_id = 7, .uid = 1000};

	if (!t)
		return;
	t->tgid = thread ? leader->tgid : t->tid;
	if (thread) {
		leader->live++;
		leader->present++;
		t->exit_signal = -1;
	} else {
		t->live = t->present = 1;
		t->parent = leader;
		t->parent_tid = by ? by->tid : 1;
		k->truths[t->truth].leader = true;
		k->truths[t->truth].parent = leader ? leader->tid : 1;
		t->autoreap = chance(k, 8) ? 0 : (uint8_t)(1 + chance(k, 2));
		if (!chance(k, 16))
			t->exit_signal = 0;
	}
	memcpy(t->comm, by ? by->comm : "first", by ? PW_COMM_LEN : 6);
	e.h = head(k, PW_EV_BIRTH, t);
	e.h.cpu = by ? by->cpu : 0;
	e.tgid = t->tgid;
	if (thread)
		leader = leader->parent;
	e.parent_tid = thread ? (leader ? leader->tid : 1) : t->parent_tid;
	e.parent_tgid = leader ? leader->tid : 1;
	e.parent_start = leader ? leader->start : 5;
	e.ns_pid = t->tgid;
	e.exit_signal = t->exit_signal;
	memcpy(e.comm, t->comm, PW_COMM_LEN);
	memcpy(e.parent_comm, leader ? leader->comm : "init", leader ? PW_COMM_LEN : 5);
	tell(k, &e);
}

/* ---- on and off the CPU */

static void flush_wake(struct kernel *k, struct task *t)
{
	struct pw_wake e = {.woken = t->woken, .waker_tid = t->waker};

	if (!t->woken)
		return;
	e.h = head(k, PW_EV_WAKE, t);
	if (t->waker == PW_IRQ_WAKER)
		e.h.flags = PW_WAKER_IRQ;
	t->woken = 0;
	tell(k, &e);
}

static struct task *someone(struct kernel *k, enum pw_state state)
{
	size_t at = chance(k, MAX_TASKS);

	for (size_t i = 0; i < MAX_TASKS; i++) {
		struct task *t = &k->tasks[(at + i) % MAX_TASKS];

		if (t->phase && t->phase != ZOMBIE && t->state == state)
			return t;
	}
	return NULL;
}

static void fill_next(struct pw_switch *e, const struct task *next)
{
	e->h.flags |= PW_NEXT_WATCHED;
	e->next_tid = next->tid;
	e->next_start = next->start;
	e->woken = next->woken;
	e->waker_tid = next->woken && next->waker != PW_IRQ_WAKER ? next->waker : 0;
	if (next->woken && next->waker == PW_IRQ_WAKER)
		e->h.flags |= PW_WAKER_IRQ;
}

static void fill_prev(struct pw_switch *e, const struct task *prev, uint32_t raw)
{
	e->h.flags |= PW_PREV_WATCHED;
	e->h.tid = prev->tid;
	e->h.start = prev->start;
	e->prev_state = raw;
	e->prev_runtime = prev->runtime + e->h.ts - prev->since;
	e->prev_nvcsw = prev->nvcsw;
	e->prev_nivcsw = prev->nivcsw;
	e->prev_syscall = raw & 3 ? prev->syscall : -1;
}

/* The CPU goes from whoever has it to someone who waits for it, or to nobody. raw: as in the kernel. */
static void switch_cpu(struct kernel *k, uint16_t cpu, uint32_t raw, uint8_t exit_state)
{
	static const struct task idle;
	struct task *prev = k->on[cpu], *next = chance(k, 8) ? someone(k, PW_READY) : NULL;
	struct pw_switch e = {.prev_syscall = -1, .prev_exit_state = exit_state};
	bool involuntary = !raw && chance(k, 4);

	if (!prev && !next)
		return;
	if (prev) {
		flush_wake(k, prev);
		*(raw ? &prev->nvcsw : &prev->nivcsw) += 1;
		if (!(raw & 0x80))
			*(raw ? &k->truths[prev->truth].voluntary : &k->truths[prev->truth].involuntary) += 1;
	}
	e.h = head(k, PW_EV_SWITCH, prev ? prev : &idle);
	e.h.cpu = cpu;
	e.h.flags = involuntary && prev ? PW_PREEMPTED : 0;
	if (prev)
		fill_prev(&e, prev, raw);
	if (next)
		fill_next(&e, next);
	if (chance(k, 100) >= k->hide)
		tell(k, &e);
	if (prev && !(raw & 0x80)) {
		enum pw_state to = !raw ? PW_READY : raw & 0xc ? PW_STOPPED : PW_BLOCKED;
		static const enum pw_detail details[] = {PW_TAKEN_OFF, PW_INTERRUPTIBLE, PW_UNINTERRUPTIBLE};

		turn(k, prev, to, to == PW_STOPPED ? (raw & 8 ? PW_TRACED : PW_SIGNALLED) : details[raw & 3],
		     e.h.ts);
		prev->waker = PW_NO_WAKER;
	}
	k->on[cpu] = next;
	if (next) {
		turn(k, next, PW_RUNNING, PW_DETAIL_NONE, e.h.ts);
		next->cpu = cpu;
		next->woken = 0;
	}
}

static void wake_someone(struct kernel *k)
{
	struct task *t = someone(k, chance(k, 3) ? PW_BLOCKED : PW_STOPPED);
	struct task *waker = k->on[chance(k, k->cpus)];

	if (!t)
		return;
	t->woken = k->ts += 1 + chance(k, 500);
	turn(k, t, PW_READY, PW_WOKEN, t->woken);
	t->waker = waker && chance(k, 2) ? waker->tid : PW_IRQ_WAKER;
}

#endif
