/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small kernel with several CPUs, which makes random legal histories and keeps
 * its own books of them. Told to, it keeps back events, as a kernel or a full
 * ring does, and makes records of noise.
 */
#ifndef PW_TEST_SIM_H
#define PW_TEST_SIM_H

#include <stdlib.h>

#include "lib/model_test.h"

#define CPUS	8
#define MOST	256 /* tasks alive at once */
#define STEPS	4000 /* of a history */
#define NO_TASK (-1)

enum sim_state { SIM_FREE, SIM_READY, SIM_RUNNING, SIM_ASLEEP, SIM_STOPPED, SIM_LEADER_ENDED, SIM_ZOMBIE };

struct sim_task {
	enum sim_state state;
	uint32_t tid, tgid, parent; /* parent: a tid of the parent process */
	uint64_t start, since;
	bool exiting;
	uint16_t cpu, last_cpu;
};

/* What really happened to a thread. */
struct truth {
	uint32_t tid;
	uint64_t start, exit, reaped;
	uint64_t totals[PW_STATE_COUNT];
	uint64_t switch_ins, voluntary, involuntary, wakeups, migrations;
};

struct sim {
	struct fixture *f;
	uint64_t random, now;
	uint32_t next_tid;
	struct sim_task tasks[MOST];
	int on_cpu[CPUS]; /* a task or NO_TASK */
	struct truth truths[SOURCE_TASKS];
	size_t n_truths;
	/* Damage: of so many switches, or of all records, one is not told. */
	uint32_t drop_switch, drop_any, noise;
	bool tell_wakes; /* at once, and not with the next switch-in */
};

static inline uint32_t dice(struct sim *s, uint32_t sides)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return (uint32_t)(s->random >> 32) % sides;
}

static inline struct truth *truth_of(struct sim *s, const struct sim_task *t)
{
	for (size_t i = s->n_truths; i-- > 0;)
		if (s->truths[i].tid == t->tid && s->truths[i].start == t->start)
			return &s->truths[i];
	return NULL;
}

static inline enum pw_state state_of(const struct sim_task *t)
{
	switch (t->state) {
	case SIM_READY:
		return PW_READY;
	case SIM_RUNNING:
		return PW_RUNNING;
	case SIM_ASLEEP:
		return PW_BLOCKED;
	case SIM_STOPPED:
		return PW_STOPPED;
	case SIM_LEADER_ENDED:
	case SIM_ZOMBIE:
		return PW_ZOMBIE;
	default:
		return PW_UNKNOWN;
	}
}

static inline void become(struct sim *s, struct sim_task *t, enum sim_state state)
{
	struct truth *truth = truth_of(s, t);

	if (t->state != SIM_FREE && t->state != SIM_ZOMBIE)
		truth->totals[state_of(t)] += s->now - t->since;
	t->state = state;
	t->since = s->now;
}

static inline void lose(struct sim *s, bool is_switch)
{
	s->f->ev.hidden = (is_switch && s->drop_switch && !dice(s, s->drop_switch)) ||
			  (s->drop_any && !dice(s, s->drop_any));
}

static inline int find(struct sim *s, bool (*fits)(const struct sim_task *))
{
	uint32_t from = dice(s, MOST);

	for (uint32_t i = 0; i < MOST; i++)
		if (fits(&s->tasks[(from + i) % MOST]))
			return (int)((from + i) % MOST);
	return NO_TASK;
}

static inline bool is_free(const struct sim_task *t)
{
	return t->state == SIM_FREE;
}

static inline bool is_ready(const struct sim_task *t)
{
	return t->state == SIM_READY;
}

static inline bool is_asleep(const struct sim_task *t)
{
	return t->state == SIM_ASLEEP || t->state == SIM_STOPPED;
}

static inline bool is_zombie(const struct sim_task *t)
{
	return t->state == SIM_ZOMBIE;
}

/* A new task, made by a running one, or by the world outside; thread: of the maker's process. */
static inline void make(struct sim *s, const struct sim_task *maker, bool thread)
{
	int i = find(s, is_free);
	struct sim_task *t;

	if (i == NO_TASK || s->n_truths >= SOURCE_TASKS - 2 || s->f->ev.n >= SOURCE_TASKS - 2)
		return;
	t = &s->tasks[i];
	*t = (struct sim_task){.state = SIM_READY, .tid = s->next_tid, .start = s->now, .since = s->now};
	t->tgid = thread ? maker->tgid : t->tid;
	t->parent = maker ? maker->tid : 1;
	t->last_cpu = UINT16_MAX;
	s->next_tid = 2 + s->next_tid % 3000; /* tids come again */
	s->truths[s->n_truths++] = (struct truth){.tid = t->tid, .start = t->start};
	lose(s, false);
	if (thread)
		ev_thread(&s->f->ev, s->now, maker->tid, t->tid);
	else
		ev_fork(&s->f->ev, s->now, t->parent, t->tid, "task");
}

static inline bool tid_in_use(const struct sim *s, uint32_t tid)
{
	for (size_t i = 0; i < MOST; i++)
		if (s->tasks[i].state != SIM_FREE && (s->tasks[i].tid == tid || s->tasks[i].tgid == tid))
			return true;
	return false;
}

static inline void go_on(struct sim *s, int i, uint16_t cpu)
{
	struct sim_task *t = &s->tasks[i];
	struct truth *truth = truth_of(s, t);

	become(s, t, SIM_RUNNING);
	truth->switch_ins++;
	if (t->last_cpu != UINT16_MAX && t->last_cpu != cpu)
		truth->migrations++;
	t->cpu = t->last_cpu = cpu;
	s->on_cpu[cpu] = i;
}

/* The task on this CPU leaves it, for another if one is ready. */
static inline void go_off(struct sim *s, uint16_t cpu, enum sim_state state, uint32_t raw)
{
	struct sim_task *t = &s->tasks[s->on_cpu[cpu]];
	struct truth *truth = truth_of(s, t);
	int next = dice(s, 4) ? find(s, is_ready) : NO_TASK;

	if (raw)
		truth->voluntary++;
	else
		truth->involuntary++;
	become(s, t, state);
	s->on_cpu[cpu] = NO_TASK;
	lose(s, true);
	if (next == NO_TASK) {
		ev_off(&s->f->ev, s->now, t->tid, raw, raw == STATE_SLEEP ? 61 : -1);
		return;
	}
	go_on(s, next, cpu);
	ev_switch(&s->f->ev, s->now, t->tid, raw, raw == STATE_SLEEP ? 61 : -1, s->tasks[next].tid);
}

static inline size_t n_threads(const struct sim *s, uint32_t tgid)
{
	size_t n = 0;

	for (size_t i = 0; i < MOST; i++)
		n += s->tasks[i].tgid == tgid && s->tasks[i].state != SIM_FREE &&
		     s->tasks[i].state != SIM_LEADER_ENDED && s->tasks[i].state != SIM_ZOMBIE;
	return n;
}

/* The children of a dying task go to another thread of it, or to init. */
static inline void hand_over_children(struct sim *s, const struct sim_task *dying)
{
	const struct sim_task *heir = NULL;
	bool any = false;

	for (size_t i = 0; i < MOST; i++)
		if (s->tasks[i].state != SIM_FREE && s->tasks[i].tgid == dying->tgid &&
		    &s->tasks[i] != dying && !s->tasks[i].exiting)
			heir = &s->tasks[i];
	for (size_t i = 0; i < MOST; i++) {
		if (s->tasks[i].state == SIM_FREE || s->tasks[i].parent != dying->tid ||
		    s->tasks[i].tid != s->tasks[i].tgid)
			continue;
		s->tasks[i].parent = heir ? heir->tid : 1;
		any = true;
	}
	if (!any)
		return;
	lose(s, false);
	ev_reparent(&s->f->ev, s->now, dying->tid, heir ? heir->tid : 1, 0);
}

static inline void end_process(struct sim *s, struct sim_task *last, uint64_t at)
{
	for (size_t i = 0; i < MOST; i++) {
		struct sim_task *t = &s->tasks[i];

		if (t->state == SIM_FREE || t->tgid != last->tgid)
			continue;
		truth_of(s, t)->totals[state_of(t)] += at - t->since;
		truth_of(s, t)->exit = at;
		t->state = t->tid == t->tgid ? SIM_ZOMBIE : SIM_FREE;
	}
}

static inline void die(struct sim *s, uint16_t cpu)
{
	struct sim_task *t = &s->tasks[s->on_cpu[cpu]];
	bool last = n_threads(s, t->tgid) == 1, leader = t->tid == t->tgid;

	hand_over_children(s, t);
	s->on_cpu[cpu] = NO_TASK;
	if (last) {
		lose(s, false);
		ev_notice(&s->f->ev, s->now, t->tid, 1);
		end_process(s, t, s->now);
		s->now += dice(s, 5000);
	} else if (leader) {
		become(s, t, SIM_LEADER_ENDED);
	} else {
		become(s, t, SIM_FREE);
		truth_of(s, &(struct sim_task){.tid = t->tid, .start = t->start})->exit = s->now;
	}
	lose(s, true);
	ev_die(&s->f->ev, s->now, t->tid, leader ? 0x20 : 0x10);
}

static inline void reap(struct sim *s)
{
	int i = find(s, is_zombie);
	struct sim_task *t;

	if (i == NO_TASK)
		return;
	t = &s->tasks[i];
	truth_of(s, t)->reaped = s->now;
	lose(s, false);
	ev_reap(&s->f->ev, s->now, t->tid, t->parent, PW_REAP_RELEASE);
	lose(s, false);
	ev_free(&s->f->ev, s->now, t->tid);
	t->state = SIM_FREE;
}

static inline void wake(struct sim *s)
{
	int i = find(s, is_asleep);
	struct sim_task *t;

	if (i == NO_TASK)
		return;
	t = &s->tasks[i];
	become(s, t, SIM_READY);
	truth_of(s, t)->wakeups++;
	lose(s, false);
	if (dice(s, 8) && !s->tell_wakes)
		ev_wake(&s->f->ev, s->now, t->tid, dice(s, 2) ? PW_IRQ_WAKER : 1);
	else
		ev_wake_event(&s->f->ev, s->now, t->tid, s->now, 1);
}

/* A record of a kind that exists, about a task that may, saying anything. */
static inline void make_noise(struct sim *s)
{
	union {
		struct pw_event h;
		struct pw_birth birth;
		struct pw_switch sw;
		struct pw_exec exec;
		struct pw_reparent reparent;
		struct pw_lost lost;
		struct pw_cgroup cgroup;
		unsigned char bytes[sizeof(struct pw_exec)];
	} ev;
	const struct source_task *t = &s->f->ev.tasks[dice(s, (uint32_t)s->f->ev.n)];
	const struct source_task *u = &s->f->ev.tasks[dice(s, (uint32_t)s->f->ev.n)];

	for (size_t i = 0; i < sizeof(ev.bytes); i++)
		ev.bytes[i] = (unsigned char)dice(s, dice(s, 3) ? 256 : 2);
	if (dice(s, 4)) /* else any time at all */
		ev.h.ts = s->now;
	ev.h.kind = (uint8_t)dice(s, PW_EV_KIND_COUNT + 1);
	ev.h.tid = t->tid;
	ev.h.start = t->start;
	if (dice(s, 2))
		ev.h.cpu = (uint16_t)dice(s, CPUS);
	if (ev.h.kind == PW_EV_SWITCH) {
		ev.sw.next_tid = u->tid;
		ev.sw.next_start = u->start;
	} else if (ev.h.kind == PW_EV_BIRTH && dice(s, 2)) {
		ev.birth.tgid = u->tid;
	}
	assert_int_equal(pw_model_feed(s->f->model, &ev.h), 0);
}

static inline void act(struct sim *s, uint16_t cpu)
{
	struct sim_task *t = &s->tasks[s->on_cpu[cpu]];
	uint32_t what = dice(s, 100);

	if (t->exiting && what < 60) {
		die(s, cpu);
	} else if (what < 25) {
		go_off(s, cpu, SIM_READY, STATE_RUNNABLE);
	} else if (what < 65) {
		go_off(s, cpu, SIM_ASLEEP, dice(s, 5) ? STATE_SLEEP : STATE_DISK);
	} else if (what < 68) {
		go_off(s, cpu, SIM_STOPPED, STATE_STOP);
	} else if (what < 80 && !t->exiting) {
		while (tid_in_use(s, s->next_tid))
			s->next_tid = 2 + s->next_tid % 3000;
		make(s, t, dice(s, 2));
	} else if (what < 88 && !t->exiting) {
		t->exiting = true;
		lose(s, false);
		ev_exit(&s->f->ev, s->now, t->tid, dice(s, 256) << 8);
	} else if (what < 90 && !t->exiting) {
		lose(s, false);
		ev_exec(&s->f->ev, s->now, t->tid, "/bin/other");
	}
}

static inline void step(struct sim *s)
{
	uint16_t cpu = (uint16_t)dice(s, CPUS);
	uint32_t what = dice(s, 10);
	int i;

	s->now += dice(s, 20) ? 1 + dice(s, 3000) : 0;
	if (s->noise && s->f->ev.n && !dice(s, s->noise))
		make_noise(s);
	if (what < 2) {
		wake(s);
	} else if (what < 3) {
		reap(s);
	} else if (s->on_cpu[cpu] != NO_TASK) {
		act(s, cpu);
	} else {
		i = find(s, is_ready);
		if (i == NO_TASK) {
			while (tid_in_use(s, s->next_tid))
				s->next_tid = 2 + s->next_tid % 3000;
			make(s, NULL, false);
			return;
		}
		go_on(s, i, cpu);
		lose(s, true);
		ev_on(&s->f->ev, s->now, cpu, s->tasks[i].tid);
	}
}

static inline void run(struct sim *s, struct fixture *f, uint64_t seed)
{
	s->f = f;
	s->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	s->now = 1000000;
	s->next_tid = 2;
	for (size_t i = 0; i < CPUS; i++)
		s->on_cpu[i] = NO_TASK;
	for (size_t i = 0; i < STEPS; i++)
		step(s);
	f->ev.hidden = false;
	for (size_t i = 0; i < MOST; i++) {
		const struct source_task *t = ev_task(&f->ev, s->tasks[i].tid);

		if (s->tasks[i].state == SIM_FREE || s->tasks[i].state == SIM_ZOMBIE)
			continue;
		if (t->woken) /* no switch-in can carry it any more */
			ev_wake_event(&f->ev, s->now, t->tid, t->woken, t->waker);
		become(s, &s->tasks[i], s->tasks[i].state);
	}
	f->noisy = s->noise;
	finish(f, s->now);
}

static inline struct sim *new_sim(void)
{
	struct sim *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	return s;
}

#endif
