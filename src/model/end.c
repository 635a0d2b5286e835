// SPDX-License-Identifier: GPL-2.0-only
/* How processes end: exit, the notice to the parent, the last switch, the reap. */
#include <signal.h>
#include <string.h>

#include "internal.h"

/* No process ends before the last of its threads was born, nor before what is settled. */
static uint64_t not_before_births(const struct process *p, uint64_t at)
{
	if (p->settled > at)
		at = p->settled;
	for (const struct pw_thread *t = p->pub.threads; t; t = t->next)
		if (t->from > at)
			at = t->from;
	return at;
}

static void close_threads(struct process *p, uint64_t at)
{
	for (struct pw_thread *i = p->pub.threads; i; i = i->next) {
		struct thread *t = (struct thread *)i;

		if (t->closed && t->pub.exit <= at)
			continue;
		if (t->closed)
			pw_tape_reopen(t);
		pw_tape_close(t, at);
		t->pub.exit = t->pub.end;
	}
}

static void reap_itself(struct process *p)
{
	p->pub.reaped = PW_REAPED_AUTO;
	p->pub.reap_at = p->pub.exit_at;
	p->pub.zombie_from = p->pub.zombie_to = 0;
	p->pub.reaper_pid = p->pub.pid;
	memcpy(p->pub.reaper_comm, p->pub.comm, sizeof(p->pub.comm));
	p->model->zombies--;
	pw_child_unlink(p);
}

/*
 * A parent that ignores SIGCHLD leaves no zombie: do_notify_parent says so to
 * the last thread, which then releases the leader itself. The leader's own last
 * state shows it, EXIT_DEAD instead of EXIT_ZOMBIE, unless it had ended before.
 */
static bool reaps_itself(const struct process *p)
{
	const struct thread *leader = pw_process_leader(p);

	if (p->pub.reaped || !p->autoreap || p->pub.exit_signal != SIGCHLD)
		return false;
	if (p->leader_early) /* the notice is what SIG_IGN suppresses and SA_NOCLDWAIT does not */
		return p->autoreap == 2 || !p->pub.notified_at;
	return leader && leader->dead && leader->exit_state & EXIT_DEAD;
}

/* Every thread has ended: the process is waitable, or gone. */
static void end_process(struct process *p, uint64_t at)
{
	if (p->pub.exited)
		return;
	at = not_before_births(p, at);
	close_threads(p, at);
	p->pub.exited = true;
	p->pub.exit_at = p->pub.zombie_from = at;
	p->pub.exit_begun = p->last_exit;
	p->pub.wait_status = p->last_status;
	p->pub.status_known = p->last_exit != 0;
	if (p->notice_tells &&
	    p->notice_at >= p->last_exit) { /* the last exit itself may not have been told */
		p->pub.wait_status = p->notice_status;
		p->pub.status_known = true;
	}
	pw_killer_find(p);
	if (at == p->notice_at)
		p->pub.notified_at = at;
	p->n_live = 0;
	p->model->alive--;
	p->model->zombies++;
	if (reaps_itself(p))
		reap_itself(p);
}

/* The end as the notice told it, unless that was another's or never came. */
static uint64_t end_of(const struct process *p, uint64_t latest)
{
	return p->notice_at && p->notice_at >= p->last_exit && p->notice_at < latest ? p->notice_at : latest;
}

int pw_thread_died(struct thread *t, uint64_t ts)
{
	struct process *p = t->process;
	struct pw_interval waits = {.from = ts,
				    .by = PW_NO_WAKER,
				    .syscall = -1,
				    .cpu = PW_NO_CPU,
				    .state = PW_ZOMBIE,
				    .detail = PW_LEADER_ENDED};
	int r = 0;

	t->dead = true;
	if (p->pub.exited) {
		if (reaps_itself(p))
			reap_itself(p);
		return 0;
	}
	p->n_live--;
	if (!p->n_live && !pw_process_leader(p) && !p->notice_at) {
		/* Its leader's birth was lost, not its end: the status is still to be told. */
		p->last_exit = 0;
		r = pw_leader_assume(p, ts);
	} else if (!p->n_live) {
		end_process(p, end_of(p, ts));
		return 0;
	}
	if (t == pw_process_leader(p)) {
		p->leader_early = true;
		return pw_tape_push(t, waits);
	}
	pw_tape_close(t, ts);
	t->pub.exit = t->pub.end;
	return r;
}

int pw_feed_exit(struct pw_model *m, const struct pw_exit *ev)
{
	struct thread *t = NULL;
	struct process *p;
	int r = 0;

	if (pw_index_find(&m->index, ev->h.tid, ev->h.start))
		r = pw_subject(m, &ev->h, ev->h.tid, ev->h.start, PW_DEED_EXIT, &t);
	if (!r && !t)
		r = pw_late_birth(m, ev, &t);
	if (r)
		return r;
	p = t->process;
	if (t->dead || p->pub.exited) {
		pw_contradiction(m, p);
		return 0;
	}
	pw_cpu_seen(m, &ev->h, t);
	t->exiting = true;
	t->exiting_at = ev->h.ts;
	p->last_exit = ev->h.ts;
	p->last_status = ev->wait_status;
	p->autoreap = ev->autoreap;
	p->pub.exit_signal = ev->exit_signal;
	return pw_parent_seen(p, ev->parent_tgid, ev->h.ts);
}

/* do_notify_parent is called by the last thread to go: nobody else may still have to enter do_exit. */
static bool all_exiting(const struct process *p)
{
	for (const struct pw_thread *i = p->pub.threads; i; i = i->next) {
		const struct thread *t = (const struct thread *)i;

		if (!t->dead && !t->exiting)
			return false;
	}
	return true;
}

void pw_feed_notice(struct pw_model *m, const struct pw_signal *ev)
{
	struct process *p;
	struct owner *o;

	pw_leader_named(m, ev->h.tid, ev->h.start);
	o = pw_index_find(&m->index, ev->h.tid, ev->h.start);
	p = o ? o->process : NULL;
	/* A child that is not watched gives notice to a parent that is: --no-children, or it ended while that was seeded. */
	if (!p || p->pub.pid != ev->from_tgid)
		return;
	p->notice_at = ev->h.ts;
	p->notice_tells = ev->status_told;
	p->notice_status = ev->wait_status;
	if (!p->pub.exited && !all_exiting(p)) /* a tracer's notice of one thread */
		return;
	p->pub.notified_at = ev->h.ts;
	if (!p->pub.exited && o->thread && o->thread->n) {
		pw_cpu_seen(m, &ev->h, o->thread);
		o->thread->told_end = pw_tape_tail(o->thread)->state == PW_RUNNING;
	}
	end_process(p, ev->h.ts);
}

/* The task that reaped was itself dying: a wait it was not. */
static bool is_dying(const struct pw_model *m, uint32_t tid)
{
	const struct owner *o = pw_index_newest(&m->index, tid);

	return o && o->thread && o->thread->exiting;
}

/*
 * The return of wait4 may come long after the release itself, which the waiter
 * did before it was preempted: after the free even. It was by then, and by whom
 * is told, if it is the one who could.
 */
static void name_late_reaper(struct process *p, const struct pw_reap *ev)
{
	if (ev->hook != PW_REAP_WAIT || p->pub.parents[p->pub.n_parents - 1].pid != ev->by_tgid)
		return;
	p->reap_seen = true;
	p->pub.reaped = PW_REAPED_WAIT;
	p->pub.reaper_pid = ev->by_tgid;
	pw_copy_comm(p->pub.reaper_comm, ev->by_comm);
	p->pub.reap_hook = ev->hook;
}

int pw_feed_reap(struct pw_model *m, const struct pw_reap *ev)
{
	struct process *p;

	pw_leader_named(m, ev->h.tid, ev->h.start);
	p = pw_process_find(m, ev->h.tid, ev->h.start);
	if (!p) {
		m->stats.strangers++;
		return 0;
	}
	if (p->reap_seen)
		return 0;
	if (p->pub.reaped == PW_REAPED_UNOBSERVED) {
		name_late_reaper(p, ev);
		return 0;
	}
	end_process(p, end_of(p, ev->h.ts));
	p->reap_seen = true;
	if (ev->by_tgid == p->pub.pid) {
		if (!p->pub.reaped)
			reap_itself(p);
		p->pub.reap_hook = ev->hook;
		return 0;
	}
	if (!p->pub.reaped)
		m->zombies--;
	/* A dying parent also releases the zombies whose new parent ignores SIGCHLD (exit_notify). */
	p->pub.reaped = is_dying(m, ev->by_tid) ? PW_REAPED_AUTO : PW_REAPED_WAIT;
	p->pub.zombie_from = p->pub.exit_at;
	p->pub.zombie_to = p->pub.reap_at = ev->h.ts > p->pub.exit_at ? ev->h.ts : p->pub.exit_at;
	p->pub.reaper_pid = ev->by_tgid;
	pw_copy_comm(p->pub.reaper_comm, ev->by_comm);
	p->pub.reap_hook = ev->hook;
	pw_child_unlink(p);
	return 0;
}

static void gone(struct process *p, uint64_t by)
{
	if (p->pub.reaped)
		return;
	p->pub.reaped = PW_REAPED_UNOBSERVED;
	p->pub.zombie_to = p->pub.reap_at = by > p->pub.exit_at ? by : p->pub.exit_at;
	p->pub.reap_bounded = true;
	p->model->zombies--;
	pw_child_unlink(p);
}

static void give_up_all(struct process *p, uint64_t ts)
{
	for (struct pw_thread *t = p->pub.threads; t; t = t->next)
		pw_thread_give_up((struct thread *)t, ts);
	end_process(p, ts);
	gone(p, ts);
}

void pw_ended_unseen(const struct owner *o, uint64_t ts)
{
	struct process *p = o->process;
	struct thread *t = o->thread;
	bool is_leader = o->tid == p->pub.pid && (!t || t == pw_process_leader(p));

	if (is_leader && p->pub.exited) { /* reaped, for its number is free; its FREE comes later */
		gone(p, ts);
		return;
	}
	if (!is_leader && t->dead)
		return;
	/* Who releases itself gives its number back before its last switch, and may be preempted in between. */
	if (!p->model->n_lost && (is_leader ? all_exiting(p) : t->exiting))
		return;
	pw_contradiction(p->model, p);
	if (is_leader)
		give_up_all(p, ts);
	else
		pw_thread_give_up(t, ts);
	if (!p->n_live)
		end_process(p, ts);
}

int pw_feed_free(struct pw_model *m, const struct pw_free *ev)
{
	struct process *p;
	struct thread *t;
	struct owner *o;

	pw_leader_named(m, ev->h.tid, ev->h.start);
	o = pw_index_find(&m->index, ev->h.tid, ev->h.start);
	if (!o) {
		m->stats.strangers++;
		return 0;
	}
	p = o->process;
	t = o->thread;
	if (t && t != pw_process_leader(p)) {
		if (t->pub.tid == p->pub.pid)
			p->displaced = false;
		if (!t->dead)
			pw_thread_give_up(t, ev->h.ts);
		if (!p->n_live)
			end_process(p, ev->h.ts);
		return 0;
	}
	if (p->pub.exited) {
		gone(p, ev->h.ts);
	} else if (p->displaced) { /* the leader that another thread's exec replaced */
		p->displaced = false;
	} else if (all_exiting(p) || m->n_lost) {
		give_up_all(p, ev->h.ts);
	} else {
		pw_contradiction(m, p);
	}
	return 0;
}
