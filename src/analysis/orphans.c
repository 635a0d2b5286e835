// SPDX-License-Identifier: GPL-2.0-only
/*
 * Orphans: who lost which parent when, and who took them over.
 */
#include <stdio.h>

#include "analysis/finder.h"

static void say_adopter(struct pw_text *t, const struct pw_parent *p)
{
	pw_text_add(t, who(p->pid, p->comm).s);
	if (p->adopter == PW_ADOPTER_INIT)
		pw_text_add(t, p->pid == 1 ? _(" (init)") : _(" (init of its PID namespace)"));
	else if (p->adopter == PW_ADOPTER_SUBREAPER)
		pw_text_add(t, _(" (a subreaper)"));
}

static void say_wait(struct pw_text *t, const struct pw_process *process, const struct pw_parent *adopter)
{
	const uint64_t from = adopter->from > process->zombie_from ? adopter->from : process->zombie_from;
	const uint64_t after = process->zombie_from && process->zombie_to > from ? process->zombie_to - from
										 : 0;
	const bool later = from > process->zombie_from;
	char length[96];

	snprintf(length, sizeof(length), process->reap_bounded ? _("at most %s") : "%s", lasting(after).s);
	if (process->reaper_pid == adopter->pid)
		pw_text_format(
			t, later ? _(", which reaped it %s later") : _(", which reaped it %s after its end"),
			length);
	else
		pw_text_format(t,
			       later ? _(", and was reaped by %s %s later")
				     : _(", and was reaped by %s %s after its end"),
			       who(process->reaper_pid, process->reaper_comm).s, length);
}

static void say_reap(struct pw_text *t, const struct pw_process *process, const struct pw_parent *adopter)
{
	switch (process->reaped) {
	case PW_REAPED_NOT:
		pw_text_add(t, process->exited ? _(", which has not reaped it") : "");
		return;
	case PW_REAPED_AUTO:
		pw_text_add(t, _(", which ignores SIGCHLD: nobody had to reap it"));
		return;
	case PW_REAPED_UNOBSERVED:
		return; /* that is a finding of its own */
	case PW_REAPED_WAIT:
		say_wait(t, process, adopter);
		return;
	}
}

static void say_orphan(struct finder *f, const struct candidate *c)
{
	const struct pw_process *process = c->process;
	const struct pw_parent *old = c->parent, *adopter = old + 1;
	const bool zombie = process->zombie_from && process->zombie_from < adopter->from;
	struct pw_text t = {0};
	char age[96];

	snprintf(age, sizeof(age), adopter->bounded ? _("at most %s") : "%s", lasting(c->ns).s);
	pw_text_format(
		&t,
		zombie ? _("%s, a zombie already, lost its parent %s %s after its birth and was adopted by ")
		       : _("%s lost its parent %s %s after its birth and was adopted by "),
		who(process->pid, pw_process_comm_at(process, adopter->from)).s, who(old->pid, old->comm).s,
		age);
	say_adopter(&t, adopter);
	say_reap(&t, process, adopter);
	pw_text_add(&t, _("."));
	finder_add(f, "orphan", PW_NOTE, process, &t);
}

static void say_orphans(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	struct pw_text t = {0};
	size_t unreaped = 0;

	if (same_key) {
		pw_text_format(&t, _("%s processes lost their parent %s and were adopted by "),
			       number(count).s, who(c->parent->pid, c->parent->comm).s);
		say_adopter(&t, c->parent + 1);
	} else {
		pw_text_format(&t, _("%s processes lost their parents and were adopted"), number(count).s);
	}
	for (size_t i = 0; i < count; i++)
		unreaped += c[i].process->exited && c[i].process->reaped == PW_REAPED_NOT;
	if (unreaped > 0)
		pw_text_format(&t, _("; %s of them ended and were not reaped"), number(unreaped).s);
	pw_text_add(&t, _("."));
	finder_add(f, "orphan", PW_NOTE,
		   same_key ? pw_model_find(f->model, c->parent->pid, c->process->start) : NULL, &t);
}

void find_orphans(struct finder *f)
{
	struct candidates list = {0};

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_process *process = pw_model_process(f->model, i);

		for (size_t k = 1; k < process->n_parents; k++) {
			const struct pw_parent *p = &process->parents[k];
			const struct candidate c = {
				.process = process,
				.parent = p - 1, /* the lost one; the adopter follows it */
				.key = p[-1].pid,
				.at = p->from,
				.ns = p->from > process->start ? p->from - process->start : 0,
			};

			if (p->why == PW_BY_REPARENT && p->adopter != PW_ADOPTER_THREAD)
				finder_collect(f, &list, &c);
		}
	}
	finder_say(f, &list, say_orphan, say_orphans);
}
