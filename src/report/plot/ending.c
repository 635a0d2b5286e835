// SPDX-License-Identifier: GPL-2.0-only
#include "report/plot/ending.h"

#include <string.h>
#include <sys/wait.h>

#include "report/plot/facts.h"
#include "util/signals.h"

static void add_signal(struct pw_text *t, int sig)
{
	const char *name = pw_signal_name(sig);

	if (name)
		pw_text_add(t, name);
	else
		pw_text_format(t, "signal %d", sig);
}

void pw_verdict(const struct pw_plot *p, struct pw_text *t, const struct pw_life *life, enum pw_wording words)
{
	const int status = (int)life->wait_status;

	(void)p;
	if (!life->exited) {
		const char *what = pw_stopped_at_end(life) ? "stopped" : "alive";

		pw_text_format(t, words == PW_WORDS_LEAST ? "%s" : "still %s", what);
	} else if (!life->status_known) {
		pw_text_add(t, words == PW_WORDS_LEAST ? "unseen" : "end not seen");
	} else if (WIFSIGNALED(status)) {
		if (words != PW_WORDS_LEAST)
			pw_text_add(t, "killed by ");
		add_signal(t, WTERMSIG(status));
		if (WCOREDUMP(status))
			pw_text_add(t, words == PW_WORDS_LEAST ? ", core" : ", core dumped");
	} else {
		pw_text_format(t, "exit %d", WEXITSTATUS(status));
	}
}

void pw_reaper(const struct pw_plot *p, struct pw_text *t, const struct pw_life *life)
{
	pw_text_format(t, "%u", life->reaper_pid);
	if (pw_model_find(p->report->model, life->reaper_pid, life->reap_at) || !life->reaper_comm[0])
		return;
	pw_text_add(t, " ");
	pw_plot_name(p, t, life->reaper_comm);
}

static void add_after(const struct pw_plot *p, struct pw_text *t, const struct pw_life *life)
{
	if (!life->zombie_from)
		return;
	pw_text_add(t, life->reap_bounded	  ? " after at most "
		       : pw_life_found_dead(life) ? " after at least "
						  : " after ");
	pw_plot_duration(p, t, pw_zombie_ns(life, p->end));
	if (life->reap_bounded || pw_life_found_dead(life))
		pw_text_add(t, " (bounded)");
}

static void add_reap(const struct pw_plot *p, struct pw_text *t, const struct pw_life *life,
		     enum pw_wording words)
{
	const bool full = words == PW_WORDS_FULL;

	switch (life->reaped) {
	case PW_REAPED_NOT:
		pw_text_add(t, ", not reaped");
		break;
	case PW_REAPED_WAIT:
		if (words >= PW_WORDS_VERDICT)
			break;
		pw_text_add(t, ", reaped");
		if (full) {
			pw_text_add(t, " by ");
			pw_reaper(p, t, life);
		}
		add_after(p, t, life);
		break;
	case PW_REAPED_AUTO:
		if (words >= PW_WORDS_VERDICT)
			break;
		if (life->reaper_pid !=
		    life->pid) { /* a zombie whose parent's end left it to one that wants none */
			pw_text_add(t, ", released at its parent's end");
			break;
		}
		pw_text_add(t, ", reaped by itself");
		if (full)
			pw_text_add(t, life->notified_at ? " (SA_NOCLDWAIT)" : " (SIGCHLD ignored)");
		break;
	case PW_REAPED_UNOBSERVED:
		if (words >= PW_WORDS_VERDICT)
			break;
		pw_text_add(t, full ? ", reaped by an unseen reaper" : ", reaped");
		add_after(p, t, life);
		break;
	}
}

static void add_adopter(const struct pw_plot *p, struct pw_text *t, const struct pw_life *life)
{
	const struct pw_parent *parent = pw_last_adoption(life);

	if (!parent)
		return;
	pw_text_format(t, "%s adopted by %u ", p->signs.adopted, parent->pid);
	pw_plot_name(p, t, parent->comm);
	pw_text_add(t, "; ");
}

static bool same_ends(const struct pw_life *a, const struct pw_life *b)
{
	return a->exited == b->exited && a->status_known == b->status_known &&
	       a->wait_status == b->wait_status;
}

static void summarise_end(const struct pw_plot *p, struct pw_summary *s, const struct pw_life *life)
{
	const uint64_t after = pw_zombie_ns(life, p->end);

	if (pw_unreaped(life)) {
		s->unreaped++;
		if (after > s->most_unreaped)
			s->most_unreaped = after;
	} else if (life->zombie_from) {
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
		const struct pw_life *life = pw_model_life(tree->model, n);
		const uint64_t end = pw_life_end(life);
		const uint64_t age = end > life->start ? end - life->start : 0;

		s->lives++;
		if (row->roots > 0 && !row->rest && tree->nodes[n].group != row->node)
			continue; /* counted, but not one of the brothers */
		s->roots++;
		if (s->roots == 1 || age < s->shortest)
			s->shortest = age;
		if (age > s->longest)
			s->longest = age;
		s->same_name &= strcmp(life->comm, row->life->comm) == 0;
		s->same_verdict &= same_ends(life, row->life);
		s->same_reaper &= life->reaped == row->life->reaped &&
				  life->reaper_pid == row->life->reaper_pid;
		summarise_end(p, s, life);
	}
}

static void add_summary(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row,
			enum pw_wording words)
{
	struct pw_summary s;

	pw_summarise(p, &s, row);
	if (words < PW_WORDS_VERDICT) {
		pw_plot_range(p, t, s.shortest, s.longest);
		pw_text_add(t, " each, ");
	}
	if (s.same_verdict)
		pw_verdict(p, t, row->life, words);
	else
		pw_text_add(t, "several ends");
	if (s.unreaped > 0) {
		pw_text_add(t, s.unreaped == s.roots ? ", not reaped" : ", some not reaped");
	} else if (words == PW_WORDS_FULL && s.same_reaper && row->life->reaped == PW_REAPED_WAIT) {
		pw_text_add(t, ", reaped by ");
		pw_reaper(p, t, row->life);
		pw_text_add(t, " after ");
		pw_plot_range(p, t, s.least_after, s.most_after);
	} else if (words < PW_WORDS_VERDICT && s.after > 0) {
		pw_text_add(t, ", reaped after ");
		pw_plot_range(p, t, s.least_after, s.most_after);
	}
}

void pw_ending(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row, enum pw_wording words,
	       bool adopter)
{
	if (row->threads) {
		pw_text_add(t, row->threads > 1 ? "" : row->thread->exit ? "thread, ended" : "thread");
		return;
	}
	if (pw_row_is_summary(row)) {
		add_summary(p, t, row, words);
		return;
	}
	if (words == PW_WORDS_LEAST && pw_unreaped(row->life)) {
		pw_text_add(t, "zombie");
		return;
	}
	if (adopter && words == PW_WORDS_FULL)
		add_adopter(p, t, row->life);
	pw_verdict(p, t, row->life, words);
	if (row->life->exited)
		add_reap(p, t, row->life, words);
}
