// SPDX-License-Identifier: GPL-2.0-only
/*
 * Zombies: what the parent did instead of waiting, who reaped in the end.
 */
#include <string.h>
#include <sys/wait.h>

#include "analysis/finder.h"
#include "util/syscalls.h"

/* What a process was mostly doing in a stretch of time. */
struct doing {
	uint64_t in[PW_STATE_COUNT], total;
	enum pw_state state; /* the longest */
	bool uninterruptible; /* blocked: mostly so */
	int syscall; /* blocked: the one it slept in longest; -1 none known */
};

#define SYSCALLS 16 /* different ones told apart within a stretch; what comes later is rare */

struct slept {
	int syscall;
	uint64_t ns;
};

static void add_sleep(struct slept slept[static SYSCALLS], int syscall, uint64_t ns)
{
	for (size_t i = 0; i < SYSCALLS; i++) {
		if (slept[i].ns == 0)
			slept[i].syscall = syscall;
		if (slept[i].syscall == syscall) {
			slept[i].ns += ns;
			return;
		}
	}
}

static void choose_longest(struct doing *d, const struct slept slept[static SYSCALLS],
			   uint64_t uninterruptible)
{
	size_t longest = 0;

	for (enum pw_state s = PW_RUNNING; s < PW_STATE_COUNT; s++) {
		d->total += d->in[s];
		if (d->in[s] > d->in[d->state])
			d->state = s;
	}
	for (size_t i = 1; i < SYSCALLS; i++)
		if (slept[i].ns > slept[longest].ns)
			longest = i;
	d->syscall = slept[longest].ns > 0 ? slept[longest].syscall : -1;
	d->uninterruptible = uninterruptible > d->in[PW_BLOCKED] / 2;
}

static bool look_at(struct doing *d, const struct pw_process *process, uint64_t from, uint64_t to)
{
	struct pw_process_iter *it = pw_process_iter_new(process);
	struct slept slept[SYSCALLS] = {{0}};
	uint64_t uninterruptible = 0;
	struct pw_span s;

	*d = (struct doing){.state = PW_RUNNING};
	if (!it)
		return false;
	while (pw_process_iter_next(it, &s) && s.from < to) {
		const uint64_t a = s.from > from ? s.from : from, b = s.to < to ? s.to : to;

		if (a >= b)
			continue;
		d->in[s.state] += b - a;
		if (s.state == PW_BLOCKED)
			add_sleep(slept, s.syscall, b - a);
		if (s.state == PW_BLOCKED && s.detail == PW_UNINTERRUPTIBLE)
			uninterruptible += b - a;
	}
	pw_process_iter_free(it);
	choose_longest(d, slept, uninterruptible);
	return true;
}

static void say_blocked(struct pw_text *t, const struct doing *d, const char *mostly)
{
	const char *name = pw_syscall_name(d->syscall);

	if (!name)
		pw_text_format(t, _("was %sblocked%s and did not wait"), mostly,
			       d->uninterruptible ? _(", uninterruptible,") : "");
	else if (strcmp(name, "wait4") == 0 || strcmp(name, "waitid") == 0)
		pw_text_format(t, _("%sslept in %s without asking for this child"), mostly, name);
	else
		pw_text_format(t, _("%sslept%s in %s and did not wait"), mostly,
			       d->uninterruptible ? _(" uninterruptibly") : "", name);
}

static void say_doing(struct finder *f, struct pw_text *t, const struct candidate *c)
{
	const uint64_t to = c->at + c->ns;
	const struct pw_process *parent = pw_model_find(f->model, c->parent->pid, c->at);
	const char *mostly;
	struct doing d;

	if (!parent) {
		pw_text_add(t, _("was not watched, so what it did meanwhile is not known"));
		return;
	}
	if (!look_at(&d, parent, c->at, to)) {
		f->failed = true;
		return;
	}
	if (!d.total) {
		pw_text_add(t, _("did meanwhile what is not kept any more"));
		return;
	}
	mostly = d.in[d.state] < d.total - d.total / 10 ? _("mostly ") : "";
	if (d.state == PW_BLOCKED)
		say_blocked(t, &d, mostly);
	else if (d.state == PW_RUNNING)
		pw_text_format(t, _("was %srunning and did not wait"), mostly);
	else if (d.state == PW_READY)
		pw_text_format(t, _("was %sready and had no CPU to run on"), mostly);
	else if (d.state == PW_STOPPED)
		pw_text_format(t, _("was %sstopped and could not wait"), mostly);
	else if (d.state == PW_ZOMBIE)
		pw_text_format(t, _("was %sa zombie itself"), mostly);
	else
		pw_text_add(t, _("was not seen meanwhile"));
}

static void say_notice(struct pw_text *t, const struct pw_process *process)
{
	if (!process->exit_begun)
		pw_text_add(t, pw_process_found_dead(process) ? _(" It had ended before the recording began")
							      : _(" Its end was not seen"));
	else if (process->notified_at == 0)
		pw_text_add(t, _(" No signal told it of the end"));
	else
		pw_text_format(t, _(" %s reached it %s after the exit began"),
			       signal_words(process->exit_signal > 0 ? process->exit_signal : 17).s,
			       lasting(process->notified_at > process->exit_begun
					       ? process->notified_at - process->exit_begun
					       : 0)
				       .s);
}

static void say_reap(struct finder *f, struct pw_text *t, const struct pw_process *process,
		     const struct pw_parent *parent)
{
	const struct pw_process *reaper = pw_model_find(f->model, process->reaper_pid, process->reap_at);
	const char *name = reaper ? pw_process_comm_at(reaper, process->reap_at) : process->reaper_comm;

	/* The parent was named before. */
	if (process->reaped == PW_REAPED_WAIT)
		pw_text_format(
			t, _("; in the end %s reaped it."),
			who(process->reaper_pid, parent && parent->pid == process->reaper_pid ? "" : name).s);
	else if (process->reaped == PW_REAPED_UNOBSERVED)
		pw_text_add(t, _("; who reaped it was not observed."));
	else if (process->reaped == PW_REAPED_AUTO)
		pw_text_add(t, _("; the parent's end released it, for who would have adopted it ignores "
				 "SIGCHLD."));
	else
		pw_text_add(t, _("."));
}

static void say_parent(struct finder *f, struct pw_text *t, const struct candidate *c)
{
	const struct pw_parent *after = pw_process_parent_at(c->process, c->at + c->ns);

	if (!c->parent) {
		pw_text_add(t, _("its parent is not known."));
		return;
	}
	pw_text_format(t, _("its parent %s "), who(c->parent->pid, c->parent->comm).s);
	say_doing(f, t, c);
	if (after && after->pid != c->parent->pid)
		pw_text_add(t, _(", to its own end"));
	pw_text_add(t, _("."));
	say_notice(t, c->process);
	say_reap(f, t, c->process, c->parent);
}

static void say_zombie(struct finder *f, const struct candidate *c)
{
	struct pw_text t = {0};

	pw_text_format(&t,
		       c->process->reap_bounded		   ? _("%s was a zombie for at most %s: ")
		       : pw_process_found_dead(c->process) ? _("%s was a zombie for at least %s: ")
							   : _("%s was a zombie for %s: "),
		       who(c->process->pid, c->process->comm).s, lasting(c->ns).s);
	say_parent(f, &t, c);
	finder_add(f, "zombie", PW_WARNING, c->process, &t);
}

static void say_unreaped(struct finder *f, const struct candidate *c)
{
	struct pw_text t = {0};

	pw_text_format(&t, _("%s was not reaped: a zombie for the last %s of the recording: "),
		       who(c->process->pid, c->process->comm).s, lasting(c->ns).s);
	say_parent(f, &t, c);
	finder_add(f, "unreaped", PW_WARNING, c->process, &t);
}

static void say_longest(struct finder *f, struct pw_text *t, const struct candidate *c, bool same_key)
{
	pw_text_format(t, _("; for the longest, %s"), who(c->process->pid, c->process->comm).s);
	if (c->parent && same_key)
		pw_text_add(t, _(": the parent "));
	else if (c->parent)
		pw_text_format(t, _(": its parent %s "), who(c->parent->pid, c->parent->comm).s);
	if (c->parent)
		say_doing(f, t, c);
	pw_text_add(t, _("."));
}

static const struct pw_process *subject(const struct finder *f, const struct candidate *c, bool same_key)
{
	return same_key && c->parent ? pw_model_find(f->model, c->parent->pid, c->at) : NULL;
}

static void say_zombies(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	const struct candidate *longest = &c[count - 1];
	const struct words lengths = lasting_between(c->ns, longest->ns);
	struct pw_text t = {0};

	if (same_key && longest->parent)
		pw_text_format(&t, _("%s children of %s were zombies for %s"), number(count).s,
			       who(longest->parent->pid, longest->parent->comm).s, lengths.s);
	else
		pw_text_format(&t, _("%s processes were zombies for %s"), number(count).s, lengths.s);
	say_longest(f, &t, longest, same_key);
	finder_add(f, "zombie", PW_WARNING, subject(f, longest, same_key), &t);
}

static void say_unreaped_many(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	const struct candidate *longest = &c[count - 1];
	const struct words lengths = lasting_between(c->ns, longest->ns);
	struct pw_text t = {0};

	if (same_key && longest->parent)
		pw_text_format(
			&t, _("%s children of %s were not reaped: zombies for the last %s of the recording"),
			number(count).s, who(longest->parent->pid, longest->parent->comm).s, lengths.s);
	else
		pw_text_format(&t,
			       _("%s processes were not reaped: zombies for the last %s of the recording"),
			       number(count).s, lengths.s);
	say_longest(f, &t, longest, same_key);
	finder_add(f, "unreaped", PW_WARNING, subject(f, longest, same_key), &t);
}

void find_zombies(struct finder *f)
{
	struct candidates zombies = {0}, unreaped = {0};

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_process *process = pw_model_process(f->model, i);
		const uint64_t to = process->zombie_to ? process->zombie_to : f->end;
		struct candidate c = {.process = process, .at = process->zombie_from};

		if (!process->zombie_from || to < process->zombie_from)
			continue;
		c.ns = to - process->zombie_from;
		c.parent = pw_process_parent_at(process, c.at);
		c.key = c.parent ? c.parent->pid : 0;
		if (process->reaped == PW_REAPED_NOT)
			finder_collect(f, &unreaped, &c);
		else if (pw_zombie_is_long(process, f->end - f->begin))
			finder_collect(f, &zombies, &c);
	}
	finder_say(f, &zombies, say_zombie, say_zombies);
	finder_say(f, &unreaped, say_unreaped, say_unreaped_many);
}
