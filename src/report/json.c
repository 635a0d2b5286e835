/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The JSON report, "procwatch.report/1": docs/report.schema.json describes it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "report/json_common.h"
#include "report/json_facts.h"
#include "report/json_process.h"

static void host(struct pw_json *j, const struct pw_session *session)
{
	pw_json_line(j);
	pw_json_key(j, "host");
	pw_json_object(j);
	pw_field_string(j, "kernel", session->kernel);
	pw_field_string(j, "machine", session->machine);
	pw_field_u64(j, "cpus", session->cpus);
	pw_field_string(j, "boot_id", session->boot_id);
	pw_json_end(j);
}

static void hooks(struct pw_json *j, const struct pw_session *session)
{
	pw_json_line(j);
	pw_json_key(j, "hooks");
	pw_json_object(j);
	pw_field_string(j, "reap", session->hook_reap);
	pw_field_string(j, "reparent", session->hook_reparent);
	pw_field_string(j, "switch", session->hook_switch);
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
	pw_field_u64(j, "start_ns", session->start_ns);
	if (gmtime_r(&seconds, &tm) && strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm)) {
		snprintf(wall, sizeof(wall), "%s.%09" PRId64 "Z", day, ns);
		pw_field_string(j, "start_wall", wall);
	} else {
		pw_field_string(j, "start_wall", NULL);
	}
	pw_field_u64(j, "duration_ns", session->duration_ns);
	pw_json_end(j);
}

/* The text "on_exit=2 on_wait4=1" may come from a damaged file. */
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
		pw_field_u64(j, "runs", runs);
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
	pw_field_u64(j, "received", session->received);
	pw_field_u64(j, "lost", session->lost);
	pw_json_key(j, "lost_ranges");
	pw_json_array(j);
	for (size_t i = 0; i < pw_model_lost_count(model); i++) {
		const struct pw_lost_range *range = pw_model_lost(model, i);

		pw_json_object(j);
		pw_field_since(j, "from_ns", range->from, session->start_ns);
		pw_field_since(j, "to_ns", range->to, session->start_ns);
		pw_field_u64(j, "count", range->count);
		pw_field_u64(j, "cpu", range->cpu);
		pw_json_end(j);
	}
	pw_json_end(j);
	pw_field_u64(j, "skipped", session->skipped);
	skipped_by(j, session->skipped_by);
	pw_field_u64(j, "holes", stats->missed_switches);
	pw_field_u64(j, "contradictions", stats->contradictions);
	pw_field_u64(j, "strangers", stats->unknown_tasks);
	pw_json_end(j);
}

/* The view options; null if the document holds everything in order of birth. */
static void view(struct pw_json *j, const struct pw_report *r, const struct pw_view_filter *c)
{
	const struct pw_view_options *v = r->view;

	pw_json_line(j);
	pw_json_key(j, "view");
	if (!v || pw_view_filter_is_all(c, r)) {
		pw_json_null(j);
		return;
	}
	pw_json_object(j);
	pw_field_u64(j, "since_ns", v->since);
	if (v->until)
		pw_field_u64(j, "until_ns", v->until);
	else
		pw_field_null(j, "until_ns");
	pw_json_key(j, "states");
	pw_json_array(j);
	for (enum pw_state s = PW_RUNNING; s < PW_STATE_COUNT; s++)
		if (!v->states || v->states >> s & 1)
			pw_json_string(j, pw_state_name(s));
	pw_json_end(j);
	pw_field_string(j, "sort", pw_sort_name(v->sort));
	pw_field_u64(j, "processes", c->n_processes);
	pw_field_u64(j, "processes_left_out", pw_model_count(r->model) - c->n_processes);
	/* The older names of the two keys above; readers of schema 1 rely on them. */
	pw_field_u64(j, "lives", c->n_processes);
	pw_field_u64(j, "lives_left_out", pw_model_count(r->model) - c->n_processes);
	pw_json_end(j);
}

/* What --keep, or a lack of memory, has left. */
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
	pw_field_since(j, "from_ns", from, session->start_ns);
	pw_field_u64(j, "earlier_processes", pw_model_folded(model));
	pw_field_u64(j, "earlier_lives", pw_model_folded(model)); /* its older name */
	pw_json_key(j, "earlier");
	pw_json_array(j);
	for (size_t i = 0; i < pw_model_earlier_count(model) && !j->err; i++) {
		pw_json_line(j);
		pw_json_earlier(j, pw_model_earlier(model, i));
	}
	pw_json_end(j);
	pw_json_end(j);
}

static void processes(struct pw_json *j, const struct pw_report *r, const struct pw_view_filter *filter)
{
	pw_json_line(j);
	pw_json_key(j, "processes");
	pw_json_array(j);
	for (size_t i = 0; i < filter->n_processes && !j->err; i++) {
		pw_json_line(j);
		pw_json_process(j, pw_model_process(r->model, filter->processes[i]), r->session->start_ns,
				filter);
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
		pw_field_since(j, "at_ns", s->at, session->start_ns);
		pw_json_key(j, "signal");
		pw_json_i64(j, s->sig);
		pw_field_pid(j, "from_pid", s->from_pid);
		pw_field_pid(j, "from_tid", s->from_tid);
		pw_field_pid(j, "to_pid", s->to_pid);
		pw_json_key(j, "code");
		pw_json_i64(j, s->code);
		pw_field_string(j, "result", signal_result(s->result));
		pw_json_end(j);
	}
	pw_json_end(j);
}

int pw_report_json(const struct pw_report *r, FILE *out)
{
	struct pw_json json, *j = &json;
	struct pw_view_filter filter;
	int err = pw_view_filter_make(&filter, r);

	if (err) {
		pw_view_filter_free(&filter);
		return err;
	}
	pw_json_init(j, out);
	pw_json_object(j);
	pw_field_string(j, "schema", "procwatch.report/1");
	pw_field_string(j, "version", PW_VERSION);
	host(j, r->session);
	hooks(j, r->session);
	pw_json_line(j);
	pw_field_target(j, r->session);
	window(j, r->session);
	events(j, r->session, r->model);
	kept(j, r->session, r->model);
	view(j, r, &filter);
	processes(j, r, &filter);
	signals(j, r->session, r->model);
	pw_json_line(j);
	pw_field_findings(j, r->findings, r->language, r->session->start_ns);
	pw_json_line(j);
	pw_field_lesson(j, r->lesson, false, r->language, r->session->start_ns);
	pw_json_end(j);
	pw_view_filter_free(&filter);
	return pw_json_finish(j);
}
