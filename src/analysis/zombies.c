/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zombies: for how long, what the parent did instead of waiting, who reaped in the end.
 */
#include <errno.h>
#include <signal.h>

#include "analysis/finder.h"
#include "model/questions.h"

/* What a process did in a stretch of time. */
struct activity {
	uint64_t in[PW_STATE_COUNT], total;
	/* The state it was in longest. */
	enum pw_state state;
	/* Blocked mostly uninterruptibly. */
	bool uninterruptible;
	/* Blocked longest in this system call; -1: unknown. */
	int syscall;
};

/* As many different system calls are told apart in a stretch; one that comes later is rare. */
#define SYSCALLS 16

struct sleep {
	int syscall;
	uint64_t ns;
};

static void add_sleep(struct sleep sleeps[static SYSCALLS], int syscall, uint64_t ns)
{
	for (size_t i = 0; i < SYSCALLS; i++) {
		if (sleeps[i].ns == 0)
			sleeps[i].syscall = syscall;
		if (sleeps[i].syscall == syscall) {
			sleeps[i].ns += ns;
			return;
		}
	}
}

static void choose_longest(struct activity *a, const struct sleep sleeps[static SYSCALLS],
			   uint64_t uninterruptible)
{
	size_t longest = 0;

	for (enum pw_state s = PW_RUNNING; s < PW_STATE_COUNT; s++) {
		a->total += a->in[s];
		if (a->in[s] > a->in[a->state])
			a->state = s;
	}
	for (size_t i = 1; i < SYSCALLS; i++)
		if (sleeps[i].ns > sleeps[longest].ns)
			longest = i;
	a->syscall = sleeps[longest].ns > 0 ? sleeps[longest].syscall : -1;
	a->uninterruptible = uninterruptible > a->in[PW_BLOCKED] / 2;
}

/* False: memory ran out. */
static bool sum_up(struct activity *a, const struct pw_process *process, uint64_t from, uint64_t to)
{
	struct pw_process_iter *it = pw_process_iter_new(process);
	struct sleep sleeps[SYSCALLS] = {{0}};
	uint64_t uninterruptible = 0;
	struct pw_span s;

	*a = (struct activity){.state = PW_RUNNING};
	if (!it)
		return false;
	while (pw_process_iter_next(it, &s) && s.from < to) {
		const uint64_t begin = s.from > from ? s.from : from, end = s.to < to ? s.to : to;

		if (begin >= end)
			continue;
		a->in[s.state] += end - begin;
		if (s.state == PW_BLOCKED)
			add_sleep(sleeps, s.syscall, end - begin);
		if (s.state == PW_BLOCKED && s.detail == PW_UNINTERRUPTIBLE)
			uninterruptible += end - begin;
	}
	pw_process_iter_free(it);
	choose_longest(a, sleeps, uninterruptible);
	return true;
}

static void add_state(struct pw_fact *fact, const struct activity *a)
{
	const uint64_t longest = a->in[a->state];

	pw_fact_add(fact, pw_value_word("parent_doing", pw_state_name(a->state)));
	pw_fact_add(fact, pw_value_percent("parent_share", 100.0 * (double)longest / (double)a->total));
	pw_fact_add(fact,
		    pw_value_word("parent_extent", longest < a->total - a->total / 10 ? "most" : "all"));
	if (a->state != PW_BLOCKED)
		return;
	pw_fact_add(fact,
		    pw_value_word("parent_sleep", a->uninterruptible ? "uninterruptible" : "interruptible"));
	pw_fact_add(fact, pw_value_syscall("parent_syscall", a->syscall));
}

/* What the parent did while the candidate was a zombie. */
static void add_parent(struct finder *f, struct pw_fact *fact, const struct candidate *c)
{
	const struct pw_process *parent = c->parent ? pw_model_find(f->model, c->parent->pid, c->at) : NULL;
	struct activity a;

	pw_fact_add(fact, finder_parent("parent", c->parent));
	if (!c->parent) {
		pw_fact_add(fact, pw_value_unknown("parent_doing"));
		return;
	}
	if (!parent) {
		pw_fact_add(fact, pw_value_word("parent_doing", "unwatched"));
		return;
	}
	if (!sum_up(&a, parent, c->at, c->at + c->ns)) {
		f->err = -ENOMEM;
		return;
	}
	if (a.total)
		add_state(fact, &a);
	else if (pw_model_kept_from(f->model) > c->at)
		pw_fact_add(fact, pw_value_word("parent_doing", "dropped"));
	else
		pw_fact_add(fact, pw_value_word("parent_doing", pw_state_name(PW_UNKNOWN)));
}

/* Whether its parent changed while it was a zombie: the first one had exited. */
static void add_adopter(struct pw_fact *fact, const struct candidate *c)
{
	const struct pw_parent *after = pw_process_parent_at(c->process, c->at + c->ns);

	if (c->parent && after && after->pid != c->parent->pid)
		pw_fact_add(fact, finder_parent("adopter", after));
}

/* The exit, and the signal by which the kernel tells the parent. */
static void add_notice(struct pw_fact *fact, const struct pw_process *process)
{
	const int signal = process->exit_signal > 0 ? process->exit_signal : SIGCHLD;

	if (!process->exit_begun) {
		pw_fact_add(fact, pw_value_word("exit_observed",
						pw_process_found_dead(process) ? "before_recording" : "no"));
		return;
	}
	pw_fact_add(fact, pw_value_word("exit_observed", "yes"));
	if (process->notified_at == 0) {
		pw_fact_add(fact, pw_value_unknown("notified_after_ns"));
		return;
	}
	pw_fact_add(fact, pw_value_signal("exit_signal", signal));
	pw_fact_add(fact, pw_value_between("notified_after_ns", process->exit_begun, process->notified_at));
}

static void add_reap(struct finder *f, struct pw_fact *fact, const struct candidate *c)
{
	const struct pw_process *process = c->process;

	switch (process->reaped) {
	case PW_REAPED_NOT:
		pw_fact_add(fact, pw_value_word("reap_how", "not_reaped"));
		return;
	case PW_REAPED_AUTO:
		pw_fact_add(fact, pw_value_word("reap_how", "auto"));
		return;
	case PW_REAPED_UNOBSERVED:
		pw_fact_add(fact, pw_value_word("reap_how", "unobserved"));
		return;
	case PW_REAPED_WAIT:
		break;
	}
	pw_fact_add(fact, pw_value_word("reap_how", "wait"));
	pw_fact_add(fact,
		    finder_pid_at(f, "reaper", process->reaper_pid, process->reap_at, process->reaper_comm));
	pw_fact_add(fact,
		    pw_value_word("reaper_role",
				  c->parent && c->parent->pid == process->reaper_pid ? "parent" : "other"));
}

/* How well the length of its zombie interval is known. */
static enum pw_bound bound_of(const struct pw_process *process)
{
	if (process->reap_bounded)
		return PW_AT_MOST;
	return pw_process_found_dead(process) ? PW_AT_LEAST : PW_EXACT;
}

static void report_one(struct finder *f, enum pw_finding_code code, const struct candidate *c)
{
	const enum pw_bound bound = code == PW_FOUND_ZOMBIE ? bound_of(c->process) : PW_EXACT;
	struct pw_fact fact = {0};

	pw_fact_add(&fact, pw_value_process("process", c->process));
	pw_fact_add(&fact, pw_value_ns_bound("zombie_ns", c->ns, bound));
	add_parent(f, &fact, c);
	add_adopter(&fact, c);
	add_notice(&fact, c->process);
	add_reap(f, &fact, c);
	finder_add(f, code, PW_WARNING, c->process, &fact);
}

/* How many of the lengths are only bounds of that kind; nothing if there is none. */
static void add_bounds(struct pw_fact *fact, const char *name, enum pw_bound bound, const struct candidate *c,
		       size_t count)
{
	size_t bounds = 0;

	for (size_t i = 0; i < count; i++)
		bounds += bound_of(c[i].process) == bound;
	if (bounds > 0)
		pw_fact_add(fact, pw_value_count(name, bounds));
}

static void report_many(struct finder *f, enum pw_finding_code code, const struct candidate *c, size_t count,
			bool alike)
{
	const struct candidate *longest = &c[count - 1];
	const bool one_parent = alike && longest->parent;
	struct pw_fact fact = {0};

	pw_fact_add(&fact, pw_value_count("count", count));
	pw_fact_add(&fact, pw_value_word("parents", one_parent ? "one" : "several"));
	pw_fact_add(&fact, pw_value_ns("shortest_ns", c->ns));
	pw_fact_add(&fact, pw_value_ns("longest_ns", longest->ns));
	if (code == PW_FOUND_ZOMBIE) {
		add_bounds(&fact, "upper_bounds", PW_AT_MOST, c, count);
		add_bounds(&fact, "lower_bounds", PW_AT_LEAST, c, count);
	}
	pw_fact_add(&fact, pw_value_process("longest", longest->process));
	add_parent(f, &fact, longest);
	finder_add(f, code, PW_WARNING,
		   one_parent ? pw_model_find(f->model, longest->parent->pid, longest->at) : NULL, &fact);
}

static void report_zombie(struct finder *f, const struct candidate *c)
{
	report_one(f, PW_FOUND_ZOMBIE, c);
}

static void report_zombies(struct finder *f, const struct candidate *c, size_t count, bool alike)
{
	report_many(f, PW_FOUND_ZOMBIE, c, count, alike);
}

static void report_unreaped(struct finder *f, const struct candidate *c)
{
	report_one(f, PW_FOUND_UNREAPED, c);
}

static void report_unreaped_many(struct finder *f, const struct candidate *c, size_t count, bool alike)
{
	report_many(f, PW_FOUND_UNREAPED, c, count, alike);
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
	finder_report(f, &zombies, report_zombie, report_zombies);
	finder_report(f, &unreaped, report_unreaped, report_unreaped_many);
}
