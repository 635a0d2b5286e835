// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exec and names. When a thread other than the leader calls exec, it waits for
 * all others to end and then takes over the leader's tid and start time
 * (de_thread, fs/exec.c); the old leader gets the thread's tid and is released.
 * From then on the thread's events bear the leader's identity, some before the
 * EXEC record itself, and the old leader's last switch-out may bear the thread's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static void put_first(struct process *p, struct thread *t)
{
	struct pw_thread **at = &p->pub.threads;

	while (*at != &t->pub)
		at = &(*at)->next;
	*at = t->pub.next;
	t->pub.next = p->pub.threads;
	p->pub.threads = &t->pub;
	p->last_thread = t;
	while (p->last_thread->pub.next)
		p->last_thread = (struct thread *)p->last_thread->pub.next;
}

/* heir becomes its process's leader. */
static int hand_over(struct process *p, struct thread *heir, uint64_t ts)
{
	struct thread *old = pw_process_leader(p);
	struct index *ix = &p->model->index;
	uint32_t tid = heir->pub.tid;
	uint64_t start = p->pub.start; /* the first leader's, whoever is it by now */
	struct owner *o = pw_index_find(ix, tid, heir->pub.start);
	int r;

	if (o)
		o->to = ts;
	if (old) {
		if (old->dead && !old->closed) { /* it was not waiting for its threads after all */
			pw_tape_close(old, pw_tape_tail(old)->from);
			old->pub.exit = old->pub.end;
		}
		r = pw_index_add(ix, tid, start, ts, old, p);
		if (r)
			return r;
	}
	r = pw_index_add(ix, p->pub.pid, start, ts, heir, p);
	if (r)
		return r;
	heir->pub.tid = p->pub.pid;
	put_first(p, heir);
	p->displaced = true;
	p->leader_early = false;
	r = pw_name_add(p, ts, heir->pub.comm);
	if (r)
		return r;
	for (struct process *c = p->first_child; c; c = c->next_sibling)
		if (c->parent_tid == tid)
			c->parent_tid = p->pub.pid;
	return 0;
}

/* The one thread that has not entered do_exit; NULL: none, or several. */
static struct thread *sole_survivor(const struct process *p)
{
	struct thread *found = NULL;

	for (struct pw_thread *i = p->pub.threads; i; i = i->next) {
		struct thread *t = (struct thread *)i;

		if (t->dead || t->exiting)
			continue;
		if (found)
			return NULL;
		found = t;
	}
	return found;
}

/* The account that a switch-out carries continues t's, without a switch missed. */
static bool continues(const struct thread *t, const struct pw_switch *sw)
{
	uint32_t growth = sw->prev_nvcsw + sw->prev_nivcsw - t->nvcsw - t->nivcsw;
	uint64_t wall = sw->h.ts - t->went_on, ran = sw->prev_runtime - t->runtime, slack = pw_slack(wall);

	return growth == 1 && ran <= wall + slack && wall <= ran + slack;
}

/*
 * Who does the deed in the name of a leader that has entered do_exit: NULL, the
 * leader itself; else its heir. While the leader is still going, a switch-out
 * under its name on another CPU is its heir's if the accounts say so too; a
 * wake-up or a new name may come from anyone, and an heir cannot come to a CPU
 * before it left one.
 */
static struct thread *heir_of(const struct pw_model *m, const struct pw_event *h, const struct thread *leader,
			      enum pw_deed deed)
{
	struct thread *here = h->cpu < m->n_cpus ? m->cpus[h->cpu].running : NULL;
	bool by_here = deed == PW_DEED_OUT || deed == PW_DEED_EXIT || deed == PW_DEED_DEATH;

	if (!by_here || !here || here == leader || here->process != leader->process || here->exiting)
		here = NULL;
	if (leader->dead)
		return here ? here : sole_survivor(leader->process);
	if (here &&
	    (deed == PW_DEED_EXIT || (deed == PW_DEED_OUT && continues(here, (const struct pw_switch *)h))))
		return here;
	return NULL;
}

int pw_subject(struct pw_model *m, const struct pw_event *h, uint32_t tid, uint64_t start, enum pw_deed deed,
	       struct thread **out)
{
	struct thread *t, *heir = NULL;
	struct owner *o;

	pw_leader_named(m, tid, start);
	o = pw_index_find(&m->index, tid, start);
	t = *out = o ? o->thread : NULL;
	if (t && (!t->exiting || t->process->pub.exited || tid != t->process->pub.pid))
		return 0;
	if (t) {
		heir = *out = heir_of(m, h, t, deed);
		if (!heir)
			*out = t;
	} else if ((o = pw_index_newest(&m->index, tid)) && o->thread) {
		/* The old leader, already under its heir's tid. */
		t = pw_process_leader(o->process);
		if (t && t != o->thread && t->exiting && t->process->pub.start == start)
			heir = o->thread;
		*out = heir ? t : NULL;
	}
	if (!*out)
		m->stats.strangers++;
	return heir ? hand_over(heir->process, heir, h->ts) : 0;
}

static int add_exec(struct process *p, const struct pw_exec *ev)
{
	size_t n = p->pub.n_execs, len = ev->argv_len < PW_ARGV_LEN ? ev->argv_len : PW_ARGV_LEN;
	struct pw_exec_record *execs = realloc(p->pub.execs, (n + 1) * sizeof(*execs));
	struct pw_exec_record rec = {.truncated = ev->h.flags & PW_TRUNCATED};

	if (!execs)
		return -ENOMEM;
	p->pub.execs = execs;
	if (!(ev->h.flags & PW_SEEDED))
		rec.at = ev->h.ts;
	rec.exe = strndup(ev->exe, sizeof(ev->exe));
	rec.argv = malloc(len + 1);
	if (!rec.exe || !rec.argv) {
		free(rec.exe);
		free(rec.argv);
		return -ENOMEM;
	}
	memcpy(rec.argv, ev->argv, len);
	rec.argv[len] = '\0';
	rec.argv_len = len && rec.argv[len - 1] ? len + 1 : len;
	execs[n] = rec;
	p->pub.n_execs++;
	p->model->process_bytes += pw_exec_bytes(&rec);
	return 0;
}

static struct thread *live_thread(const struct process *p, uint32_t tid)
{
	for (struct pw_thread *i = p->pub.threads; i; i = i->next)
		if (i->tid == tid && !((struct thread *)i)->dead)
			return (struct thread *)i;
	return NULL;
}

int pw_feed_exec(struct pw_model *m, const struct pw_exec *ev)
{
	struct owner *o = pw_index_find(&m->index, ev->h.tid, ev->h.start);
	struct process *p;
	struct thread *t;
	int r = 0;

	if (!o) {
		m->stats.strangers++;
		return 0;
	}
	p = o->process;
	t = ev->old_tid != p->pub.pid ? live_thread(p, ev->old_tid) : NULL;
	if (t && ev->h.tid == p->pub.pid)
		r = hand_over(p, t, ev->h.ts);
	if (!r)
		r = pw_subject(m, &ev->h, ev->h.tid, ev->h.start, PW_DEED_OTHER, &t);
	if (!r && t)
		pw_copy_comm(t->pub.comm, ev->comm);
	if (!r)
		r = pw_name_add(p, ev->h.ts, ev->comm);
	if (ev->h.flags & PW_SEEDED && p->pub.n_execs)
		return r; /* it has run something else since */
	return r ? r : add_exec(p, ev);
}

int pw_feed_rename(struct pw_model *m, const struct pw_rename *ev)
{
	struct thread *t;
	int r = pw_subject(m, &ev->h, ev->h.tid, ev->h.start, PW_DEED_OTHER, &t);

	if (r || !t)
		return r;
	pw_copy_comm(t->pub.comm, ev->comm);
	return t->pub.tid == t->process->pub.pid ? pw_name_add(t->process, ev->h.ts, ev->comm) : 0;
}
