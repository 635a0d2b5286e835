/* SPDX-License-Identifier: GPL-2.0-only */
#include "lib/kernel_internal.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_TID 100

uint64_t k_chance(struct kernel *k, uint64_t n)
{
	k->rand ^= k->rand << 13;
	k->rand ^= k->rand >> 7;
	k->rand ^= k->rand << 17;
	return (k->rand >> 11) % n;
}

struct pw_event k_head(struct kernel *k, enum pw_event_kind kind, const struct kernel_task *t)
{
	k->ts += 1 + k_chance(k, 500);
	return (struct pw_event){
		.ts = k->ts, .start = t->start, .tid = t->tid, .cpu = t->cpu, .kind = (uint8_t)kind};
}

static void deliver(struct kernel *k, const void *event)
{
	if (!k->broken && k->o.sink(k->o.context, event))
		k->broken = true;
}

/* Whether the record finds no room, or just vanishes. */
static bool is_dropped(struct kernel *k, uint64_t ts)
{
	if (k->o.missing && !k_chance(k, k->o.missing))
		return true;
	if (!k->full && k->o.full_permille && k_chance(k, 1000) < k->o.full_permille)
		k->full = 1 + (unsigned int)k_chance(k, 40);
	if (!k->full)
		return false;
	k->full--;
	if (!k->lost.count++)
		k->lost.first = ts;
	k->lost.last = ts;
	return true;
}

static void raise_lost(struct kernel *k, uint64_t ts)
{
	if (!k->lost.count)
		return;
	k->lost.h = (struct pw_event){.ts = ts, .kind = PW_EV_LOST};
	deliver(k, &k->lost);
	k->lost.count = 0;
}

void k_raise(struct kernel *k, const void *event)
{
	uint64_t ts = ((const struct pw_event *)event)->ts;

	if (is_dropped(k, ts))
		return;
	raise_lost(k, ts);
	deliver(k, event);
}

struct kernel_task *k_leader_of(struct kernel *k, const struct kernel_task *t)
{
	for (size_t i = 0; i < k->o.tasks; i++)
		if (k->tasks[i].phase && k->tasks[i].tid == t->tgid)
			return &k->tasks[i];
	abort(); /* a thread group always has its leader */
}

/* ---- the truth */

struct thread_truth *k_truth(struct kernel *k, const struct kernel_task *t)
{
	return &k->truths[t->truth];
}

static void keep(struct kernel *k, struct kernel_task *t, const struct pw_span *span)
{
	struct thread_truth *truth = k_truth(k, t);

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

void k_turn(struct kernel *k, struct kernel_task *t, enum pw_state state, enum pw_detail detail, uint64_t at)
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
	/* Few, so that tids are soon used again. */
	const uint32_t tids = k->o.tasks + k->o.tasks / 3;
	uint32_t tid = FIRST_TID + (uint32_t)k_chance(k, tids);

	for (size_t i = 0; i < k->o.tasks; i++)
		if (k->tasks[i].phase && (k->tasks[i].tid == tid || k->tasks[i].tgid == tid))
			return free_tid(k);
	return tid;
}

static struct kernel_task *new_task(struct kernel *k)
{
	struct thread_truth *truths = realloc(k->truths, (k->n_truths + 1) * sizeof(*truths));
	struct kernel_task *t = NULL;

	if (!truths) {
		k->broken = true;
		return NULL;
	}
	k->truths = truths;
	for (size_t i = 0; i < k->o.tasks && !t; i++)
		if (!k->tasks[i].phase)
			t = &k->tasks[i];
	if (!t)
		return NULL;
	*t = (struct kernel_task){.tid = free_tid(k), .start = ++k->ts, .syscall = -1, .cpu = PW_NO_CPU};
	t->phase = ALIVE;
	t->state = PW_READY;
	t->detail = PW_NEW;
	t->since = t->start;
	t->waker = PW_NO_WAKER;
	t->exit_signal = 17;
	t->truth = k->n_truths++;
	truths[t->truth] = (struct thread_truth){.tid = t->tid, .start = t->start};
	return t;
}

void k_fork(struct kernel *k, struct kernel_task *by, bool thread)
{
	struct kernel_task *t = new_task(k), *leader = by ? k_leader_of(k, by) : NULL;
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
		k_truth(k, t)->leader = true;
		k_truth(k, t)->parent = leader ? leader->tid : 1;
		t->autoreap = k_chance(k, 8) ? 0 : (uint8_t)(1 + k_chance(k, 2));
		if (!k_chance(k, 16))
			t->exit_signal = 0;
	}
	memcpy(t->comm, by ? by->comm : "first", by ? PW_COMM_LEN : 6);
	e.h = k_head(k, PW_EV_BIRTH, t);
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
	k_raise(k, &e);
}

/* ---- on and off the CPU */

void k_flush_wake(struct kernel *k, struct kernel_task *t)
{
	struct pw_wake e = {.woken = t->woken, .waker_tid = t->waker};

	if (!t->woken)
		return;
	e.h = k_head(k, PW_EV_WAKE, t);
	if (t->waker == PW_IRQ_WAKER)
		e.h.flags = PW_WAKER_IRQ;
	t->woken = 0;
	k_raise(k, &e);
}

static struct kernel_task *someone(struct kernel *k, enum pw_state state)
{
	size_t at = k_chance(k, k->o.tasks);

	for (size_t i = 0; i < k->o.tasks; i++) {
		struct kernel_task *t = &k->tasks[(at + i) % k->o.tasks];

		if (t->phase && t->phase != ZOMBIE && t->state == state)
			return t;
	}
	return NULL;
}

static void fill_next(struct pw_switch *e, const struct kernel_task *next)
{
	e->h.flags |= PW_NEXT_WATCHED;
	e->next_tid = next->tid;
	e->next_start = next->start;
	e->woken = next->woken;
	e->waker_tid = next->woken && next->waker != PW_IRQ_WAKER ? next->waker : 0;
	if (next->woken && next->waker == PW_IRQ_WAKER)
		e->h.flags |= PW_WAKER_IRQ;
}

static void fill_prev(struct pw_switch *e, const struct kernel_task *prev, uint32_t raw)
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

void k_switch(struct kernel *k, uint16_t cpu, uint32_t raw, uint8_t exit_state)
{
	static const struct kernel_task idle;
	struct kernel_task *prev = k->on[cpu], *next = k_chance(k, 8) ? someone(k, PW_READY) : NULL;
	struct pw_switch e = {.prev_syscall = -1, .prev_exit_state = exit_state};
	bool involuntary = !raw && k_chance(k, 4);

	if (!prev && !next)
		return;
	if (prev) {
		k_flush_wake(k, prev);
		*(raw ? &prev->nvcsw : &prev->nivcsw) += 1;
		if (!(raw & 0x80))
			*(raw ? &k_truth(k, prev)->voluntary : &k_truth(k, prev)->involuntary) += 1;
	}
	e.h = k_head(k, PW_EV_SWITCH, prev ? prev : &idle);
	e.h.cpu = cpu;
	e.h.flags = involuntary && prev ? PW_PREEMPTED : 0;
	if (prev)
		fill_prev(&e, prev, raw);
	if (next)
		fill_next(&e, next);
	if (k_chance(k, 100) >= k->o.hidden_percent)
		k_raise(k, &e);
	if (prev && !(raw & 0x80)) {
		enum pw_state to = !raw ? PW_READY : raw & 0xc ? PW_STOPPED : PW_BLOCKED;
		static const enum pw_detail details[] = {PW_TAKEN_OFF, PW_INTERRUPTIBLE, PW_UNINTERRUPTIBLE};

		k_turn(k, prev, to,
		       to == PW_STOPPED ? (raw & 8 ? PW_TRACED : PW_SIGNALLED) : details[raw & 3], e.h.ts);
		prev->waker = PW_NO_WAKER;
	}
	k->on[cpu] = next;
	if (next) {
		k_turn(k, next, PW_RUNNING, PW_DETAIL_NONE, e.h.ts);
		k_truth(k, next)->switch_ins++;
		k_truth(k, next)->migrations += next->cpu != PW_NO_CPU && next->cpu != cpu;
		next->cpu = cpu;
		next->woken = 0;
	}
}

void k_wake_someone(struct kernel *k)
{
	struct kernel_task *t = someone(k, k_chance(k, 3) ? PW_BLOCKED : PW_STOPPED);
	struct kernel_task *waker = k->on[k_chance(k, k->o.cpus)];

	if (!t)
		return;
	t->woken = k->ts += 1 + k_chance(k, 500);
	k_turn(k, t, PW_READY, PW_WOKEN, t->woken);
	t->waker = waker && k_chance(k, 2) ? waker->tid : PW_IRQ_WAKER;
	k_truth(k, t)->wakeups++;
	if (k->o.wake_events)
		k_flush_wake(k, t);
}

/* ---- noise */

/* A record of a kind that exists, about a task that may exist, with anything in it. */
static void make_noise(struct kernel *k)
{
	union pw_any_event noise;
	unsigned char *bytes = (unsigned char *)&noise;
	const struct thread_truth *t = &k->truths[k_chance(k, k->n_truths)];
	const struct thread_truth *u = &k->truths[k_chance(k, k->n_truths)];

	for (size_t i = 0; i < sizeof(noise); i++)
		bytes[i] = (unsigned char)k_chance(k, k_chance(k, 3) ? 256 : 2);
	if (k_chance(k, 4)) /* else any time at all */
		noise.h.ts = k->ts;
	noise.h.kind = (uint8_t)k_chance(k, PW_EV_KIND_COUNT + 1);
	noise.h.tid = t->tid;
	noise.h.start = t->start;
	if (k_chance(k, 2))
		noise.h.cpu = (uint16_t)k_chance(k, KERNEL_CPUS);
	if (noise.h.kind == PW_EV_SWITCH) {
		noise.as_switch.next_tid = u->tid;
		noise.as_switch.next_start = u->start;
	} else if (noise.h.kind == PW_EV_BIRTH && k_chance(k, 2)) {
		noise.as_birth.tgid = u->tid;
	}
	deliver(k, &noise);
}

/* ---- the machine */

struct kernel *kernel_new(const struct kernel_options *options)
{
	struct kernel *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->o = *options;
	k->o.cpus = k->o.cpus ? k->o.cpus : 4;
	k->o.tasks = k->o.tasks ? k->o.tasks : 48;
	k->rand = k->o.seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	k->ts = k->o.start;
	return k;
}

void kernel_run(struct kernel *k, size_t steps)
{
	for (size_t i = 0; i < steps; i++) {
		if (k->o.noise && k->n_truths && !k_chance(k, k->o.noise))
			make_noise(k);
		k_step(k);
	}
}

uint64_t kernel_stop(struct kernel *k)
{
	k->o.missing = 0;
	for (size_t i = 0; i < k->o.tasks; i++)
		if (k->tasks[i].phase && k->tasks[i].phase != ZOMBIE)
			k_flush_wake(k, &k->tasks[i]);
	raise_lost(k, ++k->ts);
	for (size_t i = 0; i < k->o.tasks; i++)
		if (k->tasks[i].phase)
			k_turn(k, &k->tasks[i], PW_ZOMBIE, PW_LEADER_ENDED, k->ts);
	return k->broken ? 0 : k->ts;
}

void kernel_free(struct kernel *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < k->n_truths; i++)
		free(k->truths[i].at);
	free(k->truths);
	free(k);
}
