/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/json_process.h"

#include <string.h>
#include <sys/wait.h>

#include "model/questions.h"
#include "report/json_common.h"
#include "report/json_interval.h"

struct view {
	struct pw_json *json;
	/* what times are relative to, ns */
	uint64_t zero;
	/* of the intervals; NULL without threads */
	const struct pw_view_filter *filter;
};

/* ---- single fields; what was not observed is null */

/* A time that is always known. */
static void field_since(const struct view *v, const char *key, uint64_t at)
{
	pw_field_since(v->json, key, at, v->zero);
}

/* A time; 0: not observed. */
static void field_time(const struct view *v, const char *key, uint64_t at)
{
	if (at)
		field_since(v, key, at);
	else
		pw_field_null(v->json, key);
}

/* An empty name is unknown. */
static void field_comm(const struct view *v, const char *key, const char *comm)
{
	pw_json_key(v->json, key);
	if (comm[0])
		pw_json_bytes(v->json, comm, strnlen(comm, PW_COMM_LEN));
	else
		pw_json_null(v->json);
}

static void field_switches(const struct view *v, const struct pw_switches *switches)
{
	pw_json_key(v->json, "switches");
	pw_json_object(v->json);
	pw_field_u64(v->json, "voluntary", switches->voluntary);
	pw_field_u64(v->json, "involuntary", switches->involuntary);
	pw_json_end(v->json);
}

static void field_totals(const struct view *v, const uint64_t totals[PW_STATE_COUNT])
{
	pw_json_key(v->json, "totals_ns");
	pw_json_object(v->json);
	for (int state = 0; state < PW_STATE_COUNT; state++)
		pw_field_u64(v->json, pw_state_name((enum pw_state)state), totals[state]);
	pw_json_end(v->json);
}

/* ---- threads */

static void marks(const struct view *v, const struct pw_thread *thread)
{
	struct pw_json *j = v->json;

	pw_json_line(j);
	pw_json_key(j, "marks");
	pw_json_array(j);
	for (size_t i = 0; i < thread->n_marks && !j->err; i++) {
		const struct pw_passed *mark = &thread->marks[i];

		if (mark->at < v->filter->from || mark->at > v->filter->to)
			continue;
		pw_json_line(j);
		pw_json_object(j);
		field_since(v, "at_ns", mark->at);
		pw_field_string(j, "name", mark->name);
		pw_json_key(j, "value");
		if (mark->valued)
			pw_json_i64(j, mark->value);
		else
			pw_json_null(j);
		pw_json_end(j);
	}
	pw_json_end(j);
}

static void thread_object(const struct view *v, const struct pw_thread *thread)
{
	struct pw_json *j = v->json;
	struct pw_thread_iter it;
	struct pw_span span;

	pw_json_line(j);
	pw_json_object(j);
	pw_field_u64(v->json, "tid", thread->tid);
	field_comm(v, "comm", thread->comm);
	field_since(v, "start_ns", thread->start);
	field_time(v, "exit_ns", thread->exit);
	field_totals(v, thread->totals);
	field_switches(v, &thread->switches);
	pw_field_u64(v->json, "switch_ins", thread->switch_ins);
	pw_field_u64(v->json, "wakeups", thread->wakeups);
	pw_field_u64(v->json, "migrations", thread->migrations);
	pw_field_u64(v->json, "holes", thread->missed_switches);
	pw_json_line(j);
	pw_json_key(j, "intervals");
	pw_json_array(j);
	pw_thread_iter_init(&it, thread);
	while (!j->err && pw_thread_iter_next(&it, &span)) {
		if (pw_view_filter_cut(v->filter, &span)) {
			pw_json_line(j);
			pw_json_interval(j, &span, v->zero);
		}
	}
	pw_json_end(j);
	marks(v, thread);
	pw_json_end(j);
}

/* Threads that exited long ago: only their totals are kept. */
static void ended_threads(const struct view *v, const struct pw_ended_threads *ended)
{
	pw_json_key(v->json, "ended_threads");
	if (!ended->count) {
		pw_json_null(v->json);
		return;
	}
	pw_json_object(v->json);
	pw_field_u64(v->json, "count", ended->count);
	field_totals(v, ended->totals);
	field_switches(v, &ended->switches);
	pw_field_u64(v->json, "switch_ins", ended->switch_ins);
	pw_field_u64(v->json, "wakeups", ended->wakeups);
	pw_field_u64(v->json, "migrations", ended->migrations);
	pw_field_u64(v->json, "holes", ended->missed_switches);
	pw_json_end(v->json);
}

/* ---- the process, a line for each of its parts */

static void fork_parent(const struct view *v, const struct pw_process *process)
{
	const struct pw_parent *parent = process->parents;

	pw_json_key(v->json, "fork_parent");
	if (!process->n_parents || process->seeded) {
		/* The parent of a process that was already running may have adopted it. */
		pw_json_null(v->json);
		return;
	}
	pw_json_object(v->json);
	pw_field_u64(v->json, "pid", parent->pid);
	field_time(v, "start_ns", parent->start);
	field_comm(v, "comm", parent->comm);
	pw_json_end(v->json);
}

static void parents(const struct view *v, const struct pw_process *process)
{
	static const char *const why[] = {[PW_BY_FORK] = "fork", [PW_BY_REPARENT] = "reparent"};
	static const char *const adopter[] = {
		[PW_ADOPTER_NONE] = NULL,
		[PW_ADOPTER_INIT] = "init",
		[PW_ADOPTER_SUBREAPER] = "subreaper",
		[PW_ADOPTER_THREAD] = "thread",
	};

	pw_json_key(v->json, "parents");
	pw_json_array(v->json);
	for (size_t i = 0; i < process->n_parents; i++) {
		const struct pw_parent *parent = &process->parents[i];

		pw_json_object(v->json);
		field_since(v, "from_ns", parent->from);
		pw_field_u64(v->json, "pid", parent->pid);
		field_comm(v, "comm", parent->comm);
		pw_field_string(v->json, "why", process->seeded && !i ? NULL : why[parent->why]);
		pw_field_string(v->json, "adopter", adopter[parent->adopter]);
		field_time(v, "start_ns", parent->start);
		pw_field_string(v->json, "precision", parent->bounded ? "bounded" : "exact");
		pw_json_end(v->json);
	}
	pw_json_end(v->json);
}

static void field_argv(const struct view *v, const struct pw_exec_record *exec)
{
	size_t at = 0;

	pw_json_key(v->json, "argv");
	if (!exec) {
		pw_json_null(v->json);
		return;
	}
	pw_json_array(v->json);
	while (at < exec->argv_len) {
		size_t len = strnlen(exec->argv + at, exec->argv_len - at);

		pw_json_bytes(v->json, exec->argv + at, len);
		at += len + 1;
	}
	pw_json_end(v->json);
}

static void execs(const struct view *v, const struct pw_process *process)
{
	pw_json_key(v->json, "execs");
	pw_json_array(v->json);
	for (size_t i = 0; i < process->n_execs; i++) {
		const struct pw_exec_record *exec = &process->execs[i];

		pw_json_object(v->json);
		field_time(v, "at_ns", exec->at);
		pw_field_string(v->json, "exe", exec->exe);
		field_argv(v, exec);
		pw_field_bool(v->json, "argv_truncated", exec->truncated);
		pw_json_end(v->json);
	}
	pw_json_end(v->json);
}

static void names(const struct view *v, const struct pw_process *process)
{
	pw_json_key(v->json, "names");
	pw_json_array(v->json);
	for (size_t i = 0; i < process->n_names; i++) {
		pw_json_object(v->json);
		field_since(v, "at_ns", process->names[i].at);
		field_comm(v, "comm", process->names[i].comm);
		pw_json_end(v->json);
	}
	pw_json_end(v->json);
}

static void exit_object(const struct view *v, const struct pw_process *process)
{
	const int status = (int)process->wait_status;
	/* Not WIFSIGNALED: a status out of a damaged file may be of neither kind, and is no exit. */
	const bool killed = !WIFEXITED(status);

	pw_json_key(v->json, "exit");
	if (!process->exited) {
		pw_json_null(v->json);
		return;
	}
	pw_json_object(v->json);
	field_time(v, "at_ns", process->exit_at);
	if (!process->status_known) {
		pw_field_null(v->json, "code");
		pw_field_null(v->json, "signal");
		pw_field_null(v->json, "core_dumped");
	} else {
		if (killed)
			pw_field_null(v->json, "code");
		else
			pw_field_u64(v->json, "code", (uint64_t)WEXITSTATUS(status));
		pw_field_pid(v->json, "signal", (uint32_t)WTERMSIG(status));
		pw_field_bool(v->json, "core_dumped", killed && WCOREDUMP(status));
	}
	field_time(v, "begun_ns", process->exit_begun);
	field_time(v, "notified_ns", process->notified_at);
	pw_field_string(v->json, "precision", pw_process_end_seen(process) ? "exact" : "bounded");
	pw_json_end(v->json);
}

static void zombie_object(const struct view *v, const struct pw_process *process)
{
	pw_json_key(v->json, "zombie");
	if (!process->zombie_from) {
		pw_json_null(v->json);
		return;
	}
	pw_json_object(v->json);
	field_since(v, "from_ns", process->zombie_from);
	field_time(v, "to_ns", process->zombie_to);
	if (process->zombie_to)
		pw_field_u64(v->json, "ns", process->zombie_to - process->zombie_from);
	else
		pw_field_null(v->json, "ns");
	pw_json_end(v->json);
}

static void reap_object(const struct view *v, const struct pw_process *process)
{
	static const char *const how[] = {
		[PW_REAPED_NOT] = NULL,
		[PW_REAPED_WAIT] = "wait",
		[PW_REAPED_AUTO] = "auto",
		[PW_REAPED_UNOBSERVED] = "unobserved",
	};

	pw_json_key(v->json, "reap");
	if (process->reaped == PW_REAPED_NOT) {
		pw_json_null(v->json);
		return;
	}
	pw_json_object(v->json);
	field_time(v, "at_ns", process->reap_at);
	pw_field_pid(v->json, "by_pid", process->reaper_pid);
	field_comm(v, "by_comm", process->reaper_comm);
	pw_field_string(v->json, "how", how[process->reaped]);
	if (process->exit_at && process->reap_at)
		pw_field_u64(v->json, "latency_ns", process->reap_at - process->exit_at);
	else
		pw_field_null(v->json, "latency_ns");
	pw_field_string(v->json, "precision", process->reap_bounded ? "bounded" : "exact");
	pw_json_end(v->json);
}

static void identity(const struct view *v, const struct pw_process *process)
{
	const struct pw_exec_record *image = pw_process_image(process);

	pw_field_u64(v->json, "pid", process->pid);
	field_since(v, "start_ns", process->start);
	pw_field_pid(v->json, "ns_pid", process->ns_pid);
	field_comm(v, "comm", process->comm);
	pw_field_string(v->json, "exe", image ? image->exe : NULL);
	field_argv(v, image);
	pw_field_u64(v->json, "uid", process->uid);
	pw_field_string(v->json, "cgroup", process->cgroup);
	pw_field_bool(v->json, "seeded", process->seeded);
}

void pw_json_earlier(struct pw_json *j, const struct pw_earlier *e)
{
	const struct view v = {.json = j};

	pw_json_object(j);
	field_comm(&v, "comm", e->comm);
	pw_field_u64(j, "processes", e->processes);
	pw_field_u64(j, "lives", e->processes); /* its older name */
	pw_json_key(j, "ends");
	pw_json_object(j);
	pw_field_u64(j, "exit_zero", e->exit_zero);
	pw_field_u64(j, "exit_other", e->exit_other);
	pw_field_u64(j, "killed", e->killed);
	pw_field_u64(j, "unseen", e->end_unseen);
	pw_json_end(j);
	pw_json_key(j, "reaps");
	pw_json_object(j);
	pw_field_u64(j, "wait", e->reaped_wait);
	pw_field_u64(j, "auto", e->reaped_auto);
	pw_field_u64(j, "unobserved", e->reaped_unobserved);
	pw_json_end(j);
	pw_field_u64(j, "longest_zombie_ns", e->longest_zombie);
	field_totals(&v, e->totals);
	pw_field_u64(j, "cpu_ns", e->cpu_ns);
	field_switches(&v, &e->switches);
	pw_field_u64(j, "wakeups", e->wakeups);
	pw_field_u64(j, "migrations", e->migrations);
	pw_json_end(j);
}

void pw_json_process(struct pw_json *j, const struct pw_process *process, uint64_t start_ns,
		     const struct pw_view_filter *threads)
{
	static void (*const parts[])(const struct view *, const struct pw_process *) = {
		identity, fork_parent, parents, execs, names, exit_object, zombie_object, reap_object,
	};
	const struct view v = {.json = j, .zero = start_ns, .filter = threads};

	pw_json_object(j);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (threads && i)
			pw_json_line(j);
		parts[i](&v, process);
	}
	if (threads)
		pw_json_line(j);
	field_totals(&v, process->totals);
	pw_field_u64(j, "cpu_ns", process->cpu_ns);
	field_switches(&v, &process->switches);
	pw_field_u64(j, "wakeups", process->wakeups);
	pw_field_u64(j, "migrations", process->migrations);
	pw_field_u64(j, "contradictions", process->contradictions);
	ended_threads(&v, &process->ended_threads);
	if (threads) {
		pw_json_line(j);
		pw_json_key(j, "threads");
		pw_json_array(j);
		for (const struct pw_thread *t = process->threads; t && !j->err; t = t->next)
			thread_object(&v, t);
		pw_json_end(j);
	}
	pw_json_end(j);
}
