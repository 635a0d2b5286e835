// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ends out of the ordinary: signals, leaders that went first, parents that do
 * not want to know, and lives that had not ended.
 */
#include <signal.h>
#include <sys/wait.h>

#include "findings/finder.h"

#define LEADER_NS UINT64_C(10000000) /* shorter, it is the order in which threads end */

/* Who a deadly signal came from: a pid, or one of these (no process has them). */
enum { FROM_UNSEEN = -1, FROM_KERNEL = -2, FROM_ITSELF = -3, FROM_FAULT = -4 };

static int sender_of(const struct pw_signal_record *s)
{
	if (!s->at)
		return FROM_UNSEEN;
	/* A positive code is the kernel's: SI_KERNEL, or the kind of a fault. */
	if (s->code == SI_KERNEL && s->from_pid != s->to_pid)
		return FROM_KERNEL;
	if (s->code > 0)
		return FROM_FAULT;
	return s->from_pid == s->to_pid ? FROM_ITSELF : (int)s->from_pid;
}

static void say_sender(struct finder *f, struct pw_text *t, const struct candidate *c)
{
	const int sender = sender_of(&c->life->killer);
	const struct pw_life *life;

	switch (sender) {
	case FROM_UNSEEN:
		pw_text_add(t, ", sent by someone unseen");
		return;
	case FROM_KERNEL:
		pw_text_add(t, ", sent by the kernel");
		return;
	case FROM_ITSELF:
		pw_text_add(t, ", raised in its own context");
		return;
	case FROM_FAULT:
		pw_text_add(t, ", a fault of its own");
		return;
	default:
		life = pw_model_find(f->model, (uint32_t)sender, c->life->exit_at);
		pw_text_add(t, ", sent by ");
		say_process(t, (uint32_t)sender, life ? pw_life_comm_at(life, c->life->exit_at) : "");
		return;
	}
}

/* Being told to end is ordinary; ending by a mistake of one's own is not. */
static enum pw_severity severity_of(const struct pw_life *life)
{
	switch (WTERMSIG((int)life->wait_status)) {
	case SIGTERM:
	case SIGKILL:
	case SIGINT:
	case SIGHUP:
	case SIGALRM:
	case SIGPIPE:
	case SIGUSR1:
	case SIGUSR2:
		return PW_NOTE;
	default:
		return PW_WARNING;
	}
}

static bool dumped(const struct pw_life *life)
{
	return WCOREDUMP((int)life->wait_status);
}

static void say_killed(struct finder *f, const struct candidate *c)
{
	struct pw_text t = {0};

	say_process(&t, c->life->pid, c->life->comm);
	pw_text_add(&t, " was killed by ");
	say_signal(&t, c->aux);
	say_sender(f, &t, c);
	pw_text_add(&t, dumped(c->life) ? ", and dumped core." : ".");
	finder_add(f, dumped(c->life) ? "core-dumped" : "killed", severity_of(c->life), c->life, &t);
}

static void say_killed_many(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	struct pw_text t = {0};
	size_t cores = 0;

	for (size_t i = 0; i < count; i++)
		cores += dumped(c[i].life);
	say_number(&t, count);
	pw_text_add(&t, " processes were killed by ");
	if (same_key) {
		say_signal(&t, c->aux);
		say_sender(f, &t, c);
	} else {
		pw_text_add(&t, "signals");
	}
	if (cores > 0) {
		pw_text_add(&t, "; ");
		say_number(&t, cores);
		pw_text_add(&t, " of them dumped core");
	}
	pw_text_add(&t, ".");
	finder_add(f, cores > 0 ? "core-dumped" : "killed", severity_of(c->life), NULL, &t);
}

static void say_leader(struct finder *f, const struct candidate *c)
{
	struct pw_text t = {0};

	pw_text_add(&t, "The first thread of ");
	say_process(&t, c->life->pid, c->life->comm);
	pw_text_add(&t, " ended ");
	say_duration(&t, c->ns);
	pw_text_add(
		&t,
		c->life->exited
			? " before its last one; meanwhile it looked like a zombie, and could not be reaped."
			: " before the recording did; while others live it looks like a zombie, and cannot "
			  "be reaped.");
	finder_add(f, "leader-ended", PW_NOTE, c->life, &t);
}

static void say_leaders(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	struct pw_text t = {0};

	(void)same_key;
	say_number(&t, count);
	pw_text_add(&t, " processes' first threads ended ");
	say_range(&t, c->ns, c[count - 1].ns);
	pw_text_add(&t, " before the others; meanwhile they could not be reaped.");
	finder_add(f, "leader-ended", PW_NOTE, NULL, &t);
}

static void say_autoreap(struct finder *f, const struct candidate *c)
{
	struct pw_text t = {0};

	say_process(&t, c->life->pid, c->life->comm);
	pw_text_add(&t, " was reaped by itself at once");
	if (c->parent) {
		pw_text_add(&t, ": its parent ");
		say_process(&t, c->parent->pid, c->parent->comm);
		pw_text_add(&t, c->aux ? " said SA_NOCLDWAIT" : " ignores SIGCHLD");
	}
	pw_text_add(&t, ". It was never a zombie, and nobody learns how it ended.");
	finder_add(f, "autoreap", PW_NOTE, c->life, &t);
}

static void say_autoreap_many(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	struct pw_text t = {0};

	say_number(&t, count);
	if (same_key && c->parent) {
		pw_text_add(&t, " children of ");
		say_process(&t, c->parent->pid, c->parent->comm);
		pw_text_add(&t, c->aux ? ", which said SA_NOCLDWAIT," : ", which ignores SIGCHLD,");
	} else {
		pw_text_add(&t, " processes whose parents ignore SIGCHLD");
	}
	pw_text_add(&t,
		    " were reaped by themselves at once: never zombies, and nobody learns how they ended.");
	finder_add(f, "autoreap", PW_NOTE, NULL, &t);
}

static bool stopped_at_end(const struct pw_life *life)
{
	const struct pw_block *last = life->threads ? life->threads->last : NULL;

	return last && last->count > 0 && last->at[last->count - 1].state == PW_STOPPED;
}

static void say_alive(struct finder *f, const struct candidate *c)
{
	struct pw_text t = {0};

	say_process(&t, c->life->pid, c->life->comm);
	pw_text_add(&t, c->aux ? " was still stopped when the recording ended."
			       : " was still alive when the recording ended.");
	finder_add(f, c->aux ? "stopped" : "alive", PW_NOTE, c->life, &t);
}

static void say_alive_many(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	struct pw_text t = {0};

	say_number(&t, count);
	pw_text_add(&t, same_key && c->aux ? " processes were still stopped when the recording ended."
					   : " processes were still alive when the recording ended.");
	finder_add(f, same_key && c->aux ? "stopped" : "alive", PW_NOTE, NULL, &t);
}

/* The leader's zombie time is that of a leader that ended early. */
static uint64_t leader_gap(const struct pw_life *life)
{
	return life->threads && life->n_threads > 1 ? life->threads->totals[PW_ZOMBIE] : 0;
}

void find_ends(struct finder *f)
{
	struct candidates killed = {0}, leaders = {0}, autoreaped = {0}, alive = {0};

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_life *life = pw_model_life(f->model, i);
		struct candidate c = {.life = life, .at = life->exited ? life->exit_at : life->start};

		if (leader_gap(life) >= LEADER_NS) {
			c.ns = leader_gap(life);
			finder_collect(f, &leaders, &c);
		}
		c.ns = 0;
		if (life->status_known && WIFSIGNALED((int)life->wait_status)) {
			c.aux = WTERMSIG((int)life->wait_status);
			c.key = (uint32_t)sender_of(&life->killer);
			finder_collect(f, &killed, &c);
		}
		c.aux = 0;
		if (life->reaped == PW_REAPED_AUTO && life->reaper_pid == life->pid) {
			c.aux = life->notified_at != 0; /* what SIG_IGN suppresses, SA_NOCLDWAIT does not */
			c.parent = pw_life_parent_at(life, life->exit_at);
			c.key = c.parent ? c.parent->pid : 0;
			finder_collect(f, &autoreaped, &c);
		}
		c.key = 0;
		/* What ran before the recording may well outlive it; and what stopped is told either way. */
		c.aux = stopped_at_end(life);
		if (!life->exited && (!life->seeded || c.aux))
			finder_collect(f, &alive, &c);
	}
	finder_say(f, &killed, say_killed, say_killed_many);
	finder_say(f, &leaders, say_leader, say_leaders);
	finder_say(f, &autoreaped, say_autoreap, say_autoreap_many);
	finder_say(f, &alive, say_alive, say_alive_many);
}
