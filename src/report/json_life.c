/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/json_life.h"

#include <stdio.h>
#include <string.h>

#include "util/syscalls.h"

/* Where the pieces of a life are written to, and the zero of its times. */
struct view {
	struct pw_json *json;
	uint64_t zero;
	const struct pw_choice *choice; /* of the intervals */
};

/* ---- single fields; what was not seen is null */

static void field_u64(const struct view *v, const char *key, uint64_t value)
{
	pw_json_key(v->json, key);
	pw_json_u64(v->json, value);
}

static void field_null(const struct view *v, const char *key)
{
	pw_json_key(v->json, key);
	pw_json_null(v->json);
}

/* A time that is always known. */
static void field_since(const struct view *v, const char *key, uint64_t at)
{
	pw_json_key(v->json, key);
	pw_json_difference(v->json, at, v->zero);
}

/* A time that may not have been seen. */
static void field_time(const struct view *v, const char *key, uint64_t at)
{
	if (at)
		field_since(v, key, at);
	else
		field_null(v, key);
}

/* A number that is nobody's, or nothing's, when 0. */
static void field_pid(const struct view *v, const char *key, uint32_t pid)
{
	if (pid)
		field_u64(v, key, pid);
	else
		field_null(v, key);
}

static void field_bool(const struct view *v, const char *key, bool value)
{
	pw_json_key(v->json, key);
	pw_json_bool(v->json, value);
}

static void field_string(const struct view *v, const char *key, const char *text)
{
	pw_json_key(v->json, key);
	pw_json_string(v->json, text);
}

/* A name nobody told is empty. */
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
	field_u64(v, "voluntary", switches->voluntary);
	field_u64(v, "involuntary", switches->involuntary);
	pw_json_end(v->json);
}

static void field_totals(const struct view *v, const uint64_t totals[PW_STATE_COUNT])
{
	pw_json_key(v->json, "totals_ns");
	pw_json_object(v->json);
	for (int state = 0; state < PW_STATE_COUNT; state++)
		field_u64(v, pw_state_name((enum pw_state)state), totals[state]);
	pw_json_end(v->json);
}

/* ---- threads */

static void field_detail(const struct view *v, const struct pw_span *span)
{
	const char *kind = pw_detail_name(span->detail);
	const char *call;
	char text[96];

	pw_json_key(v->json, "detail");
	if (!kind[0]) {
		pw_json_null(v->json);
		return;
	}
	if (span->state != PW_BLOCKED || span->syscall < 0) {
		pw_json_string(v->json, kind);
		return;
	}
	call = pw_syscall_name(span->syscall);
	if (call)
		snprintf(text, sizeof(text), "%s:%s", kind, call);
	else
		snprintf(text, sizeof(text), "%s:syscall_%d", kind, span->syscall);
	pw_json_string(v->json, text);
}

static void field_waker(const struct view *v, uint32_t by)
{
	if (by == PW_NO_WAKER)
		field_null(v, "by");
	else if (by == PW_IRQ_WAKER)
		field_string(v, "by", "irq");
	else
		field_u64(v, "by", by);
}

static void interval(const struct view *v, const struct pw_span *span)
{
	struct pw_json *j = v->json;

	pw_json_line(j);
	pw_json_object(j);
	field_since(v, "from_ns", span->from);
	field_since(v, "to_ns", span->to);
	field_string(v, "state", pw_state_name(span->state));
	if (span->state == PW_RUNNING && span->cpu != PW_NO_CPU)
		field_u64(v, "cpu", span->cpu);
	else
		field_null(v, "cpu");
	field_detail(v, span);
	field_waker(v, span->by);
	pw_json_end(j);
}

static void marks(const struct view *v, const struct pw_thread *thread)
{
	struct pw_json *j = v->json;

	pw_json_line(j);
	pw_json_key(j, "marks");
	pw_json_array(j);
	for (size_t i = 0; i < thread->n_marks && !j->err; i++) {
		const struct pw_passed *mark = &thread->marks[i];

		if (mark->at < v->choice->from || mark->at > v->choice->to)
			continue;
		pw_json_line(j);
		pw_json_object(j);
		field_since(v, "at_ns", mark->at);
		field_string(v, "name", mark->name);
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
	field_u64(v, "tid", thread->tid);
	field_comm(v, "comm", thread->comm);
	field_since(v, "start_ns", thread->start);
	field_time(v, "exit_ns", thread->exit);
	field_totals(v, thread->totals);
	field_switches(v, &thread->switches);
	field_u64(v, "switch_ins", thread->switch_ins);
	field_u64(v, "wakeups", thread->wakeups);
	field_u64(v, "migrations", thread->migrations);
	field_u64(v, "holes", thread->holes);
	pw_json_line(j);
	pw_json_key(j, "intervals");
	pw_json_array(j);
	pw_thread_iter_init(&it, thread);
	while (!j->err && pw_thread_iter_next(&it, &span))
		if (pw_choice_cut(v->choice, &span))
			interval(v, &span);
	pw_json_end(j);
	marks(v, thread);
	pw_json_end(j);
}

/* Those that ended long ago, of which only sums are kept. */
static void ended_threads(const struct view *v, const struct pw_ended_threads *ended)
{
	pw_json_key(v->json, "ended_threads");
	if (!ended->count) {
		pw_json_null(v->json);
		return;
	}
	pw_json_object(v->json);
	field_u64(v, "count", ended->count);
	field_totals(v, ended->totals);
	field_switches(v, &ended->switches);
	field_u64(v, "switch_ins", ended->switch_ins);
	field_u64(v, "wakeups", ended->wakeups);
	field_u64(v, "migrations", ended->migrations);
	field_u64(v, "holes", ended->holes);
	pw_json_end(v->json);
}

/* ---- the life, a line for each of its chapters */

static void fork_parent(const struct view *v, const struct pw_life *life)
{
	const struct pw_parent *parent = life->parents;

	pw_json_key(v->json, "fork_parent");
	if (!life->n_parents || life->seeded) {
		/* Whoever is the parent of a process found running may have adopted it. */
		pw_json_null(v->json);
		return;
	}
	pw_json_object(v->json);
	field_u64(v, "pid", parent->pid);
	field_time(v, "start_ns", parent->start);
	field_comm(v, "comm", parent->comm);
	pw_json_end(v->json);
}

static void parents(const struct view *v, const struct pw_life *life)
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
	for (size_t i = 0; i < life->n_parents; i++) {
		const struct pw_parent *parent = &life->parents[i];

		pw_json_object(v->json);
		field_since(v, "from_ns", parent->from);
		field_u64(v, "pid", parent->pid);
		field_comm(v, "comm", parent->comm);
		field_string(v, "why", life->seeded && !i ? NULL : why[parent->why]);
		field_string(v, "adopter", adopter[parent->adopter]);
		field_time(v, "start_ns", parent->start);
		field_string(v, "precision", parent->bounded ? "bounded" : "exact");
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

static void execs(const struct view *v, const struct pw_life *life)
{
	pw_json_key(v->json, "execs");
	pw_json_array(v->json);
	for (size_t i = 0; i < life->n_execs; i++) {
		const struct pw_exec_record *exec = &life->execs[i];

		pw_json_object(v->json);
		field_time(v, "at_ns", exec->at);
		field_string(v, "exe", exec->exe);
		field_argv(v, exec);
		field_bool(v, "argv_truncated", exec->truncated);
		pw_json_end(v->json);
	}
	pw_json_end(v->json);
}

static void names(const struct view *v, const struct pw_life *life)
{
	pw_json_key(v->json, "names");
	pw_json_array(v->json);
	for (size_t i = 0; i < life->n_names; i++) {
		pw_json_object(v->json);
		field_since(v, "at_ns", life->names[i].at);
		field_comm(v, "comm", life->names[i].comm);
		pw_json_end(v->json);
	}
	pw_json_end(v->json);
}

static void exit_object(const struct view *v, const struct pw_life *life)
{
	uint32_t status = life->wait_status, signal = status & 0x7f;

	pw_json_key(v->json, "exit");
	if (!life->exited) {
		pw_json_null(v->json);
		return;
	}
	pw_json_object(v->json);
	field_time(v, "at_ns", life->exit_at);
	if (!life->status_known) {
		field_null(v, "code");
		field_null(v, "signal");
		field_null(v, "core_dumped");
	} else {
		if (signal)
			field_null(v, "code");
		else
			field_u64(v, "code", status >> 8 & 0xff);
		field_pid(v, "signal", signal);
		field_bool(v, "core_dumped", signal && status & 0x80);
	}
	field_time(v, "begun_ns", life->exit_begun);
	field_time(v, "notified_ns", life->notified_at);
	field_string(v, "precision", pw_life_end_seen(life) ? "exact" : "bounded");
	pw_json_end(v->json);
}

static void zombie_object(const struct view *v, const struct pw_life *life)
{
	pw_json_key(v->json, "zombie");
	if (!life->zombie_from) {
		pw_json_null(v->json);
		return;
	}
	pw_json_object(v->json);
	field_since(v, "from_ns", life->zombie_from);
	field_time(v, "to_ns", life->zombie_to);
	if (life->zombie_to)
		field_u64(v, "ns", life->zombie_to - life->zombie_from);
	else
		field_null(v, "ns");
	pw_json_end(v->json);
}

static void reap_object(const struct view *v, const struct pw_life *life)
{
	static const char *const how[] = {
		[PW_REAPED_NOT] = NULL,
		[PW_REAPED_WAIT] = "wait",
		[PW_REAPED_AUTO] = "auto",
		[PW_REAPED_UNOBSERVED] = "unobserved",
	};

	pw_json_key(v->json, "reap");
	if (life->reaped == PW_REAPED_NOT) {
		pw_json_null(v->json);
		return;
	}
	pw_json_object(v->json);
	field_time(v, "at_ns", life->reap_at);
	field_pid(v, "by_pid", life->reaper_pid);
	field_comm(v, "by_comm", life->reaper_comm);
	field_string(v, "how", how[life->reaped]);
	if (life->exit_at && life->reap_at)
		field_u64(v, "latency_ns", life->reap_at - life->exit_at);
	else
		field_null(v, "latency_ns");
	field_string(v, "precision", life->reap_bounded ? "bounded" : "exact");
	pw_json_end(v->json);
}

static void identity(const struct view *v, const struct pw_life *life)
{
	const struct pw_exec_record *image = pw_life_image(life);

	field_u64(v, "pid", life->pid);
	field_since(v, "start_ns", life->start);
	field_pid(v, "ns_pid", life->ns_pid);
	field_comm(v, "comm", life->comm);
	field_string(v, "exe", image ? image->exe : NULL);
	field_argv(v, image);
	field_u64(v, "uid", life->uid);
	field_string(v, "cgroup", life->cgroup);
	field_bool(v, "seeded", life->seeded);
}

void pw_json_earlier(struct pw_json *j, const struct pw_earlier *e)
{
	const struct view v = {.json = j};

	pw_json_object(j);
	field_comm(&v, "comm", e->comm);
	field_u64(&v, "lives", e->lives);
	pw_json_key(j, "ends");
	pw_json_object(j);
	field_u64(&v, "exit_zero", e->exit_zero);
	field_u64(&v, "exit_other", e->exit_other);
	field_u64(&v, "killed", e->killed);
	field_u64(&v, "unseen", e->end_unseen);
	pw_json_end(j);
	pw_json_key(j, "reaps");
	pw_json_object(j);
	field_u64(&v, "wait", e->reaped_wait);
	field_u64(&v, "auto", e->reaped_auto);
	field_u64(&v, "unobserved", e->reaped_unobserved);
	pw_json_end(j);
	field_u64(&v, "longest_zombie_ns", e->longest_zombie);
	field_totals(&v, e->totals);
	field_u64(&v, "cpu_ns", e->cpu_ns);
	field_switches(&v, &e->switches);
	field_u64(&v, "wakeups", e->wakeups);
	field_u64(&v, "migrations", e->migrations);
	pw_json_end(j);
}

void pw_json_life(struct pw_json *j, const struct pw_life *life, uint64_t start_ns,
		  const struct pw_choice *threads)
{
	static void (*const chapters[])(const struct view *, const struct pw_life *) = {
		identity, fork_parent, parents, execs, names, exit_object, zombie_object, reap_object,
	};
	const struct view v = {.json = j, .zero = start_ns, .choice = threads};

	pw_json_object(j);
	for (size_t i = 0; i < sizeof(chapters) / sizeof(chapters[0]); i++) {
		if (threads && i)
			pw_json_line(j);
		chapters[i](&v, life);
	}
	if (threads)
		pw_json_line(j);
	field_totals(&v, life->totals);
	field_u64(&v, "cpu_ns", life->cpu_ns);
	field_switches(&v, &life->switches);
	field_u64(&v, "wakeups", life->wakeups);
	field_u64(&v, "migrations", life->migrations);
	field_u64(&v, "contradictions", life->contradictions);
	ended_threads(&v, &life->ended_threads);
	if (threads) {
		pw_json_line(j);
		pw_json_key(j, "threads");
		pw_json_array(j);
		for (const struct pw_thread *t = life->threads; t && !j->err; t = t->next)
			thread_object(&v, t);
		pw_json_end(j);
	}
	pw_json_end(j);
}
