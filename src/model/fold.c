// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folding: processes, and threads of living processes, that ended long ago become
 * sums. Nothing else of them is kept, so nothing may point to them any more.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "internal.h"

/* Names with sums of their own; the processes of all others have one sum together. */
#define MANY_NAMES 1024

size_t pw_exec_bytes(const struct pw_exec_record *exec)
{
	return sizeof(*exec) + strlen(exec->exe) + exec->argv_len + 32;
}

size_t pw_process_bytes(const struct process *p)
{
	size_t bytes = PW_PROCESS_BYTES + p->pub.n_threads * PW_THREAD_BYTES +
		       p->pub.n_names * sizeof(p->pub.names[0]) +
		       p->pub.n_parents * sizeof(p->pub.parents[0]);

	for (size_t i = 0; i < p->pub.n_execs; i++)
		bytes += pw_exec_bytes(&p->pub.execs[i]);
	return bytes;
}

static struct pw_earlier *sums_of(struct pw_model *m, const char *comm)
{
	struct pw_earlier *all;
	size_t i = 0;

	while (i < m->n_earlier && strncmp(m->earlier[i].comm, comm, PW_COMM_LEN))
		i++;
	if (i < m->n_earlier)
		return &m->earlier[i];
	if (i >= MANY_NAMES && comm[0])
		return sums_of(m, "");
	all = pw_grow(m->earlier, i, &m->max_earlier, sizeof(*all));
	if (!all)
		return NULL;
	m->earlier = all;
	all[i] = (struct pw_earlier){.processes = 0};
	memcpy(all[i].comm, comm, strnlen(comm, PW_COMM_LEN));
	m->n_earlier++;
	return &all[i];
}

static void add_ends(struct pw_earlier *e, const struct pw_process *process)
{
	const int status = (int)process->wait_status;

	if (!process->status_known)
		e->end_unseen++;
	else if (WIFSIGNALED(status))
		e->killed++;
	else if (WEXITSTATUS(status))
		e->exit_other++;
	else
		e->exit_zero++;
	if (process->reaped == PW_REAPED_WAIT)
		e->reaped_wait++;
	else if (process->reaped == PW_REAPED_AUTO)
		e->reaped_auto++;
	else
		e->reaped_unobserved++;
}

static void add_switches(struct pw_switches *to, const struct pw_switches *from)
{
	to->voluntary += from->voluntary;
	to->involuntary += from->involuntary;
}

static bool add_process(struct pw_model *m, const struct pw_process *process)
{
	struct pw_earlier *e = sums_of(m, process->comm);
	uint64_t zombie = process->zombie_from ? process->zombie_to - process->zombie_from : 0;

	if (!e)
		return false;
	e->processes++;
	m->n_folded++;
	add_ends(e, process);
	for (size_t s = 0; s < PW_STATE_COUNT; s++)
		e->totals[s] += process->totals[s];
	e->totals[PW_ZOMBIE] += zombie; /* pw_settle leaves it to the end */
	if (zombie > e->longest_zombie)
		e->longest_zombie = zombie;
	e->cpu_ns += process->cpu_ns;
	add_switches(&e->switches, &process->switches);
	e->wakeups += process->wakeups;
	e->migrations += process->migrations;
	return true;
}

static void add_thread(struct pw_ended_threads *e, const struct pw_thread *t)
{
	e->count++;
	for (size_t s = 0; s < PW_STATE_COUNT; s++)
		e->totals[s] += t->totals[s];
	add_switches(&e->switches, &t->switches);
	e->switch_ins += t->switch_ins;
	e->wakeups += t->wakeups;
	e->migrations += t->migrations;
	e->holes += t->holes;
}

/* ---- choosing: marks what is to go, and counts the bytes */

static bool may_go(const struct process *p, uint64_t at)
{
	return p->pub.reaped && p->pub.reap_at <= at && !p->listed && !p->image_users;
}

static size_t choose_processes(struct pw_model *m, uint64_t at, size_t enough, bool *later)
{
	size_t bytes = 0;

	*later = false;
	for (size_t i = 0; i < m->n_processes && bytes < enough; i++) {
		struct process *p = m->processes[i], *image;

		*later |= p->pub.reaped && p->pub.reap_at > at && !p->image_users;
		if (!may_go(p, at) || !add_process(m, &p->pub))
			continue;
		p->folded = true;
		bytes += pw_process_bytes(p);
		image = (struct process *)(uintptr_t)p->pub.image_of;
		if (image)
			image->image_users--;
	}
	return bytes;
}

static size_t choose_threads(struct process *p, uint64_t at, bool *later)
{
	size_t bytes = 0;

	for (struct pw_thread *i = p->pub.threads ? p->pub.threads->next : NULL; i; i = i->next) {
		struct thread *t = (struct thread *)i;

		if (!t->dead || !i->exit || i->tid == p->pub.pid)
			continue;
		*later |= i->exit > at;
		if (t->n || i->exit > at)
			continue;
		t->folded = true;
		add_thread(&p->pub.ended_threads, i);
		bytes += PW_THREAD_BYTES;
	}
	return bytes;
}

/* ---- letting go */

static void forget_on_cpus(struct pw_model *m)
{
	for (size_t i = 0; i < m->n_cpus; i++) {
		struct cpu *cpu = &m->cpus[i];

		if (cpu->running && (cpu->running->folded || cpu->running->process->folded))
			cpu->running = NULL;
		if (cpu->left && (cpu->left->folded || cpu->left->process->folded))
			cpu->left = NULL;
	}
}

static void forget_holes(struct pw_model *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n_holes; i++) {
		const struct thread *t = m->holes[i].thread;

		if (!t->folded && !t->process->folded)
			m->holes[kept++] = m->holes[i];
	}
	m->n_holes = kept;
}

static void free_threads(struct process *p)
{
	struct pw_thread **link = &p->pub.threads, *t;

	while ((t = *link)) {
		if (!((struct thread *)t)->folded) {
			p->last_thread = (struct thread *)t;
			link = &t->next;
			continue;
		}
		*link = t->next;
		p->pub.n_threads--;
		free(t);
	}
}

static void free_folded(struct pw_model *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n_processes; i++) {
		struct process *p = m->processes[i];

		if (!p->folded) {
			free_threads(p);
			m->processes[kept++] = p;
			continue;
		}
		pw_child_unlink(p);
		while (p->first_child)
			pw_child_unlink(p->first_child);
		pw_process_free(p);
	}
	m->n_processes = kept;
}

int pw_fold(struct pw_model *m, uint64_t at, size_t bytes, bool *later)
{
	size_t wanted = m->process_bytes > bytes ? m->process_bytes - bytes : 0, found;
	int r;

	found = choose_processes(m, at, wanted, later);
	for (size_t i = 0; i < m->n_processes && found < wanted; i++)
		if (!m->processes[i]->folded)
			found += choose_threads(m->processes[i], at, later);
	if (!found)
		return 0;
	r = pw_index_sweep(&m->index);
	if (r)
		return r;
	forget_on_cpus(m);
	forget_holes(m);
	free_folded(m);
	m->process_bytes -= found;
	return 0;
}

uint64_t pw_model_folded(const struct pw_model *m)
{
	return m->n_folded;
}

size_t pw_model_earlier_count(const struct pw_model *m)
{
	return m->n_earlier;
}

const struct pw_earlier *pw_model_earlier(const struct pw_model *m, size_t i)
{
	return i < m->n_earlier ? &m->earlier[i] : NULL;
}
