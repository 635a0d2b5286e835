// SPDX-License-Identifier: GPL-2.0-only
#include "report/html/document.h"

#include <string.h>

#include "findings/findings.h"
#include "lesson/lesson.h"
#include "report/json_life.h"
#include "util/json.h"
#include "util/signals.h"
#include "util/syscalls.h"

static void field_string(struct pw_json *j, const char *key, const char *text)
{
	pw_json_key(j, key);
	pw_json_string(j, text);
}

static void field_u64(struct pw_json *j, const char *key, uint64_t value)
{
	pw_json_key(j, key);
	pw_json_u64(j, value);
}

static void recording(struct pw_json *j, const struct pw_session *s, const struct pw_model *model)
{
	static const char *const kinds[] = {
		[PW_TARGET_RUN] = "run",
		[PW_TARGET_ATTACH] = "attach",
		[PW_TARGET_SYSTEM] = "system",
	};

	field_string(j, "version", PW_VERSION);
	field_string(j, "kernel", s->kernel);
	field_string(j, "machine", s->machine);
	field_u64(j, "cpus", s->cpus);
	field_string(j, "reap_hook", s->hook_reap);
	field_string(j, "target", kinds[s->target]);
	field_string(j, "demo", s->demo);
	pw_json_key(j, "command");
	pw_json_array(j);
	for (const char *const *word = s->command; word && *word; word++)
		pw_json_string(j, *word);
	pw_json_end(j);
	pw_json_key(j, "pids");
	pw_json_array(j);
	for (size_t i = 0; i < s->n_pids; i++)
		pw_json_u64(j, s->pids[i]);
	pw_json_end(j);
	field_u64(j, "duration_ns", s->duration_ns);
	pw_json_key(j, "start_wall_ms");
	pw_json_i64(j, s->start_wall_ns / 1000000);
	field_u64(j, "received", s->received);
	field_u64(j, "lost", s->lost);
	field_u64(j, "skipped", s->skipped);
	field_u64(j, "holes", pw_model_stats(model)->holes);
}

static void lost_ranges(struct pw_json *j, const struct pw_model *model, uint64_t zero)
{
	pw_json_key(j, "lost_ranges");
	pw_json_array(j);
	for (size_t i = 0; i < pw_model_lost_count(model); i++) {
		const struct pw_lost_range *range = pw_model_lost(model, i);

		pw_json_array(j);
		pw_json_difference(j, range->from, zero);
		pw_json_difference(j, range->to, zero);
		pw_json_u64(j, range->count);
		pw_json_u64(j, range->cpu);
		pw_json_end(j);
	}
	pw_json_end(j);
}

/* [state, detail, system call, has a CPU, has a waker] */
static void kinds_array(struct pw_json *j, const struct pw_kinds *kinds)
{
	pw_json_key(j, "kinds");
	pw_json_array(j);
	for (size_t i = 0; i < kinds->count; i++) {
		const struct pw_kind *k = &kinds->at[i];
		const char *call = pw_syscall_name(k->syscall);
		char number[32];

		snprintf(number, sizeof(number), "syscall_%d", k->syscall);
		pw_json_array(j);
		pw_json_string(j, pw_state_name(k->state));
		pw_json_string(j, pw_detail_name(k->detail));
		pw_json_string(j, k->syscall < 0 ? NULL : call ? call : number);
		pw_json_bool(j, k->has_cpu);
		pw_json_bool(j, k->has_by);
		pw_json_end(j);
	}
	pw_json_end(j);
}

static void lives(struct pw_json *j, const struct pw_model *model, uint64_t zero)
{
	const size_t count = pw_model_count(model);

	pw_json_key(j, "lives");
	pw_json_array(j);
	for (size_t i = 0; i < count && !j->err; i++)
		pw_json_life(j, pw_model_life(model, i), zero, NULL);
	pw_json_end(j);
}

/* The lives that were zombies for long enough to be worth a word, by index. */
static void long_zombies(struct pw_json *j, const struct pw_model *model, uint64_t recording_ns)
{
	const size_t count = pw_model_count(model);

	pw_json_key(j, "long_zombies");
	pw_json_array(j);
	for (size_t i = 0; i < count; i++)
		if (pw_zombie_is_long(pw_model_life(model, i), recording_ns))
			pw_json_u64(j, i);
	pw_json_end(j);
}

/* The first interval and how many there are: what the columns do not say. */
static void thread_intervals(struct pw_json *j, const struct pw_thread *t, uint64_t zero)
{
	struct pw_thread_iter it;
	struct pw_span span;
	uint64_t count = 0, from = t->start;

	pw_thread_iter_init(&it, t);
	while (pw_thread_iter_next(&it, &span))
		if (count++ == 0)
			from = span.from;
	pw_json_difference(j, from, zero);
	pw_json_u64(j, count);
}

/* [life, tid, name, start, exit or null, first interval, intervals, voluntary, involuntary, wake-ups, migrations] */
static void thread_array(struct pw_json *j, const struct pw_thread *t, size_t life, uint64_t zero)
{
	pw_json_array(j);
	pw_json_u64(j, life);
	pw_json_u64(j, t->tid);
	pw_json_bytes(j, t->comm, strnlen(t->comm, PW_COMM_LEN));
	pw_json_difference(j, t->start, zero);
	if (t->exit)
		pw_json_difference(j, t->exit, zero);
	else
		pw_json_null(j);
	thread_intervals(j, t, zero);
	pw_json_u64(j, t->switches.voluntary);
	pw_json_u64(j, t->switches.involuntary);
	pw_json_u64(j, t->wakeups);
	pw_json_u64(j, t->migrations);
	pw_json_end(j);
}

static void threads(struct pw_json *j, const struct pw_model *model, uint64_t zero)
{
	const size_t count = pw_model_count(model);

	pw_json_key(j, "threads");
	pw_json_array(j);
	for (size_t i = 0; i < count && !j->err; i++)
		for (const struct pw_thread *t = pw_model_life(model, i)->threads; t; t = t->next)
			thread_array(j, t, i, zero);
	pw_json_end(j);
}

/* A number that JavaScript can hold exactly; else its digits. */
static void mark_value(struct pw_json *j, const struct pw_passed *mark)
{
	const int64_t exact = INT64_C(1) << 53;
	char digits[32];

	snprintf(digits, sizeof(digits), "%lld", (long long)mark->value);
	if (!mark->valued)
		pw_json_null(j);
	else if (mark->value <= exact && mark->value >= -exact)
		pw_json_i64(j, mark->value);
	else
		pw_json_string(j, digits);
}

/* The marks of programs: [thread, at, name, value or null], thread after thread. */
static void points(struct pw_json *j, const struct pw_model *model, uint64_t zero)
{
	const size_t count = pw_model_count(model);
	uint64_t thread = 0;

	pw_json_key(j, "points");
	pw_json_array(j);
	for (size_t i = 0; i < count && !j->err; i++) {
		for (const struct pw_thread *t = pw_model_life(model, i)->threads; t; t = t->next, thread++) {
			for (size_t k = 0; k < t->n_marks; k++) {
				pw_json_array(j);
				pw_json_u64(j, thread);
				pw_json_difference(j, t->marks[k].at, zero);
				pw_json_string(j, t->marks[k].name);
				mark_value(j, &t->marks[k]);
				pw_json_end(j);
			}
		}
	}
	pw_json_end(j);
}

/* [at, signal, from pid, to pid, result] */
static void signals(struct pw_json *j, const struct pw_model *model, uint64_t zero)
{
	const size_t count = pw_model_signal_count(model);

	pw_json_key(j, "signals");
	pw_json_array(j);
	for (size_t i = 0; i < count && !j->err; i++) {
		const struct pw_signal_record *s = pw_model_signal(model, i);
		const char *name = pw_signal_name(s->sig);
		char number[32];

		snprintf(number, sizeof(number), "signal %d", s->sig);
		pw_json_array(j);
		pw_json_difference(j, s->at, zero);
		pw_json_string(j, name ? name : number);
		pw_json_u64(j, s->from_pid);
		pw_json_u64(j, s->to_pid);
		pw_json_i64(j, s->result);
		pw_json_end(j);
	}
	pw_json_end(j);
}

/* The names of the signals that ended a life, by number. */
static void signal_names(struct pw_json *j)
{
	pw_json_key(j, "signal_names");
	pw_json_array(j);
	for (int sig = 0; sig <= 64; sig++)
		pw_json_string(j, pw_signal_name(sig));
	pw_json_end(j);
}

static void findings(struct pw_json *j, const struct pw_findings *found, uint64_t zero)
{
	const size_t count = found ? found->count : 0;

	pw_json_key(j, "findings");
	pw_json_array(j);
	for (size_t i = 0; i < count; i++) {
		const struct pw_finding *f = &found->at[i];

		pw_json_object(j);
		field_string(j, "code", f->code);
		field_string(j, "severity", f->severity == PW_WARNING ? "warning" : "note");
		field_u64(j, "pid", f->pid);
		pw_json_key(j, "start_ns");
		if (f->pid)
			pw_json_difference(j, f->start, zero);
		else
			pw_json_null(j);
		field_string(j, "text", f->text);
		pw_json_end(j);
	}
	pw_json_end(j);
}

static void lesson(struct pw_json *j, const struct pw_lesson *learnt)
{
	const struct pw_demo *demo = learnt && learnt->demo ? pw_demo_find(learnt->demo) : NULL;

	pw_json_key(j, "lesson");
	if (!learnt) {
		pw_json_null(j);
		return;
	}
	pw_json_object(j);
	field_string(j, "demo", learnt->demo);
	field_string(j, "title", demo ? demo->title : NULL);
	pw_json_key(j, "claims");
	pw_json_array(j);
	for (size_t i = 0; i < learnt->count; i++) {
		pw_json_object(j);
		field_string(j, "id", learnt->claims[i].id);
		field_string(j, "text", learnt->claims[i].text);
		pw_json_key(j, "held");
		pw_json_bool(j, learnt->claims[i].held);
		field_string(j, "evidence", learnt->claims[i].evidence);
		pw_json_end(j);
	}
	pw_json_end(j);
	pw_json_end(j);
}

int pw_page_document(const struct pw_report *r, const struct pw_kinds *kinds, FILE *out)
{
	const uint64_t zero = r->session->start_ns;
	struct pw_json json, *j = &json;

	pw_json_init(j, out);
	pw_json_object(j);
	recording(j, r->session, r->model);
	lost_ranges(j, r->model, zero);
	kinds_array(j, kinds);
	lives(j, r->model, zero);
	long_zombies(j, r->model, r->session->duration_ns);
	threads(j, r->model, zero);
	points(j, r->model, zero);
	signals(j, r->model, zero);
	signal_names(j);
	findings(j, r->findings, zero);
	lesson(j, r->lesson);
	pw_json_end(j);
	return pw_json_finish(j);
}
