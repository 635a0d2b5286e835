// SPDX-License-Identifier: GPL-2.0-only
#include "report/plot/ending.h"

#include <string.h>
#include <sys/wait.h>

#include "model/questions.h"
#include "util/signals.h"

static void add_signal(const struct pw_plot *p, struct pw_text *t, int sig)
{
	const char *name = pw_signal_name(sig);

	if (name)
		pw_text_add(t, name);
	else
		pw_text_format(t, tr(p->language, "signal %d"), sig);
}

static void add_killed(const struct pw_plot *p, struct pw_text *t, int status, bool least)
{
	struct pw_text name = {0};

	add_signal(p, &name, WTERMSIG(status));
	pw_text_format(t, least ? "%s" : tr(p->language, "killed by %s"), pw_text_get(&name));
	if (WCOREDUMP(status))
		pw_text_add(t, least ? tr(p->language, ", core") : tr(p->language, ", core dumped"));
	t->failed |= name.failed;
	pw_text_free(&name);
}

void pw_verdict(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process,
		enum pw_wording words)
{
	const bool least = words == PW_WORDS_LEAST;
	const int status = (int)process->wait_status;

	if (!process->exited && pw_stopped_at_end(process))
		pw_text_add(t, least ? tr(p->language, "stopped") : tr(p->language, "still stopped"));
	else if (!process->exited)
		pw_text_add(t, least ? tr(p->language, "alive") : tr(p->language, "still alive"));
	else if (!process->status_known)
		pw_text_add(t, least ? tr(p->language, "unseen") : tr(p->language, "end not seen"));
	else if (WIFSIGNALED(status))
		add_killed(p, t, status, least);
	else
		pw_text_format(t, tr(p->language, "exit %d"), WEXITSTATUS(status));
}

void pw_reaper(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process)
{
	pw_text_format(t, "%u", process->reaper_pid);
	if (pw_model_find(p->report->model, process->reaper_pid, process->reap_at) ||
	    !process->reaper_comm[0])
		return;
	pw_text_add(t, " ");
	pw_plot_name(p, t, process->reaper_comm);
}

/* ", reaped by 4711 after 500 ms"; either may be empty, and is then left out. */
static void add_reaped(const struct pw_plot *p, struct pw_text *t, struct pw_text *by, struct pw_text *after)
{
	if (by->length && after->length)
		pw_text_format(t, tr(p->language, ", reaped by %s after %s"), by->at, after->at);
	else if (by->length)
		pw_text_format(t, tr(p->language, ", reaped by %s"), by->at);
	else if (after->length)
		pw_text_format(t, tr(p->language, ", reaped after %s"), after->at);
	else
		pw_text_add(t, tr(p->language, ", reaped"));
	t->failed |= by->failed || after->failed;
	pw_text_free(by);
	pw_text_free(after);
}

static void add_after(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process)
{
	struct pw_text ns = {0};

	if (!process->zombie_from)
		return;
	pw_plot_duration(p, &ns, pw_zombie_ns(process, p->end));
	pw_text_format(t,
		       process->reap_bounded		? tr(p->language, "at most %s (bounded)")
		       : pw_process_found_dead(process) ? tr(p->language, "at least %s (bounded)")
							: "%s",
		       pw_text_get(&ns));
	t->failed |= ns.failed;
	pw_text_free(&ns);
}

static void add_reap(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process,
		     enum pw_wording words)
{
	const bool full = words == PW_WORDS_FULL;
	struct pw_text by = {0}, after = {0};

	if (process->reaped == PW_REAPED_NOT) {
		pw_text_add(t, tr(p->language, ", not reaped"));
		return;
	}
	if (words >= PW_WORDS_VERDICT)
		return;
	if (process->reaped == PW_REAPED_AUTO) {
		/* A zombie whose parent's end left it to one that wants none was not reaped by itself. */
		if (process->reaper_pid != process->pid)
			pw_text_add(t, tr(p->language, ", released at its parent's end"));
		else
			pw_text_add(t, tr(p->language, ", reaped by itself"));
		if (full && process->reaper_pid == process->pid)
			pw_text_add(t, process->notified_at ? tr(p->language, " (SA_NOCLDWAIT)")
							    : tr(p->language, " (SIGCHLD ignored)"));
		return;
	}
	if (full && process->reaped == PW_REAPED_UNOBSERVED)
		pw_text_add(&by, tr(p->language, "an unseen reaper"));
	else if (full)
		pw_reaper(p, &by, process);
	add_after(p, &after, process);
	add_reaped(p, t, &by, &after);
}

static void add_adopter(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process)
{
	const struct pw_parent *parent = pw_last_adoption(process);
	struct pw_text name = {0};

	if (!parent)
		return;
	pw_plot_name(p, &name, parent->comm);
	pw_text_format(t, tr(p->language, "%s adopted by %u %s; "), p->signs.adopted, parent->pid,
		       pw_text_get(&name));
	t->failed |= name.failed;
	pw_text_free(&name);
}

static bool same_ends(const struct pw_process *a, const struct pw_process *b)
{
	return a->exited == b->exited && a->status_known == b->status_known &&
	       a->wait_status == b->wait_status;
}

static void summarise_end(const struct pw_plot *p, struct pw_summary *s, const struct pw_process *process)
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

	*s = (struct pw_summary){.same_name = true, .same_verdict = true, .same_reaper = true};
	for (size_t n = pw_row_next(tree, row, PW_NO_NODE); n != PW_NO_NODE; n = pw_row_next(tree, row, n)) {
		const struct pw_process *process = pw_model_process(tree->model, n);
		const uint64_t end = pw_process_end(process);
		const uint64_t age = end > process->start ? end - process->start : 0;

		s->processes++;
		if (row->roots > 0 && !row->rest && tree->nodes[n].group != row->node)
			continue; /* counted, but not one of the brothers */
		s->roots++;
		if (s->roots == 1 || age < s->shortest)
			s->shortest = age;
		if (age > s->longest)
			s->longest = age;
		s->same_name &= strcmp(process->comm, row->process->comm) == 0;
		s->same_verdict &= same_ends(process, row->process);
		s->same_reaper &= process->reaped == row->process->reaped &&
				  process->reaper_pid == row->process->reaper_pid;
		summarise_end(p, s, process);
	}
}

static void add_summary(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row,
			enum pw_wording words)
{
	struct pw_text ages = {0}, by = {0}, after = {0};
	struct pw_summary s;

	pw_summarise(p, &s, row);
	if (words < PW_WORDS_VERDICT) {
		pw_plot_range(p, &ages, s.shortest, s.longest);
		pw_text_format(t, tr(p->language, "%s each, "), pw_text_get(&ages));
	}
	if (s.same_verdict)
		pw_verdict(p, t, row->process, words);
	else
		pw_text_add(t, tr(p->language, "several ends"));
	if (s.unreaped > 0) {
		pw_text_add(t, s.unreaped == s.roots ? tr(p->language, ", not reaped")
						     : tr(p->language, ", some not reaped"));
	} else if (words < PW_WORDS_VERDICT && s.after > 0) {
		if (words == PW_WORDS_FULL && s.same_reaper && row->process->reaped == PW_REAPED_WAIT)
			pw_reaper(p, &by, row->process);
		pw_plot_range(p, &after, s.least_after, s.most_after);
		add_reaped(p, t, &by, &after);
	}
	t->failed |= ages.failed;
	pw_text_free(&ages);
}

void pw_ending(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row, enum pw_wording words,
	       bool adopter)
{
	if (row->threads) {
		pw_text_add(t, row->threads > 1	   ? ""
			       : row->thread->exit ? tr(p->language, "thread, ended")
						   : tr(p->language, "thread"));
		return;
	}
	if (pw_row_is_summary(row)) {
		add_summary(p, t, row, words);
		return;
	}
	if (words == PW_WORDS_LEAST && pw_unreaped(row->process)) {
		pw_text_add(t, tr(p->language, "zombie"));
		return;
	}
	if (adopter && words == PW_WORDS_FULL)
		add_adopter(p, t, row->process);
	pw_verdict(p, t, row->process, words);
	if (row->process->exited)
		add_reap(p, t, row->process, words);
}
