// SPDX-License-Identifier: GPL-2.0-only
/*
 * Orphans: who lost which parent when, and who took them over.
 */
#include "findings/finder.h"

static const char *adopter_kind(const struct pw_parent *adopter)
{
	switch (adopter->adopter) {
	case PW_ADOPTER_INIT:
		return adopter->pid == 1 ? " (init)" : " (init of its PID namespace)";
	case PW_ADOPTER_SUBREAPER:
		return " (a subreaper)";
	default:
		return "";
	}
}

static void say_adopter(struct pw_text *t, const struct pw_parent *p)
{
	say_process(t, p->pid, p->comm);
	pw_text_add(t, adopter_kind(p));
}

static void say_reap(struct pw_text *t, const struct pw_life *life, const struct pw_parent *adopter)
{
	const uint64_t from = adopter->from > life->zombie_from ? adopter->from : life->zombie_from;
	const uint64_t after = life->zombie_from && life->zombie_to > from ? life->zombie_to - from : 0;

	switch (life->reaped) {
	case PW_REAPED_NOT:
		pw_text_add(t, life->exited ? ", which has not reaped it" : "");
		return;
	case PW_REAPED_AUTO:
		pw_text_add(t, ", which ignores SIGCHLD: nobody had to reap it");
		return;
	case PW_REAPED_UNOBSERVED:
		return; /* that is a finding of its own */
	case PW_REAPED_WAIT:
		if (life->reaper_pid == adopter->pid) {
			pw_text_add(t, ", which reaped it ");
		} else {
			pw_text_add(t, ", and was reaped by ");
			say_process(t, life->reaper_pid, life->reaper_comm);
			pw_text_add(t, " ");
		}
		pw_text_add(t, life->reap_bounded ? "at most " : "");
		break;
	}
	say_duration(t, after);
	pw_text_add(t, from > life->zombie_from ? " later" : " after its end");
}

static void say_orphan(struct finder *f, const struct candidate *c)
{
	const struct pw_life *life = c->life;
	const struct pw_parent *old = c->parent, *adopter = old + 1;
	const bool zombie = life->zombie_from && life->zombie_from < adopter->from;
	struct pw_text t = {0};

	say_process(&t, life->pid, pw_life_comm_at(life, adopter->from));
	pw_text_add(&t, zombie ? ", a zombie already, lost its parent " : " lost its parent ");
	say_process(&t, old->pid, old->comm);
	pw_text_add(&t, adopter->bounded ? " at most " : " ");
	say_duration(&t, c->ns);
	pw_text_add(&t, " after its birth and was adopted by ");
	say_adopter(&t, adopter);
	say_reap(&t, life, adopter);
	pw_text_add(&t, ".");
	finder_add(f, "orphan", PW_NOTE, life, &t);
}

static void say_orphans(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	const struct pw_parent *adopter = c->parent + 1;
	struct pw_text t = {0};
	size_t unreaped = 0;

	say_number(&t, count);
	pw_text_add(&t, " processes lost their parent");
	if (same_key) {
		pw_text_add(&t, " ");
		say_process(&t, c->parent->pid, c->parent->comm);
		pw_text_add(&t, " and were adopted by ");
		say_adopter(&t, adopter);
	} else {
		pw_text_add(&t, "s and were adopted");
	}
	for (size_t i = 0; i < count; i++)
		unreaped += c[i].life->exited && c[i].life->reaped == PW_REAPED_NOT;
	if (unreaped > 0) {
		pw_text_add(&t, "; ");
		say_number(&t, unreaped);
		pw_text_add(&t, " of them ended and were not reaped");
	}
	pw_text_add(&t, ".");
	finder_add(f, "orphan", PW_NOTE,
		   same_key ? pw_model_find(f->model, c->parent->pid, c->life->start) : NULL, &t);
}

void find_orphans(struct finder *f)
{
	struct candidates list = {0};

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_life *life = pw_model_life(f->model, i);

		for (size_t k = 1; k < life->n_parents; k++) {
			const struct pw_parent *p = &life->parents[k];
			const struct candidate c = {
				.life = life,
				.parent = p - 1, /* the lost one; the adopter follows it */
				.key = p[-1].pid,
				.at = p->from,
				.ns = p->from > life->start ? p->from - life->start : 0,
			};

			if (p->why == PW_BY_REPARENT && p->adopter != PW_ADOPTER_THREAD)
				finder_collect(f, &list, &c);
		}
	}
	finder_say(f, &list, say_orphan, say_orphans);
}
