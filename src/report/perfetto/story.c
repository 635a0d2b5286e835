// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "analysis/findings.h"
#include "model/questions.h"
#include "report/perfetto/processes.h"
#include "report/perfetto/tracks.h"
#include "report/words/words.h"
#include "util/signals.h"

/* One process, as it is told. */
struct story {
	struct pw_stage *stage;
	struct pw_trace *trace;
	const struct pw_process *process;
	size_t rank;
	uint64_t track, from;
};

static bool shows(const struct story *s, uint64_t at)
{
	return pw_stage_shows(s->stage, s->process, at);
}

static void instant(struct story *s, uint64_t at, const char *name)
{
	pw_track_open(s->trace, at, PW_INSTANT, s->track, 0, name);
}

/* ---- the whole of it, as annotations of its slice */

static void note_words(struct story *s, unsigned int note, const struct pw_exec_record *image)
{
	struct pw_note_mark list;

	if (!image || !image->argv_len)
		return;
	list = pw_note_open(s->trace, note, NOTE_ARRAY);
	for (size_t at = 0; at < image->argv_len;) {
		const size_t length = strnlen(image->argv + at, image->argv_len - at);

		pw_note_bytes(s->trace, 0, image->argv + at, length);
		at += length + 1;
	}
	pw_note_close(s->trace, list);
}

static void note_status(struct story *s)
{
	const uint32_t status = s->process->wait_status, signal = status & 0x7f;
	const char *name = pw_signal_name((int)signal);

	if (!s->process->exited || !s->process->status_known)
		return;
	if (!signal) {
		pw_note_number(s->trace, PW_NOTE_CODE, status >> 8 & 0xff);
		return;
	}
	if (name)
		pw_note_string(s->trace, PW_NOTE_SIGNAL, name);
	else
		pw_note_number(s->trace, PW_NOTE_SIGNAL, signal);
	pw_note_bool(s->trace, PW_NOTE_CORE, status & 0x80);
}

static void note_totals(struct story *s)
{
	static const enum pw_trace_note notes[PW_STATE_COUNT] = {
		[PW_RUNNING] = PW_NOTE_RUNNING, [PW_READY] = PW_NOTE_READY,   [PW_BLOCKED] = PW_NOTE_BLOCKED,
		[PW_STOPPED] = PW_NOTE_STOPPED, [PW_ZOMBIE] = PW_NOTE_ZOMBIE, [PW_UNKNOWN] = PW_NOTE_UNKNOWN,
	};
	const struct pw_note_mark dict = pw_note_open(s->trace, PW_NOTE_TOTALS_NS, NOTE_DICT);

	for (int state = 0; state < PW_STATE_COUNT; state++)
		pw_note_number(s->trace, notes[state], s->process->totals[state]);
	pw_note_close(s->trace, dict);
	pw_note_number(s->trace, PW_NOTE_CPU_NS, s->process->cpu_ns);
	pw_note_number(s->trace, PW_NOTE_VOLUNTARY, s->process->switches.voluntary);
	pw_note_number(s->trace, PW_NOTE_INVOLUNTARY, s->process->switches.involuntary);
	pw_note_number(s->trace, PW_NOTE_WAKEUPS, s->process->wakeups);
	pw_note_number(s->trace, PW_NOTE_MIGRATIONS, s->process->migrations);
}

static void note_findings(struct story *s)
{
	const struct pw_findings *f = s->stage->report->findings;
	struct pw_note_mark list = {0};
	struct pw_text words = {0};

	for (size_t i = 0; f && i < f->count; i++) {
		if (f->at[i].pid != s->process->pid || f->at[i].start != s->process->start)
			continue;
		if (!list.message)
			list = pw_note_open(s->trace, PW_NOTE_FINDINGS, NOTE_ARRAY);
		pw_text_clear(&words);
		pw_words_finding(s->stage->report->language, &f->at[i], &words);
		pw_note_string(s->trace, 0, pw_text_get(&words));
		s->trace->packet.failed |= words.failed;
	}
	if (list.message)
		pw_note_close(s->trace, list);
	pw_text_free(&words);
}

static void begin_process(struct story *s)
{
	const struct pw_process *process = s->process;
	const struct pw_exec_record *image = pw_process_image(process);

	pw_track_open(s->trace, s->from, PW_SLICE_BEGIN, s->track, 0,
		      pw_stage_label(s->stage, "", process->pid, process->comm));
	pw_note_number(s->trace, PW_NOTE_PID, process->pid);
	if (process->ns_pid)
		pw_note_number(s->trace, PW_NOTE_NS_PID, process->ns_pid);
	pw_note_number(s->trace, PW_NOTE_UID, process->uid);
	pw_note_string(s->trace, PW_NOTE_CGROUP, process->cgroup);
	pw_note_string(s->trace, PW_NOTE_EXE, image ? image->exe : NULL);
	note_words(s, PW_NOTE_ARGV, image);
	if (process->n_parents)
		pw_note_string(
			s->trace, PW_NOTE_PARENT,
			pw_stage_label(s->stage, "", process->parents[0].pid, process->parents[0].comm));
	if (process->seeded)
		pw_note_bool(s->trace, PW_NOTE_SEEDED, true);
	note_status(s);
	note_totals(s);
	note_findings(s);
	pw_track_close(s->trace);
}

/* ---- birth: from the parent's fork an arrow leads to the first run */

/* When the forked thread first had a CPU; 0: not known. */
static uint64_t first_run(const struct pw_process *process)
{
	struct pw_thread_iter it;
	struct pw_span span;

	if (process->seeded || !process->threads || process->threads->start != process->start)
		return 0;
	pw_thread_iter_init(&it, process->threads);
	while (pw_thread_iter_next(&it, &span)) {
		if (span.state == PW_RUNNING)
			return span.from;
		if (span.state == PW_UNKNOWN)
			return 0;
	}
	return 0;
}

static void tell_birth(struct story *s)
{
	const struct pw_process *process = s->process;
	const uint64_t ran = first_run(process);
	const bool runs = shows(s, ran);
	size_t parent;
	bool forked;

	forked = !process->seeded && process->n_parents && shows(s, process->start) &&
		 pw_stage_find(s->stage, process->parents[0].pid, process->start, &parent);
	if (forked) {
		pw_track_open(s->trace, process->start, PW_INSTANT, pw_track_lifecycle(parent), 0,
			      pw_stage_label(s->stage, "fork", process->pid,
					     pw_process_comm_at(process, process->start)));
		pw_note_number(s->trace, PW_NOTE_PID, process->pid);
		if (runs)
			pw_track_flow(s->trace, pw_flow_fork(s->rank), false);
		pw_track_close(s->trace);
	}
	if (!runs)
		return;
	pw_track_open(s->trace, ran, PW_INSTANT, s->track, PW_NAME_FIRST_RUN, NULL);
	pw_note_number(s->trace, PW_NOTE_AFTER_NS, ran - process->start);
	if (forked)
		pw_track_flow(s->trace, pw_flow_fork(s->rank), true);
	pw_track_close(s->trace);
}

/* ---- what happens on the way */

static void tell_execs(struct story *s)
{
	for (size_t i = 0; i < s->process->n_execs; i++) {
		const struct pw_exec_record *exec = &s->process->execs[i];
		const char *exe = exec->exe ? exec->exe : "";

		if (!shows(s, exec->at))
			continue;
		pw_text_clear(&s->stage->label);
		pw_text_add(&s->stage->label, "exec ");
		pw_text_escaped(&s->stage->label, exe, strlen(exe), PW_AS_UTF8);
		instant(s, exec->at, pw_text_get(&s->stage->label));
		pw_note_string(s->trace, PW_NOTE_EXE, exec->exe);
		note_words(s, PW_NOTE_ARGV, exec);
		pw_track_close(s->trace);
	}
}

static bool came_with_exec(const struct pw_process *process, uint64_t at)
{
	for (size_t i = 0; i < process->n_execs; i++)
		if (process->execs[i].at == at)
			return true;
	return false;
}

static void tell_names(struct story *s)
{
	for (size_t i = 1; i < s->process->n_names; i++) {
		const struct pw_name *name = &s->process->names[i];

		if (!shows(s, name->at) || came_with_exec(s->process, name->at))
			continue;
		pw_text_clear(&s->stage->label);
		pw_text_add(&s->stage->label, "name ");
		pw_text_escaped(&s->stage->label, name->comm, strnlen(name->comm, PW_COMM_LEN), PW_AS_UTF8);
		instant(s, name->at, pw_text_get(&s->stage->label));
		pw_track_close(s->trace);
	}
}

static void tell_parents(struct story *s)
{
	static const char *const adopters[] = {
		[PW_ADOPTER_NONE] = NULL,
		[PW_ADOPTER_INIT] = "init",
		[PW_ADOPTER_SUBREAPER] = "subreaper",
		[PW_ADOPTER_THREAD] = "thread",
	};

	for (size_t i = 0; i < s->process->n_parents; i++) {
		const struct pw_parent *parent = &s->process->parents[i];

		if (parent->why != PW_BY_REPARENT || !shows(s, parent->from))
			continue;
		instant(s, parent->from, pw_stage_label(s->stage, "adopted by", parent->pid, parent->comm));
		pw_note_number(s->trace, PW_NOTE_PID, parent->pid);
		pw_note_string(s->trace, PW_NOTE_ADOPTER, adopters[parent->adopter]);
		pw_note_string(s->trace, PW_NOTE_PRECISION, parent->bounded ? "bounded" : "exact");
		pw_track_close(s->trace);
	}
}

/* ---- the end: from the exit an arrow leads to the reap */

static const char *verdict(struct story *s)
{
	const uint32_t status = s->process->wait_status, signal = status & 0x7f;
	struct pw_text *label = &s->stage->label;
	const char *name = pw_signal_name((int)signal);

	pw_text_clear(label);
	if (!s->process->status_known)
		pw_text_add(label, "ended");
	else if (!signal)
		pw_text_format(label, "exit %u", status >> 8 & 0xff);
	else if (name)
		pw_text_format(label, "killed by %s%s", name, status & 0x80 ? ", core dumped" : "");
	else
		pw_text_format(label, "killed by signal %u%s", signal, status & 0x80 ? ", core dumped" : "");
	return pw_text_get(label);
}

static void tell_exit(struct story *s, bool flows)
{
	const struct pw_process *process = s->process;

	instant(s, process->exit_at, verdict(s));
	note_status(s);
	if (process->exit_begun && process->exit_begun <= process->exit_at)
		pw_note_number(s->trace, PW_NOTE_BEGUN_BEFORE_NS, process->exit_at - process->exit_begun);
	pw_note_string(s->trace, PW_NOTE_PRECISION, pw_process_end_seen(process) ? "exact" : "bounded");
	if (flows)
		pw_track_flow(s->trace, pw_flow_exit(s->rank), false);
	pw_track_close(s->trace);
}

static void note_reap(struct story *s)
{
	static const char *const how[] = {
		[PW_REAPED_NOT] = NULL,
		[PW_REAPED_WAIT] = "wait",
		[PW_REAPED_AUTO] = "auto",
		[PW_REAPED_UNOBSERVED] = "unobserved",
	};
	const struct pw_process *process = s->process;

	if (process->reaped == PW_REAPED_NOT)
		return;
	pw_note_string(s->trace, PW_NOTE_HOW, how[process->reaped]);
	if (process->reaper_pid)
		pw_note_string(s->trace, PW_NOTE_BY,
			       pw_stage_label(s->stage, "", process->reaper_pid, process->reaper_comm));
	if (process->exit_at)
		pw_note_number(s->trace, PW_NOTE_LATENCY_NS, process->reap_at - process->exit_at);
	pw_note_string(s->trace, PW_NOTE_PRECISION, process->reap_bounded ? "bounded" : "exact");
}

/* Its end is where the reap was seen, or the latest moment it can have been; without one it has no end. */
static void tell_zombie(struct story *s)
{
	const struct pw_process *process = s->process;
	const uint64_t from = process->zombie_from > s->from ? process->zombie_from : s->from;
	enum pw_trace_name name = PW_NAME_ZOMBIE;

	if (!process->zombie_from || from > s->stage->filter->to ||
	    (process->zombie_to && process->zombie_to < from))
		return;
	if (!process->zombie_to)
		name = PW_NAME_ZOMBIE_UNREAPED;
	else if (process->reap_bounded)
		name = PW_NAME_ZOMBIE_AT_MOST;
	pw_track_open(s->trace, from, PW_SLICE_BEGIN, s->track, name, NULL);
	note_reap(s);
	pw_track_close(s->trace);
	if (shows(s, process->zombie_to)) {
		pw_track_open(s->trace, process->zombie_to, PW_SLICE_END, s->track, 0, NULL);
		pw_track_close(s->trace);
	}
}

static const char *reap_words(struct story *s)
{
	const struct pw_process *process = s->process;

	if (process->reaped == PW_REAPED_UNOBSERVED)
		return "gone, its reap was not seen";
	if (process->reaped == PW_REAPED_AUTO)
		return "reaped by itself";
	return pw_stage_label(s->stage, "reaped by", process->reaper_pid, process->reaper_comm);
}

/* On its own track; and the arrow ends at the reaper's, if that one is watched. */
static void tell_reap(struct story *s, bool flows)
{
	const struct pw_process *process = s->process;
	size_t reaper;
	const bool watched = process->reaped == PW_REAPED_WAIT &&
			     pw_stage_find(s->stage, process->reaper_pid, process->reap_at, &reaper);

	instant(s, process->reap_at, reap_words(s));
	note_reap(s);
	if (flows && !watched)
		pw_track_flow(s->trace, pw_flow_exit(s->rank), true);
	pw_track_close(s->trace);
	if (!watched)
		return;
	pw_track_open(s->trace, process->reap_at, PW_INSTANT, pw_track_lifecycle(reaper), 0,
		      pw_stage_label(s->stage, "reap", process->pid, process->comm));
	pw_note_number(s->trace, PW_NOTE_PID, process->pid);
	if (flows)
		pw_track_flow(s->trace, pw_flow_exit(s->rank), true);
	pw_track_close(s->trace);
}

/* When it was over; 0: it was not, when the recording ended. */
static uint64_t over_at(const struct pw_process *process)
{
	if (process->reaped != PW_REAPED_NOT)
		return process->reap_at;
	return process->exited && !process->zombie_from ? process->exit_at : 0;
}

void pw_process_tell(struct pw_stage *stage, size_t rank)
{
	const struct pw_process *process = pw_stage_process(stage, rank);
	struct story s = {
		.stage = stage,
		.trace = stage->trace,
		.process = process,
		.rank = rank,
		.track = pw_track_lifecycle(rank),
		.from = pw_stage_from(stage, process),
	};
	const bool exits = process->exited && shows(&s, process->exit_at);
	const bool reaped = process->reaped != PW_REAPED_NOT && shows(&s, process->reap_at);
	const bool flows = exits && reaped && process->exit_at <= process->reap_at;

	begin_process(&s);
	tell_birth(&s);
	tell_execs(&s);
	tell_names(&s);
	tell_parents(&s);
	if (exits)
		tell_exit(&s, flows);
	tell_zombie(&s);
	if (reaped)
		tell_reap(&s, flows);
	if (shows(&s, over_at(process))) {
		pw_track_open(s.trace, over_at(process), PW_SLICE_END, s.track, 0, NULL);
		pw_track_close(s.trace);
	}
}
