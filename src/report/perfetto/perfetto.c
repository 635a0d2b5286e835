/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Perfetto report: a trace in the protobuf format of ui.perfetto.dev. Each process
 * has a track of its own, and the threads' states are scheduling events.
 * docs/perfetto.md describes what is where, and why.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analysis/findings.h"
#include "course/course.h"
#include "report/perfetto/processes.h"
#include "report/perfetto/threads.h"
#include "report/perfetto/tracks.h"
#include "report/words/words.h"

/* Without the kernel's release, Perfetto would read the states of a sched_switch as those of Linux 4.4. */
static void write_system(struct pw_trace *t, const struct pw_session *session, uint64_t ts)
{
	size_t info, uts;

	pw_packet_open(t, ts);
	info = pw_proto_open(&t->packet, PACKET_SYSTEM_INFO);
	uts = pw_proto_open(&t->packet, SYSTEM_INFO_UTSNAME);
	pw_proto_string(&t->packet, UTSNAME_SYSNAME, "Linux");
	if (session->kernel)
		pw_trace_bytes(t, &t->packet, UTSNAME_RELEASE, session->kernel, strlen(session->kernel));
	if (session->machine)
		pw_trace_bytes(t, &t->packet, UTSNAME_MACHINE, session->machine, strlen(session->machine));
	pw_proto_close(&t->packet, uts);
	pw_proto_number(&t->packet, SYSTEM_INFO_CPUS, session->cpus);
	pw_proto_close(&t->packet, info);
	pw_packet_close(t);
}

/* Perfetto shows the processes in the view's order instead of by their CPU time. */
static void write_order(struct pw_trace *t, uint64_t ts)
{
	size_t track;

	pw_packet_open(t, ts);
	track = pw_proto_open(&t->packet, PACKET_TRACK_DESCRIPTOR);
	pw_proto_number(&t->packet, TRACK_UUID, PW_TRACK_ROOT);
	pw_proto_number(&t->packet, TRACK_PROCESS_ORDERING, ORDERING_EXPLICIT);
	pw_proto_close(&t->packet, track);
	pw_packet_close(t);
}

/* ---- the recording, on a track of its own */

static const char *title(struct pw_trace_writer *w)
{
	const struct pw_session *session = w->report->session;
	struct pw_text *label = &w->label;

	pw_text_clear(label);
	if (session->target == PW_TARGET_SYSTEM)
		pw_text_add(label, "attach -a");
	else if (session->target == PW_TARGET_ATTACH)
		pw_text_add(label, "attach");
	else
		pw_text_add(label, "run");
	for (const char *const *word = session->command; word && *word; word++) {
		pw_text_add(label, " ");
		pw_text_escaped(label, *word, strlen(*word), PW_AS_UTF8);
	}
	for (size_t i = 0; i < session->n_pids; i++)
		pw_text_format(label, "%s%" PRIu32, i ? "," : " -p ", session->pids[i]);
	return pw_text_get(label);
}

/* Adds the words as an annotation and clears them. */
static void annotate_words(struct pw_trace *t, enum pw_annotation_name name, struct pw_text *words)
{
	pw_annotation_string(t, name, pw_text_get(words));
	t->packet.failed |= words->failed;
	pw_text_clear(words);
}

static void annotate_findings(struct pw_trace *t, const struct pw_report *r)
{
	const struct pw_findings *f = r->findings;
	struct pw_text words = {0};
	struct pw_annotation list;

	if (!f || !f->count)
		return;
	list = pw_annotation_open(t, PW_ANNOTATION_FINDINGS, ANNOTATION_ARRAY);
	for (size_t i = 0; i < f->count; i++) {
		pw_words_finding(r->language, &f->at[i], &words);
		annotate_words(t, 0, &words);
	}
	pw_annotation_close(t, list);
	pw_text_free(&words);
}

static void annotate_claims(struct pw_trace *t, const struct pw_report *r)
{
	const struct pw_lesson *lesson = r->lesson;
	struct pw_text words = {0};
	struct pw_annotation list, claim;

	if (!lesson)
		return;
	pw_annotation_string(t, PW_ANNOTATION_DEMO, lesson->demo);
	list = pw_annotation_open(t, PW_ANNOTATION_CLAIMS, ANNOTATION_ARRAY);
	for (size_t i = 0; i < lesson->count; i++) {
		claim = pw_annotation_open(t, 0, ANNOTATION_DICT);
		pw_annotation_string(t, PW_ANNOTATION_ID, lesson->claims[i].id);
		pw_words_claim(r->language, &lesson->claims[i], &words);
		annotate_words(t, PW_ANNOTATION_TEXT, &words);
		pw_annotation_bool(t, PW_ANNOTATION_HELD, lesson->claims[i].held);
		pw_words_evidence(r->language, lesson, &lesson->claims[i], &words);
		annotate_words(t, PW_ANNOTATION_EVIDENCE, &words);
		pw_annotation_close(t, claim);
	}
	pw_annotation_close(t, list);
	pw_text_free(&words);
}

static void write_recording(struct pw_trace_writer *w, uint64_t from, uint64_t to)
{
	const struct pw_session *session = w->report->session;
	struct pw_trace *t = w->trace;

	pw_track_describe(t, from, PW_TRACK_RECORDING, 0, "procwatch");
	pw_track_open(t, from, PW_SLICE_BEGIN, PW_TRACK_RECORDING, 0, title(w));
	pw_annotation_string(t, PW_ANNOTATION_VERSION, PW_VERSION);
	pw_annotation_string(t, PW_ANNOTATION_REAP_HOOK, session->hook_reap);
	pw_annotation_string(t, PW_ANNOTATION_REPARENT_HOOK, session->hook_reparent);
	pw_annotation_string(t, PW_ANNOTATION_SWITCH_HOOK, session->hook_switch);
	pw_annotation_number(t, PW_ANNOTATION_RECEIVED, session->received);
	pw_annotation_number(t, PW_ANNOTATION_LOST, session->lost);
	pw_annotation_number(t, PW_ANNOTATION_SKIPPED, session->skipped);
	pw_annotation_number(t, PW_ANNOTATION_MISSED_SWITCHES,
			     pw_model_stats(w->report->model)->missed_switches);
	annotate_findings(t, w->report);
	annotate_claims(t, w->report);
	pw_track_close(t);
	pw_track_open(t, to, PW_SLICE_END, PW_TRACK_RECORDING, 0, NULL);
	pw_track_close(t);
}

/* Each range has a track: two CPUs may lose records at the same time, and slices that cross cannot share one. */
static void write_lost(struct pw_trace_writer *w)
{
	const struct pw_model *m = w->report->model;

	for (size_t i = 0; i < pw_model_lost_count(m); i++) {
		const struct pw_lost_range *range = pw_model_lost(m, i);
		const uint64_t from = range->from > w->filter->from ? range->from : w->filter->from;
		const uint64_t to = range->to < w->filter->to ? range->to : w->filter->to;

		if (from > to)
			continue;
		pw_track_describe(w->trace, from, pw_track_lost(i), 0, "records lost");
		pw_track_open(w->trace, from, PW_SLICE_BEGIN, pw_track_lost(i), PW_NAME_LOST, NULL);
		pw_annotation_number(w->trace, PW_ANNOTATION_COUNT, range->count);
		pw_annotation_number(w->trace, PW_ANNOTATION_CPU, range->cpu);
		pw_track_close(w->trace);
		pw_track_open(w->trace, to, PW_SLICE_END, pw_track_lost(i), 0, NULL);
		pw_track_close(w->trace);
	}
}

/* ---- the trace */

static uint64_t latest(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static int write_trace(struct pw_trace_writer *w, uint64_t from, uint64_t to)
{
	struct pw_trace *t = w->trace;

	write_system(t, w->report->session, from);
	write_order(t, from);
	write_recording(w, from, to);
	write_lost(w);
	for (size_t i = 0; i < w->filter->n_processes && !ferror(t->out); i++) {
		int err;

		pw_write_process_metadata(w, w->by_birth[i]);
		pw_write_process_track(w, w->by_birth[i]);
		err = pw_write_process_marks(w, w->by_birth[i]);
		if (err)
			return err;
	}
	return pw_trace_threads(t, w->report, w->filter, to);
}

static int write_filtered(struct pw_trace *t, const struct pw_report *r, const struct pw_view_filter *filter)
{
	const uint64_t start = r->session->start_ns, end = start + r->session->duration_ns;
	const uint64_t from = latest(start, filter->from);
	const uint64_t to = latest(from, end < filter->to ? end : filter->to);
	struct pw_trace_writer w;
	int err = pw_trace_writer_init(&w, t, r, filter);

	if (!err)
		err = write_trace(&w, from, to);
	if (w.label.failed)
		err = -ENOMEM;
	pw_trace_writer_free(&w);
	return err;
}

int pw_report_perfetto(const struct pw_report *r, FILE *out)
{
	struct pw_view_filter filter;
	struct pw_trace trace;
	int err, end_err;

	err = pw_view_filter_make(&filter, r);
	if (err)
		goto out_filter;
	pw_trace_begin(&trace, out, r->session->start_ns, r->session->start_wall_ns);
	err = write_filtered(&trace, r, &filter);
	end_err = pw_trace_end(&trace);
	if (!err)
		err = end_err;
out_filter:
	pw_view_filter_free(&filter);
	return err;
}
