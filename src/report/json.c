/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The JSON report, "procwatch.report/1": docs/report.schema.json describes it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "findings/findings.h"
#include "lesson/lesson.h"
#include "report/json_life.h"
#include "report/report.h"
#include "util/json.h"

static void field_u64(struct pw_json *j, const char *key, uint64_t value)
{
	pw_json_key(j, key);
	pw_json_u64(j, value);
}

static void field_string(struct pw_json *j, const char *key, const char *text)
{
	pw_json_key(j, key);
	pw_json_string(j, text);
}

static void field_since(struct pw_json *j, const char *key, uint64_t at, uint64_t zero)
{
	pw_json_key(j, key);
	pw_json_difference(j, at, zero);
}

/* A pid of 0 stands for nobody. */
static void field_pid(struct pw_json *j, const char *key, uint32_t pid)
{
	pw_json_key(j, key);
	if (pid)
		pw_json_u64(j, pid);
	else
		pw_json_null(j);
}

static void host(struct pw_json *j, const struct pw_session *session)
{
	pw_json_line(j);
	pw_json_key(j, "host");
	pw_json_object(j);
	field_string(j, "kernel", session->kernel);
	field_string(j, "machine", session->machine);
	field_u64(j, "cpus", session->cpus);
	field_string(j, "boot_id", session->boot_id);
	pw_json_end(j);
}

static void hooks(struct pw_json *j, const struct pw_session *session)
{
	pw_json_line(j);
	pw_json_key(j, "hooks");
	pw_json_object(j);
	field_string(j, "reap", session->hook_reap);
	field_string(j, "reparent", session->hook_reparent);
	field_string(j, "switch", session->hook_switch);
	pw_json_end(j);
}

static void target(struct pw_json *j, const struct pw_session *session)
{
	static const char *const kinds[] = {
		[PW_TARGET_RUN] = "run",
		[PW_TARGET_ATTACH] = "attach",
		[PW_TARGET_SYSTEM] = "system",
	};

	pw_json_line(j);
	pw_json_key(j, "target");
	pw_json_object(j);
	field_string(j, "kind", kinds[session->target]);
	pw_json_key(j, "command");
	if (session->command) {
		pw_json_array(j);
		for (const char *const *word = session->command; *word; word++)
			pw_json_string(j, *word);
		pw_json_end(j);
	} else {
		pw_json_null(j);
	}
	pw_json_key(j, "pids");
	pw_json_array(j);
	for (size_t i = 0; i < session->n_pids; i++)
		pw_json_u64(j, session->pids[i]);
	pw_json_end(j);
	pw_json_end(j);
}

static void window(struct pw_json *j, const struct pw_session *session)
{
	int64_t ns = session->start_wall_ns % 1000000000;
	time_t seconds = session->start_wall_ns / 1000000000;
	char day[40], wall[64];
	struct tm tm;

	if (ns < 0) {
		ns += 1000000000;
		seconds--;
	}
	pw_json_line(j);
	pw_json_key(j, "window");
	pw_json_object(j);
	field_u64(j, "start_ns", session->start_ns);
	if (gmtime_r(&seconds, &tm) && strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm)) {
		snprintf(wall, sizeof(wall), "%s.%09" PRId64 "Z", day, ns);
		field_string(j, "start_wall", wall);
	} else {
		field_string(j, "start_wall", NULL);
	}
	field_u64(j, "duration_ns", session->duration_ns);
	pw_json_end(j);
}

/* From "on_exit=2 on_wait4=1", which may have come out of a file. */
static void skipped_by(struct pw_json *j, const char *text)
{
	char name[32];
	uint64_t runs;
	int n = 0;

	pw_json_key(j, "skipped_by");
	pw_json_array(j);
	for (; text && sscanf(text, " %31[^= ]=%" SCNu64 "%n", name, &runs, &n) == 2; text += n) {
		pw_json_object(j);
		pw_json_key(j, "program");
		pw_json_string(j, name);
		field_u64(j, "runs", runs);
		pw_json_end(j);
	}
	pw_json_end(j);
}

static void events(struct pw_json *j, const struct pw_session *session, const struct pw_model *model)
{
	const struct pw_model_stats *stats = pw_model_stats(model);

	pw_json_line(j);
	pw_json_key(j, "events");
	pw_json_object(j);
	field_u64(j, "received", session->received);
	field_u64(j, "lost", session->lost);
	pw_json_key(j, "lost_ranges");
	pw_json_array(j);
	for (size_t i = 0; i < pw_model_lost_count(model); i++) {
		const struct pw_lost_range *range = pw_model_lost(model, i);

		pw_json_object(j);
		field_since(j, "from_ns", range->from, session->start_ns);
		field_since(j, "to_ns", range->to, session->start_ns);
		field_u64(j, "count", range->count);
		field_u64(j, "cpu", range->cpu);
		pw_json_end(j);
	}
	pw_json_end(j);
	field_u64(j, "skipped", session->skipped);
	skipped_by(j, session->skipped_by);
	field_u64(j, "holes", stats->holes);
	field_u64(j, "contradictions", stats->contradictions);
	field_u64(j, "strangers", stats->strangers);
	pw_json_end(j);
}

/* What memory was too short for, or nobody wanted: see --keep. */
static void kept(struct pw_json *j, const struct pw_session *session, const struct pw_model *model)
{
	const uint64_t from = pw_model_kept_from(model);

	pw_json_line(j);
	pw_json_key(j, "kept");
	if (!from) {
		pw_json_null(j);
		return;
	}
	pw_json_object(j);
	field_since(j, "from_ns", from, session->start_ns);
	field_u64(j, "earlier_lives", pw_model_folded(model));
	pw_json_key(j, "earlier");
	pw_json_array(j);
	for (size_t i = 0; i < pw_model_earlier_count(model) && !j->err; i++) {
		pw_json_line(j);
		pw_json_earlier(j, pw_model_earlier(model, i));
	}
	pw_json_end(j);
	pw_json_end(j);
}

static void processes(struct pw_json *j, const struct pw_report *r, const struct pw_choice *choice)
{
	pw_json_line(j);
	pw_json_key(j, "processes");
	pw_json_array(j);
	for (size_t i = 0; i < choice->n_lives && !j->err; i++) {
		pw_json_line(j);
		pw_json_life(j, pw_model_life(r->model, choice->lives[i]), r->session->start_ns, choice);
	}
	pw_json_end(j);
}

/* enum trace_signal_result */
static const char *signal_result(int result)
{
	static const char *const names[] = {"delivered", "ignored", "pending", "overflow", "info_lost"};

	return result >= 0 && result < (int)(sizeof(names) / sizeof(names[0])) ? names[result] : NULL;
}

static void signals(struct pw_json *j, const struct pw_session *session, const struct pw_model *model)
{
	size_t count = pw_model_signal_count(model);

	pw_json_line(j);
	pw_json_key(j, "signals");
	pw_json_array(j);
	for (size_t i = 0; i < count && !j->err; i++) {
		const struct pw_signal_record *s = pw_model_signal(model, i);

		pw_json_line(j);
		pw_json_object(j);
		field_since(j, "at_ns", s->at, session->start_ns);
		pw_json_key(j, "signal");
		pw_json_i64(j, s->sig);
		field_pid(j, "from_pid", s->from_pid);
		field_pid(j, "from_tid", s->from_tid);
		field_pid(j, "to_pid", s->to_pid);
		pw_json_key(j, "code");
		pw_json_i64(j, s->code);
		field_string(j, "result", signal_result(s->result));
		pw_json_end(j);
	}
	pw_json_end(j);
}

static void findings(struct pw_json *j, const struct pw_session *session, const struct pw_findings *found)
{
	size_t count = found ? found->count : 0;

	pw_json_line(j);
	pw_json_key(j, "findings");
	pw_json_array(j);
	for (size_t i = 0; i < count; i++) {
		const struct pw_finding *f = &found->at[i];

		pw_json_line(j);
		pw_json_object(j);
		field_string(j, "code", f->code);
		field_string(j, "severity", f->severity == PW_WARNING ? "warning" : "note");
		field_pid(j, "pid", f->pid);
		field_string(j, "text", f->text);
		pw_json_key(j, "start_ns");
		if (f->pid)
			pw_json_difference(j, f->start, session->start_ns);
		else
			pw_json_null(j);
		pw_json_end(j);
	}
	pw_json_end(j);
}

static void lesson(struct pw_json *j, const struct pw_lesson *learnt)
{
	pw_json_line(j);
	pw_json_key(j, "lesson");
	if (!learnt) {
		pw_json_null(j);
		return;
	}
	pw_json_object(j);
	field_string(j, "demo", learnt->demo);
	pw_json_key(j, "claims");
	pw_json_array(j);
	for (size_t i = 0; i < learnt->count; i++) {
		const struct pw_claim *claim = &learnt->claims[i];

		pw_json_line(j);
		pw_json_object(j);
		field_string(j, "id", claim->id);
		field_string(j, "text", claim->text);
		pw_json_key(j, "held");
		pw_json_bool(j, claim->held);
		field_string(j, "evidence", claim->evidence);
		pw_json_end(j);
	}
	pw_json_end(j);
	pw_json_end(j);
}

int pw_report_json(const struct pw_report *r, FILE *out)
{
	struct pw_json json, *j = &json;
	struct pw_choice choice;
	int err = pw_choice_make(&choice, r);

	if (err) {
		pw_choice_free(&choice);
		return err;
	}
	pw_json_init(j, out);
	pw_json_object(j);
	field_string(j, "schema", "procwatch.report/1");
	field_string(j, "version", PW_VERSION);
	host(j, r->session);
	hooks(j, r->session);
	target(j, r->session);
	window(j, r->session);
	events(j, r->session, r->model);
	kept(j, r->session, r->model);
	processes(j, r, &choice);
	signals(j, r->session, r->model);
	findings(j, r->session, r->findings);
	lesson(j, r->lesson);
	pw_json_end(j);
	pw_choice_free(&choice);
	return pw_json_finish(j);
}
