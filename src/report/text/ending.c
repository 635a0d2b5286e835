// SPDX-License-Identifier: GPL-2.0-only
#include "report/text/ending.h"

#include <string.h>
#include <sys/wait.h>

#include "report/text/facts.h"
#include "util/signals.h"

static void add_signal(struct pw_text *t, int sig)
{
	const char *name = pw_signal_name(sig);

	if (name)
		pw_text_add(t, name);
	else
		pw_text_format(t, "signal %d", sig);
}

void tv_verdict(const struct tv *v, struct pw_text *t, const struct pw_life *life, enum wording words)
{
	const int status = (int)life->wait_status;

	(void)v;
	if (!life->exited) {
		const char *what = tv_stopped_at_end(life) ? "stopped" : "alive";

		pw_text_format(t, words == WORDS_LEAST ? "%s" : "still %s", what);
	} else if (!life->status_known) {
		pw_text_add(t, words == WORDS_LEAST ? "unseen" : "end not seen");
	} else if (WIFSIGNALED(status)) {
		if (words != WORDS_LEAST)
			pw_text_add(t, "killed by ");
		add_signal(t, WTERMSIG(status));
		if (WCOREDUMP(status))
			pw_text_add(t, words == WORDS_LEAST ? ", core" : ", core dumped");
	} else {
		pw_text_format(t, "exit %d", WEXITSTATUS(status));
	}
}

void tv_reaper(const struct tv *v, struct pw_text *t, const struct pw_life *life)
{
	pw_text_format(t, "%u", life->reaper_pid);
	if (pw_model_find(v->report->model, life->reaper_pid, life->reap_at) || !life->reaper_comm[0])
		return;
	pw_text_add(t, " ");
	tv_name(v, t, life->reaper_comm);
}

static void add_after(const struct tv *v, struct pw_text *t, const struct pw_life *life)
{
	if (!life->zombie_from)
		return;
	pw_text_add(t, life->reap_bounded	  ? " after at most "
		       : pw_life_found_dead(life) ? " after at least "
						  : " after ");
	tv_duration(v, t, tv_zombie_ns(life, v->end));
	if (life->reap_bounded || pw_life_found_dead(life))
		pw_text_add(t, " (bounded)");
}

static void add_reap(const struct tv *v, struct pw_text *t, const struct pw_life *life, enum wording words)
{
	const bool full = words == WORDS_FULL;

	switch (life->reaped) {
	case PW_REAPED_NOT:
		pw_text_add(t, ", not reaped");
		break;
	case PW_REAPED_WAIT:
		if (words >= WORDS_VERDICT)
			break;
		pw_text_add(t, ", reaped");
		if (full) {
			pw_text_add(t, " by ");
			tv_reaper(v, t, life);
		}
		add_after(v, t, life);
		break;
	case PW_REAPED_AUTO:
		if (words >= WORDS_VERDICT)
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
		if (words >= WORDS_VERDICT)
			break;
		pw_text_add(t, full ? ", reaped by an unseen reaper" : ", reaped");
		add_after(v, t, life);
		break;
	}
}

static void add_adopter(const struct tv *v, struct pw_text *t, const struct pw_life *life)
{
	const struct pw_parent *p = tv_adoption(life);

	if (!p)
		return;
	pw_text_format(t, "%s adopted by %u ", v->style->glyph[GLYPH_ADOPTED], p->pid);
	tv_name(v, t, p->comm);
	pw_text_add(t, "; ");
}

static bool same_ends(const struct pw_life *a, const struct pw_life *b)
{
	return a->exited == b->exited && a->status_known == b->status_known &&
	       a->wait_status == b->wait_status;
}

static void summarise_end(const struct tv *v, struct summary *s, const struct pw_life *life)
{
	const uint64_t after = tv_zombie_ns(life, v->end);

	if (tv_unreaped(life)) {
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

void tv_summarise(const struct tv *v, struct summary *s, const struct tv_row *row)
{
	const struct tv_tree *tree = v->tree;

	*s = (struct summary){.same_name = true, .same_verdict = true, .same_reaper = true};
	for (size_t n = tv_row_next(tree, row, TV_NONE); n != TV_NONE; n = tv_row_next(tree, row, n)) {
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
		summarise_end(v, s, life);
	}
}

static void add_summary(const struct tv *v, struct pw_text *t, const struct tv_row *row, enum wording words)
{
	struct summary s;

	tv_summarise(v, &s, row);
	if (words < WORDS_VERDICT) {
		tv_range(v, t, s.shortest, s.longest);
		pw_text_add(t, " each, ");
	}
	if (s.same_verdict)
		tv_verdict(v, t, row->life, words);
	else
		pw_text_add(t, "several ends");
	if (s.unreaped > 0) {
		pw_text_add(t, s.unreaped == s.roots ? ", not reaped" : ", some not reaped");
	} else if (words == WORDS_FULL && s.same_reaper && row->life->reaped == PW_REAPED_WAIT) {
		pw_text_add(t, ", reaped by ");
		tv_reaper(v, t, row->life);
		pw_text_add(t, " after ");
		tv_range(v, t, s.least_after, s.most_after);
	} else if (words < WORDS_VERDICT && s.after > 0) {
		pw_text_add(t, ", reaped after ");
		tv_range(v, t, s.least_after, s.most_after);
	}
}

void tv_ending(const struct tv *v, struct pw_text *t, const struct tv_row *row, enum wording words,
	       bool adopter)
{
	if (row->roots > 0 || row->rest) {
		add_summary(v, t, row, words);
		return;
	}
	if (words == WORDS_LEAST && tv_unreaped(row->life)) {
		pw_text_add(t, "zombie");
		return;
	}
	if (adopter && words == WORDS_FULL)
		add_adopter(v, t, row->life);
	tv_verdict(v, t, row->life, words);
	if (row->life->exited)
		add_reap(v, t, row->life, words);
}
