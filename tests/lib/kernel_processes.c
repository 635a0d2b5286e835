/* SPDX-License-Identifier: GPL-2.0-only */
/* How the made-up kernel's tasks exec, exit and are reaped, and what moves them. */
#include "lib/kernel_internal.h"

#include <string.h>

/* ---- exec and names */

static void rename_task(struct kernel *k, struct kernel_task *t)
{
	struct pw_rename e = {.comm = "name "};

	e.comm[4] = (char)('a' + k_chance(k, 26));
	memcpy(t->comm, e.comm, PW_COMM_LEN);
	e.h = k_head(k, PW_EV_RENAME, t);
	k_raise(k, &e);
}

/* A task is freed only when it, and the one that released it, have left their CPUs for good. */
static void raise_free(struct kernel *k, size_t at)
{
	struct pw_free e = k->frees[at];

	for (size_t i = 0; i < k->o.tasks; i++)
		if (k->tasks[i].phase == NOTIFIED &&
		    (k->tasks[i].start == e.h.start || k->tasks[i].tgid == e.h.tid))
			return;
	k->n_frees--;
	memmove(k->frees + at, k->frees + at + 1, (k->n_frees - at) * sizeof(e));
	e.h.ts = ++k->ts;
	k_raise(k, &e);
}

static void free_later(struct kernel *k, const struct kernel_task *t, uint32_t tid)
{
	if (k->n_frees < MAX_FREES)
		k->frees[k->n_frees++] =
			(struct pw_free){{.start = t->start, .tid = tid, .kind = PW_EV_FREE}};
}

/* The leader has ended, t is all that is left of its group: t takes its place, its tid and its start. */
static void take_over(struct kernel *k, struct kernel_task *t, struct kernel_task *leader)
{
	struct kernel_task old = *t;

	free_later(k, leader, t->tid);
	*t = *leader;
	t->phase = ALIVE;
	t->truth = old.truth;
	t->state = old.state;
	t->detail = old.detail;
	t->cpu = old.cpu;
	t->since = old.since;
	t->runtime = old.runtime;
	t->nvcsw = old.nvcsw;
	t->nivcsw = old.nivcsw;
	t->woken = old.woken;
	t->waker = old.waker;
	t->doomed = old.doomed;
	k_truth(k, t)->leader = true;
	k_truth(k, t)->parent = k_truth(k, leader)->parent;
	k_truth(k, leader)->leader = false;
	leader->phase = NOBODY;
	for (size_t i = 0; i < k->o.tasks; i++) {
		struct kernel_task *child = &k->tasks[i];

		if (child->phase && child->parent == leader) {
			child->parent = t;
			child->parent_tid = t->tid;
		}
	}
}

static void exec_task(struct kernel *k, struct kernel_task *t)
{
	struct kernel_task *leader = k_leader_of(k, t);
	struct pw_exec e = {.old_tid = t->tid, .argv_len = 5, .exe = "/bin/true", .argv = "true\0"};

	if (leader->present > 1 || leader->live > 1 || (leader != t && k->o.leaders_exec))
		return;
	if (leader != t)
		take_over(k, t, leader);
	rename_task(k, t);
	memcpy(e.comm, t->comm, PW_COMM_LEN);
	e.h = k_head(k, PW_EV_EXEC, t);
	if (leader != t)
		k_turn(k, leader, PW_ZOMBIE, PW_LEADER_ENDED, e.h.ts);
	k_raise(k, &e);
}

/* ---- death */

static void begin_exit(struct kernel *k, struct kernel_task *t)
{
	struct kernel_task *leader = k_leader_of(k, t);
	struct pw_exit e = {.tgid = t->tgid, .parent_tgid = leader->parent ? leader->parent->tid : 1};

	if (!leader->status)
		leader->status = k_chance(k, 4) ? (uint32_t)k_chance(k, 256) << 8 : 9;
	k_truth(k, leader)->status = leader->status;
	t->phase = EXITING;
	leader->live--;
	e.wait_status = leader->status;
	e.exit_signal = leader->exit_signal;
	e.autoreap = leader->exit_signal ? leader->autoreap : 0;
	e.h = k_head(k, PW_EV_EXIT, t);
	e.h.flags = leader->live ? 0 : PW_GROUP_DEAD;
	e.runtime = t->runtime + e.h.ts - t->since;
	e.nvcsw = t->nvcsw;
	e.nivcsw = t->nivcsw;
	memcpy(e.comm, t->comm, PW_COMM_LEN);
	k_raise(k, &e);
}

/* The children of a leaving thread go to another one of its group, else to init. */
static void leave_children(struct kernel *k, struct kernel_task *t)
{
	struct pw_reparent e = {.tgid = t->tgid, .new_tid = 1, .new_tgid = 1, .new_start = 5, .ns_init = 1};
	struct kernel_task *to = NULL, *leader = k_leader_of(k, t);
	bool any = false;

	for (size_t i = 0; i < k->o.tasks && !to; i++)
		if (k->tasks[i].phase == ALIVE && k->tasks[i].tgid == t->tgid)
			to = &k->tasks[i];
	for (size_t i = 0; i < k->o.tasks; i++) {
		struct kernel_task *child = &k->tasks[i];

		if (!child->phase || child->tid != child->tgid || child->parent != leader ||
		    child->parent_tid != t->tid || child->reaped)
			continue;
		any = true;
		child->parent = to ? leader : NULL;
		child->parent_tid = to ? to->tid : 1;
		k_truth(k, child)->parent = to ? leader->tid : 1;
	}
	if (!any)
		return;
	memcpy(e.comm, to ? leader->comm : "init", to ? PW_COMM_LEN : 5);
	if (to) {
		e.new_tid = to->tid;
		e.new_tgid = to->tgid;
		e.new_start = leader->start;
		e.ns_init = 0;
	}
	e.h = k_head(k, PW_EV_REPARENT, t);
	k_raise(k, &e);
}

/* Its process is over and by is the one who collects it; NULL: init. */
static void reap(struct kernel *k, struct kernel_task *leader, const struct kernel_task *by, uint32_t by_pid)
{
	struct pw_reap e = {.by_tid = by ? by->tid : by_pid, .by_tgid = by_pid, .hook = k->o.hook};

	e.h = k_head(k, PW_EV_REAP, leader);
	memcpy(e.by_comm, by ? by->comm : "init", by ? PW_COMM_LEN : 5);
	if (k->o.hook)
		k_raise(k, &e);
	else
		k_truth(k, leader)->reap_unobserved = true;
	k_truth(k, leader)->reap = e.h.ts;
	k_truth(k, leader)->reaper = by_pid;
	leader->reaped = true;
	free_later(k, leader, leader->tid);
	if (leader->phase == ZOMBIE) {
		k_turn(k, leader, PW_ZOMBIE, PW_LEADER_ENDED, e.h.ts);
		leader->phase = NOBODY;
	}
}

/* exit_notify of the last thread of a group. */
static void end_process(struct kernel *k, struct kernel_task *t, struct kernel_task *leader)
{
	struct pw_signal e = {.from_tgid = t->tgid, .sig = 17, .code = 1, .exit_notice = 1};
	bool autoreap = leader->exit_signal && leader->autoreap;

	if (leader->exit_signal && leader->autoreap != 1) {
		e.to_tgid = e.to_tid = leader->parent ? leader->parent->tid : 1;
		e.to_start = leader->parent ? leader->parent->start : 5;
		e.info_pid = t->tgid;
		e.h = k_head(k, PW_EV_SIGNAL, t);
		k_truth(k, leader)->notice = e.h.ts;
		k_truth(k, leader)->exit = k_truth(k, t)->exit = e.h.ts;
		k_raise(k, &e);
	}
	t->phase = NOTIFIED;
	leader->waitable = !autoreap;
	if (!autoreap)
		return;
	if (k->o.hook == PW_REAP_RELEASE) {
		reap(k, leader, t, t->tgid);
		if (k_truth(k, leader)->notice)
			k_truth(k, leader)->reap = k_truth(k, leader)->notice;
		return;
	}
	k_truth(k, leader)->reap_unobserved = true;
	leader->reaped = true;
	free_later(k, leader, leader->tid);
	if (leader->phase == ZOMBIE) {
		k_turn(k, leader, PW_ZOMBIE, PW_LEADER_ENDED, ++k->ts);
		leader->phase = NOBODY;
	}
}

/* The last switch of a task. */
static void last_switch(struct kernel *k, struct kernel_task *t)
{
	bool leads = t->tid == t->tgid;

	k_switch(k, t->cpu, 0x80, leads && !t->reaped ? 0x20 : 0x10);
	k_turn(k, t, PW_ZOMBIE, PW_LEADER_ENDED, k->ts);
	t->phase = leads && !t->reaped ? ZOMBIE : NOBODY;
	if (!leads)
		free_later(k, t, t->tid);
}

static void leave(struct kernel *k, struct kernel_task *t)
{
	struct kernel_task *leader = k_leader_of(k, t);

	leave_children(k, t);
	if (--leader->present) {
		last_switch(k, t);
		if (t != leader)
			k_truth(k, t)->exit = k->ts;
		return;
	}
	end_process(k, t, leader);
	if (k_chance(k, 2))
		last_switch(k, t);
}

/* ---- what happens next */

static void reap_a_child(struct kernel *k, struct kernel_task *t)
{
	struct kernel_task *parent = t ? k_leader_of(k, t) : NULL;

	for (size_t i = 0; i < k->o.tasks; i++) {
		struct kernel_task *child = &k->tasks[i];

		if (child->phase && child->waitable && !child->reaped && child->parent == parent) {
			reap(k, child, t, parent ? parent->tid : 1);
			return;
		}
	}
}

static void send_signal(struct kernel *k, struct kernel_task *t)
{
	struct pw_signal e = {.from_tgid = t->tgid, .to_tid = t->tid, .to_tgid = t->tgid, .sig = 10};

	e.to_start = k_leader_of(k, t)->start;
	e.h = k_head(k, PW_EV_SIGNAL, t);
	k_raise(k, &e);
}

static void exit_group(struct kernel *k, struct kernel_task *t)
{
	for (size_t i = 0; i < k->o.tasks; i++)
		if (k->tasks[i].phase == ALIVE && k->tasks[i].tgid == t->tgid)
			k->tasks[i].doomed = true;
	begin_exit(k, t);
}

/* One deed of a task that runs. */
static void act(struct kernel *k, struct kernel_task *t)
{
	static const uint32_t sleeps[] = {0, 0, 1, 1, 1, 1, 2, 4, 8};
	uint64_t deed = k_chance(k, 18);

	if (t->doomed)
		begin_exit(k, t);
	else if (deed < 2)
		k_fork(k, t, deed);
	else if (deed == 2)
		begin_exit(k, t);
	else if (deed == 3)
		exit_group(k, t);
	else if (deed < 6)
		reap_a_child(k, t);
	else if (deed == 6)
		exec_task(k, t);
	else if (deed == 7)
		send_signal(k, t);
	else if (deed == 8)
		t->woken = k->ts += 1; /* a spurious wake-up */
	else {
		t->syscall = (int16_t)(k_chance(k, 300) - 1);
		k_switch(k, t->cpu, sleeps[deed - 9], 0);
	}
}

void k_step(struct kernel *k)
{
	uint16_t cpu = (uint16_t)k_chance(k, k->o.cpus);
	struct kernel_task *t = k->on[cpu];

	if (k->n_frees && !k_chance(k, 4))
		raise_free(k, k_chance(k, k->n_frees));
	if (!k_chance(k, 3))
		k_wake_someone(k);
	if (!k_chance(k, 16))
		reap_a_child(k, NULL);
	if (!k_chance(k, 64))
		k_fork(k, NULL, false);
	if (!t)
		k_switch(k, cpu, 0, 0);
	else if (t->phase == ALIVE)
		act(k, t);
	else if (!k_chance(k, 4))
		k_switch(k, cpu, t->phase == EXITING ? (uint32_t)k_chance(k, 2) * 2 : 0, 0);
	else if (t->phase == EXITING)
		leave(k, t);
	else
		last_switch(k, t);
}
