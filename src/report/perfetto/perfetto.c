// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trace for ui.perfetto.dev, in its own format: who there was, each process on a
 * track of its own, and the threads' states as scheduling events. docs/perfetto.md
 * says what is where, and why.
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

/* Without the release the states of a sched_switch would be read as those of 4.4. */
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

/* Processes are shown in the order of the view, not by how much they ran. */
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

/* ---- the recording as a whole, on a track of its own */

static const char *title(struct pw_stage *s)
{
	const struct pw_session *session = s->report->session;
	struct pw_text *label = &s->label;

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

/* An annotation made of words, which are cleared. */
static void note_words(struct pw_trace *t, enum pw_trace_note note, struct pw_text *words)
{
	pw_note_string(t, note, pw_text_get(words));
	t->packet.failed |= words->failed;
	pw_text_clear(words);
}

static void note_findings(struct pw_trace *t, const struct pw_report *r)
{
	const struct pw_findings *f = r->findings;
	struct pw_text words = {0};
	struct pw_note_mark list;

	if (!f || !f->count)
		return;
	list = pw_note_open(t, PW_NOTE_FINDINGS, NOTE_ARRAY);
	for (size_t i = 0; i < f->count; i++) {
		pw_words_finding(r->language, &f->at[i], &words);
		note_words(t, 0, &words);
	}
	pw_note_close(t, list);
	pw_text_free(&words);
}

static void note_claims(struct pw_trace *t, const struct pw_report *r)
{
	const struct pw_lesson *lesson = r->lesson;
	struct pw_text words = {0};
	struct pw_note_mark list, claim;

	if (!lesson)
		return;
	pw_note_string(t, PW_NOTE_DEMO, lesson->demo);
	list = pw_note_open(t, PW_NOTE_CLAIMS, NOTE_ARRAY);
	for (size_t i = 0; i < lesson->count; i++) {
		claim = pw_note_open(t, 0, NOTE_DICT);
		pw_note_string(t, PW_NOTE_ID, lesson->claims[i].id);
		pw_words_claim(r->language, &lesson->claims[i], &words);
		note_words(t, PW_NOTE_TEXT, &words);
		pw_note_bool(t, PW_NOTE_HELD, lesson->claims[i].held);
		pw_words_evidence(r->language, lesson, &lesson->claims[i], &words);
		note_words(t, PW_NOTE_EVIDENCE, &words);
		pw_note_close(t, claim);
	}
	pw_note_close(t, list);
	pw_text_free(&words);
}

static void tell_recording(struct pw_stage *s, uint64_t from, uint64_t to)
{
	const struct pw_session *session = s->report->session;
	struct pw_trace *t = s->trace;

	pw_track_describe(t, from, PW_TRACK_RECORDING, 0, "procwatch");
	pw_track_open(t, from, PW_SLICE_BEGIN, PW_TRACK_RECORDING, 0, title(s));
	pw_note_string(t, PW_NOTE_VERSION, PW_VERSION);
	pw_note_string(t, PW_NOTE_REAP_HOOK, session->hook_reap);
	pw_note_string(t, PW_NOTE_REPARENT_HOOK, session->hook_reparent);
	pw_note_string(t, PW_NOTE_SWITCH_HOOK, session->hook_switch);
	pw_note_number(t, PW_NOTE_RECEIVED, session->received);
	pw_note_number(t, PW_NOTE_LOST, session->lost);
	pw_note_number(t, PW_NOTE_SKIPPED, session->skipped);
	pw_note_number(t, PW_NOTE_HOLES, pw_model_stats(s->report->model)->missed_switches);
	note_findings(t, s->report);
	note_claims(t, s->report);
	pw_track_close(t);
	pw_track_open(t, to, PW_SLICE_END, PW_TRACK_RECORDING, 0, NULL);
	pw_track_close(t);
}

/* A track each: two CPUs may lose at the same time, and slices that cross cannot share a track. */
static void tell_lost(struct pw_stage *s)
{
	const struct pw_model *m = s->report->model;

	for (size_t i = 0; i < pw_model_lost_count(m); i++) {
		const struct pw_lost_range *range = pw_model_lost(m, i);
		const uint64_t from = range->from > s->filter->from ? range->from : s->filter->from;
		const uint64_t to = range->to < s->filter->to ? range->to : s->filter->to;

		if (from > to)
			continue;
		pw_track_describe(s->trace, from, pw_track_lost(i), 0, "records lost");
		pw_track_open(s->trace, from, PW_SLICE_BEGIN, pw_track_lost(i), PW_NAME_LOST, NULL);
		pw_note_number(s->trace, PW_NOTE_COUNT, range->count);
		pw_note_number(s->trace, PW_NOTE_CPU, range->cpu);
		pw_track_close(s->trace);
		pw_track_open(s->trace, to, PW_SLICE_END, pw_track_lost(i), 0, NULL);
		pw_track_close(s->trace);
	}
}

/* ---- the whole */

static uint64_t latest(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static int write_all(struct pw_stage *s, uint64_t from, uint64_t to)
{
	struct pw_trace *t = s->trace;
	int err = 0;

	write_system(t, s->report->session, from);
	write_order(t, from);
	tell_recording(s, from, to);
	tell_lost(s);
	for (size_t i = 0; i < s->filter->n_processes && !err && !ferror(t->out); i++) {
		pw_process_introduce(s, s->births[i]);
		pw_process_tell(s, s->births[i]);
		err = pw_process_tell_marks(s, s->births[i]);
	}
	return err ? err : pw_trace_threads(t, s->report, s->filter, to);
}

int pw_report_perfetto(const struct pw_report *r, FILE *out)
{
	const uint64_t start = r->session->start_ns, end = start + r->session->duration_ns;
	struct pw_view_filter filter;
	struct pw_stage stage;
	struct pw_trace trace;
	uint64_t from, to;
	int err = pw_view_filter_make(&filter, r), ended;

	from = latest(start, filter.from);
	to = latest(from, end < filter.to ? end : filter.to);
	pw_trace_begin(&trace, out, start, r->session->start_wall_ns);
	if (!err)
		err = pw_stage_begin(&stage, &trace, r, &filter);
	else
		stage = (struct pw_stage){0};
	if (!err)
		err = write_all(&stage, from, to);
	if (stage.label.failed)
		err = -ENOMEM;
	pw_stage_end(&stage);
	pw_view_filter_free(&filter);
	ended = pw_trace_end(&trace);
	return err ? err : ended;
}
