/* SPDX-License-Identifier: GPL-2.0-only */
/* How a process ends: its threads, its exit status, its release. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "model/processes.h"
#include "shared/task_state.h"

bool pw_process_all_exiting(const struct process *p)
{
	for (const struct thread *t = first_thread(&p->pub); t; t = next_thread(t))
		if (!t->dead && !t->exiting)
			return false;
	return true;
}

uint64_t pw_process_ended_at(const struct process *p, uint64_t latest)
{
	/* An older notice was that of another thread. */
	if (p->notice_at && p->notice_at >= p->last_exit && p->notice_at < latest)
		return p->notice_at;
	return latest;
}

/* ---- release */

void pw_process_reap_itself(struct process *p)
{
	p->pub.reaped = PW_REAPED_AUTO;
	p->pub.reap_at = p->pub.exit_at;
	p->pub.zombie_from = p->pub.zombie_to = 0;
	p->pub.reaper_pid = p->pub.pid;
	memcpy(p->pub.reaper_comm, p->pub.comm, sizeof(p->pub.comm));
	p->table->zombies--;
	pw_child_unlink(p);
}

/*
 * A parent that ignores SIGCHLD gets no zombie: do_notify_parent returns true to
 * the last thread, which then releases the leader itself. The leader's own last
 * state shows that, EXIT_DEAD instead of EXIT_ZOMBIE, unless it ended earlier.
 */
static bool reaps_itself(const struct process *p)
{
	const struct thread *leader = pw_process_leader(p);

	if (p->pub.reaped || !p->autoreap || p->pub.exit_signal != SIGCHLD)
		return false;
	if (p->leader_early) /* SIG_IGN suppresses the notice, SA_NOCLDWAIT does not */
		return p->autoreap == 2 || !p->pub.notified_at;
	return leader && leader->dead && leader->exit_state & EXIT_DEAD;
}

void pw_process_gone(struct process *p, uint64_t ts)
{
	if (p->pub.reaped)
		return;
	p->pub.reaped = PW_REAPED_UNOBSERVED;
	p->pub.zombie_to = p->pub.reap_at = ts > p->pub.exit_at ? ts : p->pub.exit_at;
	p->pub.reap_bounded = true;
	p->table->zombies--;
	pw_child_unlink(p);
}

/* ---- the end of all threads */

/* No process ends before its last thread was born, nor before time that is finalized. */
static uint64_t not_before_births(const struct process *p, uint64_t at)
{
	if (p->group.finalized_until > at)
		at = p->group.finalized_until;
	for (const struct pw_thread *t = p->pub.threads; t; t = t->next)
		if (t->from > at)
			at = t->from;
	return at;
}

static void close_threads(struct process *p, uint64_t at)
{
	for (struct thread *t = first_thread(&p->pub); t; t = next_thread(t)) {
		if (t->timeline.closed && t->pub.exit <= at)
			continue;
		if (t->timeline.closed)
			pw_timeline_reopen(&t->timeline);
		pw_timeline_close(&t->timeline, at);
		t->pub.exit = t->pub.end;
	}
}

static void set_status(struct process *p)
{
	p->pub.wait_status = p->last_status;
	p->pub.status_known = p->last_exit != 0;
	/* The notice came after the last exit event that was recorded; another one may be lost. */
	if (p->notice_tells && p->notice_at >= p->last_exit) {
		p->pub.wait_status = p->notice_status;
		p->pub.status_known = true;
	}
}

/* Finds the signal that the exit status names: the last of its kind before the exit began. */
static void find_killer(struct process *p)
{
	const struct process_table *table = p->table;
	const uint64_t until = p->pub.exit_begun ? p->pub.exit_begun : p->pub.exit_at;
	const int sig = WTERMSIG((int)p->pub.wait_status);

	p->pub.killer.at = 0;
	if (!WIFSIGNALED((int)p->pub.wait_status))
		return;
	for (size_t i = table->n_signals; i-- > 0 && table->signals[i].at >= p->pub.start;) {
		const struct pw_signal_record *s = &table->signals[i];

		if (s->at <= until && s->to_pid == p->pub.pid && s->sig == sig) {
			p->pub.killer = *s;
			return;
		}
	}
}

void pw_process_ended(struct process *p, uint64_t at)
{
	if (p->pub.exited)
		return;
	at = not_before_births(p, at);
	close_threads(p, at);
	p->pub.exited = true;
	p->pub.exit_at = p->pub.zombie_from = at;
	p->pub.exit_begun = p->last_exit;
	set_status(p);
	find_killer(p);
	if (at == p->notice_at)
		p->pub.notified_at = at;
	p->n_live = 0;
	p->table->alive--;
	p->table->zombies++;
	if (reaps_itself(p))
		pw_process_reap_itself(p);
}

/* ---- the end of one thread */

int pw_process_thread_died(struct process *p, struct thread *t, uint64_t ts)
{
	bool is_last;
	int err = 0;

	t->dead = true;
	if (p->pub.exited) {
		if (reaps_itself(p))
			pw_process_reap_itself(p);
		return 0;
	}
	is_last = --p->n_live == 0;
	if (is_last && (pw_process_leader(p) || p->notice_at)) {
		pw_process_ended(p, pw_process_ended_at(p, ts));
		return 0;
	}
	if (is_last) { /* the birth of its leader was lost, not its end: the exit status is still to come */
		p->last_exit = 0;
		err = pw_process_assume_leader(p, ts);
	}
	if (t == pw_process_leader(p)) {
		p->leader_early = true;
		return pw_timeline_push(&t->timeline, pw_interval(ts, PW_ZOMBIE, PW_LEADER_ENDED));
	}
	pw_timeline_close(&t->timeline, ts);
	t->pub.exit = t->pub.end;
	return err;
}

static void give_up(struct process *p, struct thread *t, uint64_t ts)
{
	if (pw_thread_give_up(t, ts) && !p->pub.exited)
		p->n_live--;
}

void pw_process_thread_gone(struct process *p, struct thread *t, uint64_t ts)
{
	give_up(p, t, ts);
	if (!p->n_live)
		pw_process_ended(p, ts);
}

/* ---- ends that were not observed */

void pw_process_vanished(struct process *p, uint64_t ts)
{
	for (struct thread *t = first_thread(&p->pub); t; t = next_thread(t))
		give_up(p, t, ts);
	pw_process_ended(p, ts);
	pw_process_gone(p, ts);
}

void pw_owner_vanished(const struct owner *o, uint64_t ts)
{
	struct process *p = o->process;
	struct thread *t = o->thread;
	bool is_leader = o->tid == p->pub.pid && (!t || t == pw_process_leader(p));

	if (is_leader && p->pub.exited) { /* its tid is free, so it was reaped; its FREE comes later */
		pw_process_gone(p, ts);
		return;
	}
	if (!is_leader && t->dead)
		return;
	/* A task that releases itself frees its tid before its last switch, and may be preempted in between. */
	if (!p->table->sched->any_lost && (is_leader ? pw_process_all_exiting(p) : t->exiting))
		return;
	pw_contradiction(&p->group);
	if (is_leader)
		pw_process_vanished(p, ts);
	else
		pw_process_thread_gone(p, t, ts);
}
