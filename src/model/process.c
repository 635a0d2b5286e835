// SPDX-License-Identifier: GPL-2.0-only
/* Births: how processes and their threads come into the model. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct process *pw_process_find(const struct pw_model *m, uint32_t pid, uint64_t start)
{
	struct owner *o = pw_index_find(&m->index, pid, start);

	return o && o->process->pub.pid == pid ? o->process : NULL;
}

struct thread *pw_process_leader(const struct process *p)
{
	struct thread *first = (struct thread *)p->pub.threads;

	return first && first->pub.tid == p->pub.pid ? first : NULL;
}

int pw_name_add(struct process *p, uint64_t at, const char *comm)
{
	size_t n = p->pub.n_names;
	struct pw_name name = {.at = at}, *names;

	pw_copy_comm(name.comm, comm);
	memcpy(p->pub.comm, name.comm, sizeof(name.comm));
	if (n && !strcmp(p->pub.names[n - 1].comm, name.comm))
		return 0;
	names = realloc(p->pub.names, (n + 1) * sizeof(*names));
	if (!names)
		return -ENOMEM;
	names[n] = name;
	p->pub.names = names;
	p->pub.n_names++;
	p->model->process_bytes += sizeof(name);
	return 0;
}

void pw_process_free(struct process *p)
{
	for (struct pw_thread *t = p->pub.threads, *next; t; t = next) {
		next = t->next;
		pw_tape_free((struct thread *)t);
		pw_marks_free((struct thread *)t);
		free(t);
	}
	for (size_t i = 0; i < p->pub.n_execs; i++) {
		free(p->pub.execs[i].exe);
		free(p->pub.execs[i].argv);
	}
	free(p->pub.execs);
	free(p->pub.names);
	free(p->pub.parents);
	free(p);
}

/* Processes are kept by start: nearly all are added at the end. */
static int add_process(struct pw_model *m, struct process *p)
{
	struct process **processes =
		pw_grow(m->processes, m->n_processes, &m->max_processes, sizeof(struct process *));
	size_t i = m->n_processes;

	if (!processes)
		return -ENOMEM;
	m->processes = processes;
	while (i && processes[i - 1]->pub.start > p->pub.start)
		i--;
	memmove(processes + i + 1, processes + i, (m->n_processes - i) * sizeof(struct process *));
	processes[i] = p;
	m->n_processes++;
	m->alive++;
	if (!m->first_start || p->pub.start < m->first_start)
		m->first_start = p->pub.start;
	m->process_bytes += PW_PROCESS_BYTES; /* its name and parent have counted themselves */
	return 0;
}

/* Its leader is known now, and is older than the thread that came first. */
static void leader_known(struct process *p, struct owner *o, uint64_t start)
{
	struct process **processes = p->model->processes;
	size_t i = p->model->n_processes;

	o->start = p->pub.start = start;
	if (o->thread)
		o->thread->pub.start = start;
	if (start < p->model->first_start)
		p->model->first_start = start;
	while (processes[--i] != p)
		;
	for (; i && processes[i - 1]->pub.start > start; i--)
		processes[i] = processes[i - 1];
	processes[i] = p;
}

void pw_leader_named(struct pw_model *m, uint32_t pid, uint64_t start)
{
	struct owner *o = pw_index_newest(&m->index, pid);

	if (o && !o->start && !o->process->pub.exited && start && start <= o->process->pub.start)
		leader_known(o->process, o, start);
}

/* A process and its first name and parent; not its thread. */
static int new_process(struct pw_model *m, uint32_t pid, uint64_t start, uint64_t from,
		       const struct pw_parent *parent, const char *comm, struct process **out)
{
	struct process *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return -ENOMEM;
	p->model = m;
	p->pub.pid = pid;
	p->pub.start = start;
	r = pw_parent_add(p, parent);
	if (!r)
		r = pw_name_add(p, from, comm);
	if (!r)
		r = add_process(m, p);
	if (r) {
		pw_process_free(p);
		return r;
	}
	*out = p;
	return 0;
}

static void link_thread(struct process *p, struct thread *t)
{
	if (t->pub.tid == p->pub.pid && p->pub.threads) {
		t->pub.next = p->pub.threads;
		p->pub.threads = &t->pub;
	} else if (p->last_thread) {
		p->last_thread->pub.next = &t->pub;
		p->last_thread = t;
	} else {
		p->pub.threads = &t->pub;
	}
	if (!p->last_thread)
		p->last_thread = t;
	p->pub.n_threads++;
	p->n_live++;
	p->model->process_bytes += PW_THREAD_BYTES;
}

/* Makes a thread and starts its tape; birth NULL: it was not seen, from start to now is unknown. */
static int add_thread(struct process *p, uint32_t tid, uint64_t start, const char *comm,
		      const struct pw_birth *birth, struct thread **out)
{
	struct thread *t = pw_thread_new(p, tid, start, comm);
	int r;

	if (!t)
		return -ENOMEM;
	r = pw_thread_born(t, birth);
	if (!r)
		r = pw_index_add(&p->model->index, tid, start, start, t, p);
	if (r) {
		pw_tape_free(t);
		free(t);
		return r;
	}
	link_thread(p, t);
	if (out)
		*out = t;
	return 0;
}

int pw_leader_assume(struct process *p, uint64_t from)
{
	struct owner *o = pw_index_newest(&p->model->index, p->pub.pid);
	struct pw_interval iv = {.from = from,
				 .by = PW_NO_WAKER,
				 .syscall = -1,
				 .cpu = PW_NO_CPU,
				 .state = PW_UNKNOWN,
				 .detail = PW_LOST};
	struct thread *t;
	int r;

	t = pw_thread_new(p, p->pub.pid, p->pub.start, p->pub.comm);
	if (!t)
		return -ENOMEM;
	t->anchor = 1;
	t->account_at = from;
	r = pw_tape_push(t, iv);
	if (!r && o && o->process == p)
		o->thread = t;
	else if (!r)
		r = pw_index_add(&p->model->index, p->pub.pid, 0, p->pub.start, t, p);
	if (r) {
		pw_tape_free(t);
		free(t);
		return r;
	}
	link_thread(p, t);
	return 0;
}

static void describe(struct process *p, const struct pw_birth *b)
{
	p->pub.ns_pid = b->ns_pid;
	p->pub.uid = b->uid;
	p->pub.cgroup_id = b->cgroup_id;
	p->pub.cgroup = pw_cgroup_path(p->model, b->cgroup_id);
	p->pub.seeded = b->h.flags & PW_SEEDED;
	if (b->h.tid == b->tgid)
		p->pub.exit_signal = b->exit_signal;
}

/* Fork copies the memory, and with it the program and its arguments. */
static void inherit_image(struct pw_process *child, const struct pw_process *mother)
{
	child->image_of = mother->n_execs ? mother : mother->image_of;
	if (child->image_of)
		((struct process *)(uintptr_t)child->image_of)->image_users++;
	child->image_index = mother->n_execs ? mother->n_execs - 1 : mother->image_index;
}

static int process_of_birth(struct pw_model *m, const struct pw_birth *b, struct process **out)
{
	bool is_leader = b->h.tid == b->tgid;
	struct pw_parent parent = {.from = b->h.start,
				   .pid = b->parent_tgid,
				   .start = b->parent_start,
				   .why = PW_BY_FORK,
				   .bounded = !is_leader || b->h.flags & PW_SEEDED};
	uint64_t from = b->h.flags & PW_SEEDED ? b->h.ts : b->h.start;
	struct process *p, *mother;
	int r;

	pw_copy_comm(parent.comm, b->parent_comm);
	r = new_process(m, b->tgid, b->h.start, from, &parent, b->comm, &p);
	if (r)
		return r;
	*out = p;
	describe(p, b);
	mother = pw_process_find(m, b->parent_tgid, b->parent_start);
	if (mother && mother != p) {
		pw_child_link(mother, p, b->parent_tid);
		if (!p->pub.seeded)
			inherit_image(&p->pub, &mother->pub);
	}
	/* A thread whose leader's birth was lost: whoever names the leader later tells its start. */
	return is_leader ? 0 : pw_index_add(&m->index, b->tgid, 0, b->h.start, NULL, p);
}

/* Seeded as a zombie: the leader ended before anything was seen. */
static void born_dead(struct process *p, struct thread *t, const struct pw_birth *b)
{
	struct pw_model *m = p->model;

	pw_tape_free(t);
	memset(t->pub.totals, 0, sizeof(t->pub.totals));
	t->pub.from = 0;
	t->pub.end = t->pub.exit = b->h.ts;
	t->exiting = t->closed = t->dead = true;
	t->exit_state = b->exit_state;
	p->n_live--;
	p->last_status = p->pub.wait_status = b->exit_code;
	p->pub.status_known = true;
	p->pub.exited = true;
	p->pub.exit_at = p->pub.zombie_from = b->h.ts;
	m->alive--;
	m->zombies++;
}

/* It was seeded as a zombie, but only its leader had ended: here is another thread. */
static int rise(struct process *p)
{
	struct thread *leader = pw_process_leader(p);
	struct pw_interval iv = {.from = p->pub.exit_at,
				 .by = PW_NO_WAKER,
				 .syscall = -1,
				 .cpu = PW_NO_CPU,
				 .state = PW_ZOMBIE,
				 .detail = PW_LEADER_ENDED};

	p->model->alive++;
	p->model->zombies--;
	p->pub.exited = p->pub.status_known = false;
	p->pub.exit_at = p->pub.zombie_from = 0;
	p->leader_early = true;
	leader->closed = false;
	leader->pub.exit = 0;
	return pw_tape_push(leader, iv);
}

/* The process a new thread belongs to; made, if its leader's birth was never seen. */
static int process_of_thread(struct pw_model *m, const struct pw_birth *b, struct process **out)
{
	struct owner *o = pw_index_newest(&m->index, b->tgid);
	struct process *p = o && o->process->pub.pid == b->tgid ? o->process : NULL;
	const struct thread *leader = p ? pw_process_leader(p) : NULL;

	if (p && p->pub.exited && !p->pub.reaped && leader && !leader->n && b->h.flags & PW_SEEDED) {
		*out = p;
		return rise(p);
	}
	if (p && !p->pub.exited) {
		*out = p;
		return 0;
	}
	if (p)
		pw_ended_unseen(o, b->h.ts);
	return process_of_birth(m, b, out);
}

int pw_feed_birth(struct pw_model *m, const struct pw_birth *b)
{
	struct owner *o = pw_index_newest(&m->index, b->h.tid);
	bool is_leader = b->h.tid == b->tgid, seed = b->h.flags & PW_SEEDED;
	struct process *p = NULL;
	struct thread *t;
	int r;

	if (pw_index_find(&m->index, b->h.tid, b->h.start))
		return 0; /* seeded and seen as well */
	/* Another thread's tape says nothing of one that is being released right now. */
	if (seed && (b->exit_state & EXIT_DEAD || (b->exit_state && !is_leader)))
		return 0;
	if (o && !o->start && is_leader && !o->process->pub.exited && b->h.start <= o->process->pub.start) {
		p = o->process; /* one of its threads came first */
		leader_known(p, o, b->h.start);
		describe(p, b);
		if (o->thread) /* and ended first */
			return 0;
	} else if (o) {
		/* Its number was free when the new one was born. */
		pw_ended_unseen(o, o->process->pub.exited ? b->h.start : b->h.ts);
	}
	r = p ? 0 : is_leader ? process_of_birth(m, b, &p) : process_of_thread(m, b, &p);
	if (!r)
		r = add_thread(p, b->h.tid, b->h.start, b->comm, b, &t);
	if (r)
		return r;
	if (seed && b->exit_state && p->n_live == 1)
		born_dead(p, t, b);
	else if (t->cpu != PW_NO_CPU)
		r = pw_cpu_take(m, t);
	return r;
}

int pw_late_birth(struct pw_model *m, const struct pw_exit *ev, struct thread **out)
{
	struct pw_parent parent = {.from = ev->h.start, .pid = ev->parent_tgid, .bounded = true};
	struct owner *o = pw_index_newest(&m->index, ev->tgid);
	struct process *p = o && o->process->pub.pid == ev->tgid ? o->process : NULL;
	int r = 0;

	if (pw_index_newest(&m->index, ev->h.tid) &&
	    (!p || ev->h.tid != ev->tgid || o->start || ev->h.start > p->pub.start))
		pw_ended_unseen(pw_index_newest(&m->index, ev->h.tid), ev->h.ts);
	if (!p || p->pub.exited)
		r = new_process(m, ev->tgid, ev->h.start, ev->h.start, &parent, ev->comm, &p);
	if (!r && ev->h.tid == ev->tgid && o && o->process == p && !o->start)
		leader_known(p, o, ev->h.start);
	if (!r && (o = pw_index_find(&m->index, ev->h.tid, ev->h.start)) && o->thread) {
		*out = o->thread; /* it was known to be there */
		return 0;
	}
	return r ? r : add_thread(p, ev->h.tid, ev->h.start, ev->comm, NULL, out);
}
