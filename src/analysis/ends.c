// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ends out of the ordinary: signals, leaders that went first, parents that do
 * not want to know, and processes that had not ended.
 */
#include <signal.h>
#include <sys/wait.h>

#include "analysis/finder.h"

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
	const int sender = sender_of(&c->process->killer);
	const struct pw_process *process;

	switch (sender) {
	case FROM_UNSEEN:
		pw_text_add(t, _(", sent by someone unseen"));
		return;
	case FROM_KERNEL:
		pw_text_add(t, _(", sent by the kernel"));
		return;
	case FROM_ITSELF:
		pw_text_add(t, _(", raised in its own context"));
		return;
	case FROM_FAULT:
		pw_text_add(t, _(", a fault of its own"));
		return;
	default:
		process = pw_model_find(f->model, (uint32_t)sender, c->process->exit_at);
		pw_text_format(
			t, _(", sent by %s"),
			who((uint32_t)sender, process ? pw_process_comm_at(process, c->process->exit_at) : "")
				.s);
		return;
	}
}

/* Being told to end is ordinary; ending by a mistake of one's own is not. */
static enum pw_severity severity_of(const struct pw_process *process)
{
	switch (WTERMSIG((int)process->wait_status)) {
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

static bool dumped(const struct pw_process *process)
{
	return WCOREDUMP((int)process->wait_status);
}

static void say_killed(struct finder *f, const struct candidate *c)
{
	struct pw_text t = {0};

	pw_text_format(&t, _("%s was killed by %s"), who(c->process->pid, c->process->comm).s,
		       signal_words(c->aux).s);
	say_sender(f, &t, c);
	pw_text_add(&t, dumped(c->process) ? _(", and dumped core.") : _("."));
	finder_add(f, dumped(c->process) ? "core-dumped" : "killed", severity_of(c->process), c->process, &t);
}

static void say_killed_many(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	enum pw_severity severity = PW_NOTE;
	struct pw_text t = {0};
	size_t cores = 0;

	for (size_t i = 0; i < count; i++) {
		cores += dumped(c[i].process);
		severity = severity_of(c[i].process) == PW_WARNING ? PW_WARNING : severity;
	}
	pw_text_format(&t, _("%s processes were killed by %s"), number(count).s,
		       same_key ? signal_words(c->aux).s : _("signals"));
	if (same_key)
		say_sender(f, &t, c);
	if (cores > 0)
		pw_text_format(&t, _("; %s of them dumped core"), number(cores).s);
	pw_text_add(&t, _("."));
	finder_add(f, cores > 0 ? "core-dumped" : "killed", severity, NULL, &t);
}

static void say_leader(struct finder *f, const struct candidate *c)
{
	struct pw_text t = {0};

	pw_text_format(
		&t,
		c->process->exited
			? _("The first thread of %s ended %s before its last one; meanwhile it looked like "
			    "a zombie, and could not be reaped.")
			: _("The first thread of %s ended %s before the recording did; while others live "
			    "it looks like a zombie, and cannot be reaped."),
		who(c->process->pid, c->process->comm).s, lasting(c->ns).s);
	finder_add(f, "leader-ended", PW_NOTE, c->process, &t);
}

static void say_leaders(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	struct pw_text t = {0};

	(void)same_key;
	pw_text_format(
		&t,
		_("%s processes' first threads ended %s before the others; meanwhile they could not be "
		  "reaped."),
		number(count).s, lasting_between(c->ns, c[count - 1].ns).s);
	finder_add(f, "leader-ended", PW_NOTE, NULL, &t);
}

static void say_autoreap(struct finder *f, const struct candidate *c)
{
	struct pw_text t = {0};

	pw_text_format(&t, _("%s was reaped by itself at once"), who(c->process->pid, c->process->comm).s);
	if (c->parent)
		pw_text_format(&t,
			       c->aux ? _(": its parent %s said SA_NOCLDWAIT")
				      : _(": its parent %s ignores SIGCHLD"),
			       who(c->parent->pid, c->parent->comm).s);
	pw_text_add(&t, _(". It was never a zombie, and nobody learns how it ended."));
	finder_add(f, "autoreap", PW_NOTE, c->process, &t);
}

static void say_autoreap_many(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	struct pw_text t = {0};

	if (same_key && c->parent)
		pw_text_format(&t,
			       c->aux ? _("%s children of %s, which said SA_NOCLDWAIT,")
				      : _("%s children of %s, which ignores SIGCHLD,"),
			       number(count).s, who(c->parent->pid, c->parent->comm).s);
	else
		pw_text_format(&t, _("%s processes whose parents ignore SIGCHLD"), number(count).s);
	pw_text_add(&t, _(" were reaped by themselves at once: never zombies, and nobody learns how they "
			  "ended."));
	finder_add(f, "autoreap", PW_NOTE, NULL, &t);
}

static bool stopped_at_end(const struct pw_process *process)
{
	const struct pw_block *last = process->threads ? process->threads->last : NULL;

	return last && last->count > 0 && last->at[last->count - 1].state == PW_STOPPED;
}

static void say_alive(struct finder *f, const struct candidate *c)
{
	struct pw_text t = {0};

	pw_text_format(&t,
		       c->aux ? _("%s was still stopped when the recording ended.")
			      : _("%s was still alive when the recording ended."),
		       who(c->process->pid, c->process->comm).s);
	finder_add(f, c->aux ? "stopped" : "alive", PW_NOTE, c->process, &t);
}

static void say_alive_many(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	const bool stopped = same_key && c->aux;
	struct pw_text t = {0};

	pw_text_format(&t,
		       stopped ? _("%s processes were still stopped when the recording ended.")
			       : _("%s processes were still alive when the recording ended."),
		       number(count).s);
	finder_add(f, stopped ? "stopped" : "alive", PW_NOTE, NULL, &t);
}

/* The leader's zombie time is that of a leader that ended early. */
static uint64_t leader_gap(const struct pw_process *process)
{
	return process->threads && process->n_threads > 1 ? process->threads->totals[PW_ZOMBIE] : 0;
}

void find_ends(struct finder *f)
{
	struct candidates killed = {0}, leaders = {0}, autoreaped = {0}, alive = {0};

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_process *process = pw_model_process(f->model, i);
		struct candidate c = {.process = process,
				      .at = process->exited ? process->exit_at : process->start};

		if (leader_gap(process) >= LEADER_NS) {
			c.ns = leader_gap(process);
			finder_collect(f, &leaders, &c);
		}
		c.ns = 0;
		if (process->status_known && WIFSIGNALED((int)process->wait_status)) {
			c.aux = WTERMSIG((int)process->wait_status);
			c.key = (uint32_t)sender_of(&process->killer);
			finder_collect(f, &killed, &c);
		}
		c.aux = 0;
		if (process->reaped == PW_REAPED_AUTO && process->reaper_pid == process->pid) {
			c.aux = process->notified_at !=
				0; /* what SIG_IGN suppresses, SA_NOCLDWAIT does not */
			c.parent = pw_process_parent_at(process, process->exit_at);
			c.key = c.parent ? c.parent->pid : 0;
			finder_collect(f, &autoreaped, &c);
		}
		c.key = 0;
		/* What ran before the recording may well outlive it; and what stopped is told either way. */
		c.aux = stopped_at_end(process);
		if (!process->exited && (!process->seeded || c.aux))
			finder_collect(f, &alive, &c);
	}
	finder_say(f, &killed, say_killed, say_killed_many);
	finder_say(f, &leaders, say_leader, say_leaders);
	finder_say(f, &autoreaped, say_autoreap, say_autoreap_many);
	finder_say(f, &alive, say_alive, say_alive_many);
}
