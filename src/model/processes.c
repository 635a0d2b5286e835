/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes: made, found, named, summed up, freed. */
#include "model/processes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

#define PROCESS_BYTES (sizeof(struct process) + 64)

struct process *pw_process_find(const struct process_table *table, uint32_t pid, uint64_t start)
{
	struct owner *o = pw_index_find(&table->index, pid, start);

	return o && o->process->pub.pid == pid ? o->process : NULL;
}

struct thread *pw_process_leader(const struct process *p)
{
	struct thread *first = first_thread(&p->pub);

	return first && first->pub.tid == p->pub.pid ? first : NULL;
}

int pw_process_rename(struct process *p, uint64_t at, const char *comm)
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
	p->table->bytes += sizeof(name);
	return 0;
}

/* ---- making and freeing */

/* Nearly all processes are added at the end. */
static int add_to_table(struct process_table *table, struct process *p)
{
	int err = pw_array_reserve(&table->at, &table->room, table->count + 1, sizeof(struct process *));
	size_t i = table->count;

	if (err)
		return err;
	while (i && table->at[i - 1]->pub.start > p->pub.start)
		i--;
	memmove(table->at + i + 1, table->at + i, (table->count - i) * sizeof(struct process *));
	table->at[i] = p;
	table->count++;
	table->alive++;
	if (!table->first_start || p->pub.start < table->first_start)
		table->first_start = p->pub.start;
	table->bytes += PROCESS_BYTES; /* its name and parent have counted themselves */
	return 0;
}

static int fill_new(struct process *p, uint64_t named_at, const struct pw_parent *parent, const char *comm)
{
	int err = pw_parent_add(p, parent);

	if (err)
		return err;
	err = pw_process_rename(p, named_at, comm);
	if (err)
		return err;
	return add_to_table(p->table, p);
}

int pw_process_new(struct process_table *table, uint32_t pid, uint64_t start, uint64_t named_at,
		   const struct pw_parent *parent, const char *comm, struct process **out)
{
	struct process *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return -ENOMEM;
	p->table = table;
	p->group.process = &p->pub;
	p->group.sched = table->sched;
	p->pub.pid = pid;
	p->pub.start = start;
	err = fill_new(p, named_at, parent, comm);
	if (err) {
		pw_process_free(p);
		return err;
	}
	*out = p;
	return 0;
}

void pw_process_free(struct process *p)
{
	for (struct thread *t = first_thread(&p->pub), *next; t; t = next) {
		next = next_thread(t);
		pw_thread_free(t);
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

static void list_process(struct process *p)
{
	if (p->listed)
		return;
	p->listed = true;
	p->next_listed = p->table->with_intervals;
	p->table->with_intervals = p;
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
	p->table->bytes += PW_THREAD_BYTES;
	list_process(p);
}

int pw_process_add_thread(struct process *p, uint32_t tid, uint64_t start, const char *comm,
			  const struct pw_birth *birth, struct thread **out)
{
	struct thread *t = pw_thread_new(&p->group, tid, start, comm);
	int err;

	if (!t)
		return -ENOMEM;
	err = pw_thread_born(t, birth);
	if (!err)
		err = pw_index_add(&p->table->index, tid, start, start, t, p);
	if (err) {
		pw_thread_free(t);
		return err;
	}
	link_thread(p, t);
	*out = t;
	return 0;
}

int pw_process_assume_leader(struct process *p, uint64_t from)
{
	struct owner *o = pw_index_newest(&p->table->index, p->pub.pid);
	struct thread *t = pw_thread_new(&p->group, p->pub.pid, p->pub.start, p->pub.comm);
	int err;

	if (!t)
		return -ENOMEM;
	t->timeline.last_out = 1;
	t->account_at = from;
	err = pw_timeline_push(&t->timeline, pw_interval(from, PW_UNKNOWN, PW_LOST));
	if (!err && o && o->process == p)
		o->thread = t;
	else if (!err)
		err = pw_index_add(&p->table->index, p->pub.pid, 0, p->pub.start, t, p);
	if (err) {
		pw_thread_free(t);
		return err;
	}
	link_thread(p, t);
	return 0;
}

/* ---- a leader whose birth was lost: it is older than the thread that came first */

void pw_process_set_start(struct process *p, struct owner *o, uint64_t start)
{
	struct process_table *table = p->table;
	size_t i = table->count;

	o->start = p->pub.start = start;
	if (o->thread)
		o->thread->pub.start = start;
	if (start < table->first_start)
		table->first_start = start;
	do {
		i--;
	} while (table->at[i] != p);
	for (; i && table->at[i - 1]->pub.start > start; i--)
		table->at[i] = table->at[i - 1];
	table->at[i] = p;
}

void pw_process_leader_named(struct process_table *table, uint32_t pid, uint64_t start)
{
	struct owner *o = pw_index_newest(&table->index, pid);

	if (o && !o->start && !o->process->pub.exited && start && start <= o->process->pub.start)
		pw_process_set_start(o->process, o, start);
}

/* ---- totals */

void pw_process_sum_cpu(struct process *p)
{
	p->pub.cpu_ns = p->pub.ended_threads.totals[PW_RUNNING];
	for (const struct pw_thread *t = p->pub.threads; t; t = t->next)
		p->pub.cpu_ns += t->totals[PW_RUNNING];
}

/* An open timeline ends where its tail begins: lets it end at that moment for a while. */
static void extend_open(struct process *p, uint64_t until)
{
	for (struct thread *t = first_thread(&p->pub); t; t = next_thread(t))
		if (!t->timeline.closed && t->timeline.count && t->pub.end < until)
			t->pub.end = until;
}

static void restore_open(struct process *p)
{
	for (struct thread *t = first_thread(&p->pub); t; t = next_thread(t))
		if (!t->timeline.closed && t->timeline.count)
			t->pub.end = pw_timeline_tail(&t->timeline)->from;
}

/* The zombie interval counts as a whole, with the last call. */
static void add_span(struct process *p, const struct pw_span *span, uint64_t until, bool is_last)
{
	bool is_zombie = span->state == PW_ZOMBIE;
	uint64_t from = span->from, to = span->to < until ? span->to : until;

	if (!is_zombie && from < p->group.finalized_until)
		from = p->group.finalized_until;
	if (to > from && (!is_zombie || is_last))
		p->pub.totals[span->state] += to - from;
}

int pw_process_finalize(struct process *p, uint64_t until)
{
	bool is_last = until == UINT64_MAX;
	struct pw_process_iter *it;
	struct pw_span span;

	if (!is_last)
		extend_open(p, until);
	it = pw_process_iter_new(&p->pub);
	while (it && pw_process_iter_next(it, &span) && span.from < until)
		add_span(p, &span, until, is_last);
	pw_process_iter_free(it);
	if (!is_last) {
		restore_open(p);
		p->group.finalized_until = until;
	}
	return it ? 0 : -ENOMEM;
}

/* ---- memory */

size_t pw_exec_bytes(const struct pw_exec_record *exec)
{
	return sizeof(*exec) + strlen(exec->exe) + exec->argv_len + 32;
}

size_t pw_process_bytes(const struct process *p)
{
	size_t bytes = PROCESS_BYTES + p->pub.n_threads * PW_THREAD_BYTES +
		       p->pub.n_names * sizeof(p->pub.names[0]) +
		       p->pub.n_parents * sizeof(p->pub.parents[0]);

	for (size_t i = 0; i < p->pub.n_execs; i++)
		bytes += pw_exec_bytes(&p->pub.execs[i]);
	return bytes;
}
