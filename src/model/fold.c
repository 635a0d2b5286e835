/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Folding: processes, and threads of living processes, that ended long ago become
 * totals. Nothing else of them is kept, so no pointer to them may remain.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "model/cpu.h"
#include "model/retention.h"
#include "util/array.h"

/* Names with totals of their own; the processes of all other names share one row. */
#define MANY_NAMES 1024

static struct pw_earlier *row_of(struct retention *r, const char *comm)
{
	size_t i = 0;

	while (i < r->n_earlier && strncmp(r->earlier[i].comm, comm, PW_COMM_LEN))
		i++;
	if (i < r->n_earlier)
		return &r->earlier[i];
	if (i >= MANY_NAMES && comm[0])
		return row_of(r, "");
	if (pw_array_reserve(&r->earlier, &r->earlier_room, i + 1, sizeof(*r->earlier)))
		return NULL;
	r->earlier[i] = (struct pw_earlier){.processes = 0};
	memcpy(r->earlier[i].comm, comm, strnlen(comm, PW_COMM_LEN));
	r->n_earlier++;
	return &r->earlier[i];
}

static void add_exit(struct pw_earlier *e, const struct pw_process *process)
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

/* False: memory is short. */
static bool add_process(struct retention *r, struct process *p)
{
	const struct pw_process *process = &p->pub;
	struct pw_earlier *e = row_of(r, process->comm);
	uint64_t zombie = process->zombie_from ? process->zombie_to - process->zombie_from : 0;

	if (!e)
		return false;
	e->processes++;
	r->n_folded++;
	add_exit(e, process);
	for (size_t s = 0; s < PW_STATE_COUNT; s++)
		e->totals[s] += process->totals[s];
	e->totals[PW_ZOMBIE] += zombie; /* pw_process_finalize leaves it to its last call */
	if (zombie > e->longest_zombie)
		e->longest_zombie = zombie;
	pw_process_sum_cpu(p);
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
	e->missed_switches += t->missed_switches;
}

/* ---- choosing: marks what is to go, and counts the bytes */

static bool may_go(const struct process *p, uint64_t at)
{
	return p->pub.reaped && p->pub.reap_at <= at && !p->listed && !p->image_users;
}

static void mark_folded(struct process *p)
{
	p->folded = true;
	for (struct thread *t = first_thread(&p->pub); t; t = next_thread(t))
		t->folded = true;
}

static size_t choose_processes(struct pw_model *m, uint64_t at, size_t enough, bool *later)
{
	size_t bytes = 0;

	*later = false;
	for (size_t i = 0; i < m->processes.count && bytes < enough; i++) {
		struct process *p = m->processes.at[i];

		*later |= p->pub.reaped && p->pub.reap_at > at && !p->image_users;
		if (!may_go(p, at) || !add_process(&m->retention, p))
			continue;
		mark_folded(p);
		bytes += pw_process_bytes(p);
		pw_image_release(p);
	}
	return bytes;
}

static size_t choose_threads(struct process *p, uint64_t at, bool *later)
{
	struct thread *first = first_thread(&p->pub);
	size_t bytes = 0;

	for (struct thread *t = first ? next_thread(first) : NULL; t; t = next_thread(t)) {
		if (!t->dead || !t->pub.exit || t->pub.tid == p->pub.pid)
			continue;
		*later |= t->pub.exit > at;
		if (t->timeline.count || t->pub.exit > at)
			continue;
		t->folded = true;
		add_thread(&p->pub.ended_threads, &t->pub);
		bytes += PW_THREAD_BYTES;
	}
	return bytes;
}

/* ---- letting go */

static bool is_folded(const struct owner *o)
{
	return o->process->folded || (o->thread && o->thread->folded);
}

static void free_threads(struct process *p)
{
	struct pw_thread **link = &p->pub.threads;

	while (*link) {
		struct thread *t = thread_of(*link);

		if (!t->folded) {
			p->last_thread = t;
			link = &t->pub.next;
			continue;
		}
		*link = t->pub.next;
		p->pub.n_threads--;
		pw_thread_free(t);
	}
}

static void free_folded(struct process_table *table)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->count; i++) {
		struct process *p = table->at[i];

		if (!p->folded) {
			free_threads(p);
			table->at[kept++] = p;
			continue;
		}
		pw_child_unlink(p);
		while (p->first_child)
			pw_child_unlink(p->first_child);
		pw_process_free(p);
	}
	table->count = kept;
}

int pw_fold(struct pw_model *m, uint64_t at, size_t bytes, bool *later)
{
	struct process_table *table = &m->processes;
	size_t wanted = table->bytes > bytes ? table->bytes - bytes : 0;
	size_t found = choose_processes(m, at, wanted, later);
	int err;

	for (size_t i = 0; i < table->count && found < wanted; i++)
		if (!table->at[i]->folded)
			found += choose_threads(table->at[i], at, later);
	if (!found)
		return 0;
	err = pw_index_drop(&table->index, is_folded);
	if (err)
		return err;
	pw_cpu_drop_folded(&m->sched);
	pw_missed_drop_folded(&m->sched);
	free_folded(table);
	table->bytes -= found;
	return 0;
}
