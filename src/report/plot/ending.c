/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/plot/ending.h"

#include <string.h>
#include <sys/wait.h>

#include "model/questions.h"
#include "report/plot/sentence.h"
#include "util/kernel_names.h"

/*
 * The gaps: adopter and arrow, the sign before it; ages, the lifetimes of several processes; exit;
 * reaper; after, the length of the zombie interval, with bound at_most or at_least. reap is missing
 * if nothing is to be said of the reap, else none, some, adopter, auto, unobserved or wait.
 */
static const struct pw_sentence endings[] = {
	{.when = "reap=none",
	 .text = N_("[adopter?{arrow} adopted by {adopter}; ][ages?{ages} each, ]{exit}, not reaped")},
	{.when = "reap=some",
	 .text = N_("[adopter?{arrow} adopted by {adopter}; ][ages?{ages} each, ]{exit}, some not reaped")},
	{.when = "reap=adopter cause",
	 .text = N_("[adopter?{arrow} adopted by {adopter}; ]{exit}, released because the adopter ignores "
		    "SIGCHLD")},
	{.when = "reap=adopter",
	 .text = N_("[adopter?{arrow} adopted by {adopter}; ]{exit}, released when its parent exited")},
	{.when = "reap=auto cause=SA_NOCLDWAIT",
	 .text = N_("[adopter?{arrow} adopted by {adopter}; ]{exit}, auto-reaped (SA_NOCLDWAIT)")},
	{.when = "reap=auto cause",
	 .text = N_("[adopter?{arrow} adopted by {adopter}; ]{exit}, auto-reaped (SIGCHLD ignored)")},
	{.when = "reap=auto", .text = N_("[adopter?{arrow} adopted by {adopter}; ]{exit}, auto-reaped")},
	{.when = "reap=unobserved after",
	 .text = N_("[adopter?{arrow} adopted by {adopter}; ]{exit}, reaped by an unobserved process after "
		    "[bound=at_most?at most ][bound=at_least?at least ]{after}")},
	{.when = "reap=unobserved",
	 .text = N_("[adopter?{arrow} adopted by {adopter}; ]{exit}, reaped by an unobserved process")},
	{.when = "reap reaper after",
	 .text = N_("[adopter?{arrow} adopted by {adopter}; ][ages?{ages} each, ]{exit}, reaped by {reaper} "
		    "after [bound=at_most?at most ][bound=at_least?at least ]{after}")},
	{.when = "reap reaper",
	 .text = N_(
		 "[adopter?{arrow} adopted by {adopter}; ][ages?{ages} each, ]{exit}, reaped by {reaper}")},
	{.when = "reap after",
	 .text = N_("[ages?{ages} each, ]{exit}, reaped after [bound=at_most?at most ]"
		    "[bound=at_least?at least ]{after}")},
	{.when = "reap", .text = N_("[ages?{ages} each, ]{exit}, reaped")},
	{.text = N_("[adopter?{arrow} adopted by {adopter}; ][ages?{ages} each, ]{exit}")},
	{0},
};

/* The values for the gaps. */
struct ending_values {
	struct pw_text adopter, ages, exit, reaper, after;
	const char *reap, *cause, *bound;
};

static void write_ending(const struct pw_plot *p, struct pw_text *t, struct ending_values *e)
{
	const struct pw_gap gaps[] = {
		{"adopter", pw_text_get(&e->adopter)},
		{"arrow", p->signs.adopted},
		{"ages", pw_text_get(&e->ages)},
		{"exit", pw_text_get(&e->exit)},
		{"reap", e->reap},
		{"cause", e->cause},
		{"reaper", pw_text_get(&e->reaper)},
		{"after", pw_text_get(&e->after)},
		{"bound", e->bound},
		{0},
	};

	pw_plot_sentence(p->language, t, endings, gaps);
	t->failed |= e->adopter.failed || e->ages.failed || e->exit.failed || e->reaper.failed ||
		     e->after.failed;
	pw_text_free(&e->adopter);
	pw_text_free(&e->ages);
	pw_text_free(&e->exit);
	pw_text_free(&e->reaper);
	pw_text_free(&e->after);
}

static void add_killed(const struct pw_plot *p, struct pw_text *t, int status, bool brief)
{
	const char *name = pw_signal_name(WTERMSIG(status));
	struct pw_text signal = {0};

	if (name)
		pw_text_add(&signal, name);
	else
		pw_text_format(&signal, tr(p->language, "signal %d"), WTERMSIG(status));
	if (brief && WCOREDUMP(status))
		pw_text_format(t, tr(p->language, "%s, core"), pw_text_get(&signal));
	else if (brief)
		pw_text_add(t, pw_text_get(&signal));
	else if (WCOREDUMP(status))
		pw_text_format(t, tr(p->language, "killed by %s, core dumped"), pw_text_get(&signal));
	else
		pw_text_format(t, tr(p->language, "killed by %s"), pw_text_get(&signal));
	t->failed |= signal.failed;
	pw_text_free(&signal);
}

void pw_exit_words(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process, bool brief)
{
	const int status = (int)process->wait_status;

	if (!process->exited && pw_stopped_at_end(process))
		pw_text_add(t, brief ? tr(p->language, "stopped") : tr(p->language, "still stopped"));
	else if (!process->exited)
		pw_text_add(t, brief ? tr(p->language, "alive") : tr(p->language, "still alive"));
	else if (!process->status_known)
		pw_text_add(t, brief ? tr(p->language, "unobserved") : tr(p->language, "exit unobserved"));
	else if (WIFEXITED(status))
		pw_text_format(t, tr(p->language, "exit %d"), WEXITSTATUS(status));
	else
		add_killed(p, t, status, brief);
}

void pw_reaper_name(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process)
{
	pw_text_format(t, "%u", process->reaper_pid);
	if (pw_model_find(p->report->model, process->reaper_pid, process->reap_at) ||
	    !process->reaper_comm[0])
		return;
	pw_text_add(t, " ");
	pw_plot_name(p, t, process->reaper_comm);
}

/*
 * The kernel releases a process without a wait in two cases: its parent ignores SIGCHLD or has set
 * SA_NOCLDWAIT, and then the process counts as its own reaper; or it is already a zombie when its
 * parent exits, and the adopter ignores SIGCHLD.
 */
static void set_automatic_reap(struct ending_values *e, const struct pw_process *process, bool full)
{
	if (process->reaper_pid != process->pid) {
		e->reap = "adopter";
		e->cause = full ? "SIGCHLD" : NULL;
		return;
	}
	e->reap = "auto";
	if (full)
		e->cause = process->notified_at ? "SA_NOCLDWAIT" : "SIGCHLD";
}

static void set_reap(const struct pw_plot *p, struct ending_values *e, const struct pw_process *process,
		     enum pw_ending_length length)
{
	const bool full = length == PW_ENDING_FULL;

	if (process->reaped == PW_REAPED_NOT) {
		e->reap = "none";
		return;
	}
	if (length >= PW_ENDING_EXIT)
		return;
	if (process->reaped == PW_REAPED_AUTO) {
		set_automatic_reap(e, process, full);
		return;
	}
	e->reap = full && process->reaped == PW_REAPED_UNOBSERVED ? "unobserved" : "wait";
	if (full && process->reaped == PW_REAPED_WAIT)
		pw_reaper_name(p, &e->reaper, process);
	if (!process->zombie_from)
		return;
	pw_plot_duration(p, &e->after, pw_zombie_ns(process, p->end));
	if (process->reap_bounded)
		e->bound = "at_most";
	else if (pw_process_found_dead(process))
		e->bound = "at_least";
}

static bool same_exits(const struct pw_process *a, const struct pw_process *b)
{
	return a->exited == b->exited && a->status_known == b->status_known &&
	       a->wait_status == b->wait_status;
}

static void summarise_reap(const struct pw_plot *p, struct pw_summary *s, const struct pw_process *process)
{
	const uint64_t after = pw_zombie_ns(process, p->end);

	if (pw_unreaped(process)) {
		s->unreaped++;
		if (after > s->most_unreaped)
			s->most_unreaped = after;
	} else if (process->zombie_from) {
		if (s->after == 0 || after < s->least_after)
			s->least_after = after;
		if (after > s->most_after)
			s->most_after = after;
		s->after++;
	}
}

void pw_summarise(const struct pw_plot *p, struct pw_summary *s, const struct pw_row *row)
{
	const struct pw_tree *tree = &p->tree;

	*s = (struct pw_summary){.same_name = true, .same_exit = true, .same_reaper = true};
	for (size_t n = pw_row_next(tree, row, PW_NO_NODE); n != PW_NO_NODE; n = pw_row_next(tree, row, n)) {
		const struct pw_process *process = pw_model_process(tree->model, n);
		const uint64_t end = pw_process_end(process);
		const uint64_t age = end > process->start ? end - process->start : 0;

		s->processes++;
		if (row->roots > 0 && !row->rest && tree->nodes[n].group != row->node)
			continue; /* a descendant of a root: counted, not compared */
		s->roots++;
		if (s->roots == 1 || age < s->shortest)
			s->shortest = age;
		if (age > s->longest)
			s->longest = age;
		s->same_name &= strcmp(process->comm, row->process->comm) == 0;
		s->same_exit &= same_exits(process, row->process);
		s->same_reaper &= process->reaped == row->process->reaped &&
				  process->reaper_pid == row->process->reaper_pid;
		summarise_reap(p, s, process);
	}
}

static void add_summary(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row,
			enum pw_ending_length length)
{
	struct ending_values e = {0};
	struct pw_summary s;

	pw_summarise(p, &s, row);
	if (length < PW_ENDING_EXIT)
		pw_plot_range(p, &e.ages, s.shortest, s.longest);
	if (s.same_exit)
		pw_exit_words(p, &e.exit, row->process, length == PW_ENDING_BRIEF);
	else
		pw_text_add(&e.exit, tr(p->language, "different exits"));
	if (s.unreaped > 0) {
		e.reap = s.unreaped == s.roots ? "none" : "some";
	} else if (length < PW_ENDING_EXIT && s.after > 0) {
		e.reap = "wait";
		if (length == PW_ENDING_FULL && s.same_reaper && row->process->reaped == PW_REAPED_WAIT)
			pw_reaper_name(p, &e.reaper, row->process);
		pw_plot_range(p, &e.after, s.least_after, s.most_after);
	}
	write_ending(p, t, &e);
}

static void add_thread(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row)
{
	if (row->threads > 1)
		return;
	pw_text_add(t, row->thread->exit ? tr(p->language, "thread exited") : tr(p->language, "thread"));
}

static void add_process(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process,
			enum pw_ending_length length, bool adopter)
{
	const struct pw_parent *parent = pw_last_adoption(process);
	struct ending_values e = {0};

	if (adopter && length == PW_ENDING_FULL && parent) {
		pw_text_format(&e.adopter, "%u ", parent->pid);
		pw_plot_name(p, &e.adopter, parent->comm);
	}
	pw_exit_words(p, &e.exit, process, length == PW_ENDING_BRIEF);
	if (process->exited)
		set_reap(p, &e, process, length);
	write_ending(p, t, &e);
}

void pw_ending(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row,
	       enum pw_ending_length length, bool adopter)
{
	if (row->threads)
		add_thread(p, t, row);
	else if (pw_row_is_summary(row))
		add_summary(p, t, row, length);
	else if (length == PW_ENDING_BRIEF && pw_unreaped(row->process))
		pw_text_add(t, tr(p->language, "zombie"));
	else
		add_process(p, t, row->process, length, adopter);
}
