/* SPDX-License-Identifier: GPL-2.0-only */
#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>

#include "analysis/findings.h"
#include "model/questions.h"
#include "report/perfetto/processes.h"
#include "report/perfetto/tracks.h"
#include "report/words/words.h"
#include "util/kernel_names.h"

struct process_track {
	struct pw_trace_writer *writer;
	struct pw_trace *trace;
	const struct pw_process *process;
	size_t rank;
	/* Of the track. */
	uint64_t uuid;
	/* Where the process begins in the trace, in ns. */
	uint64_t from;
};

static bool shows(const struct process_track *p, uint64_t at)
{
	return pw_trace_writer_shows(p->writer, p->process, at);
}

static void open_instant(struct process_track *p, uint64_t at, const char *name)
{
	pw_track_open(p->trace, at, PW_INSTANT, p->uuid, 0, name);
}

/* ---- the slice of the whole process; its annotations sum the process up */

static void annotate_argv(struct process_track *p, unsigned int name, const struct pw_exec_record *image)
{
	struct pw_annotation list;

	if (!image || !image->argv_len)
		return;
	list = pw_annotation_open(p->trace, name, ANNOTATION_ARRAY);
	for (size_t at = 0; at < image->argv_len;) {
		const size_t length = strnlen(image->argv + at, image->argv_len - at);

		pw_annotation_bytes(p->trace, 0, image->argv + at, length);
		at += length + 1;
	}
	pw_annotation_close(p->trace, list);
}

static void annotate_status(struct process_track *p)
{
	const int status = (int)p->process->wait_status;
	const char *name;

	if (!p->process->exited || !p->process->status_known)
		return;
	if (WIFEXITED(status)) {
		pw_annotation_number(p->trace, PW_ANNOTATION_CODE, (uint64_t)WEXITSTATUS(status));
		return;
	}
	/* A damaged recording may hold a status that is neither, such as 0x7f: WTERMSIG still names a number. */
	name = pw_signal_name(WTERMSIG(status));
	if (name)
		pw_annotation_string(p->trace, PW_ANNOTATION_SIGNAL, name);
	else
		pw_annotation_number(p->trace, PW_ANNOTATION_SIGNAL, (uint64_t)WTERMSIG(status));
	pw_annotation_bool(p->trace, PW_ANNOTATION_CORE, WCOREDUMP(status));
}

static void annotate_totals(struct process_track *p)
{
	static const enum pw_annotation_name names[PW_STATE_COUNT] = {
		[PW_RUNNING] = PW_ANNOTATION_RUNNING, [PW_READY] = PW_ANNOTATION_READY,
		[PW_BLOCKED] = PW_ANNOTATION_BLOCKED, [PW_STOPPED] = PW_ANNOTATION_STOPPED,
		[PW_ZOMBIE] = PW_ANNOTATION_ZOMBIE,   [PW_UNKNOWN] = PW_ANNOTATION_UNKNOWN,
	};
	const struct pw_annotation dict =
		pw_annotation_open(p->trace, PW_ANNOTATION_TOTALS_NS, ANNOTATION_DICT);

	for (int state = 0; state < PW_STATE_COUNT; state++)
		pw_annotation_number(p->trace, names[state], p->process->totals[state]);
	pw_annotation_close(p->trace, dict);
	pw_annotation_number(p->trace, PW_ANNOTATION_CPU_NS, p->process->cpu_ns);
	pw_annotation_number(p->trace, PW_ANNOTATION_VOLUNTARY, p->process->switches.voluntary);
	pw_annotation_number(p->trace, PW_ANNOTATION_INVOLUNTARY, p->process->switches.involuntary);
	pw_annotation_number(p->trace, PW_ANNOTATION_WAKEUPS, p->process->wakeups);
	pw_annotation_number(p->trace, PW_ANNOTATION_MIGRATIONS, p->process->migrations);
}

static void annotate_findings(struct process_track *p)
{
	const struct pw_findings *f = p->writer->report->findings;
	struct pw_annotation list = {0};
	struct pw_text words = {0};

	for (size_t i = 0; f && i < f->count; i++) {
		if (f->at[i].pid != p->process->pid || f->at[i].start != p->process->start)
			continue;
		if (!list.message)
			list = pw_annotation_open(p->trace, PW_ANNOTATION_FINDINGS, ANNOTATION_ARRAY);
		pw_text_clear(&words);
		pw_words_finding(p->writer->report->language, &f->at[i], &words);
		pw_annotation_string(p->trace, 0, pw_text_get(&words));
		p->trace->packet.failed |= words.failed;
	}
	if (list.message)
		pw_annotation_close(p->trace, list);
	pw_text_free(&words);
}

static void begin_slice(struct process_track *p)
{
	const struct pw_process *process = p->process;
	const struct pw_exec_record *image = pw_process_image(process);

	pw_track_open(p->trace, p->from, PW_SLICE_BEGIN, p->uuid, 0,
		      pw_trace_writer_label(p->writer, "", process->pid, process->comm));
	pw_annotation_number(p->trace, PW_ANNOTATION_PID, process->pid);
	if (process->ns_pid)
		pw_annotation_number(p->trace, PW_ANNOTATION_NS_PID, process->ns_pid);
	pw_annotation_number(p->trace, PW_ANNOTATION_UID, process->uid);
	pw_annotation_string(p->trace, PW_ANNOTATION_CGROUP, process->cgroup);
	pw_annotation_string(p->trace, PW_ANNOTATION_EXE, image ? image->exe : NULL);
	annotate_argv(p, PW_ANNOTATION_ARGV, image);
	if (process->n_parents)
		pw_annotation_string(p->trace, PW_ANNOTATION_PARENT,
				     pw_trace_writer_label(p->writer, "", process->parents[0].pid,
							   process->parents[0].comm));
	if (process->seeded)
		pw_annotation_bool(p->trace, PW_ANNOTATION_SEEDED, true);
	annotate_status(p);
	annotate_totals(p);
	annotate_findings(p);
	pw_track_close(p->trace);
}

/* ---- birth: a flow leads from the parent's fork to the first run */

/* When the forked thread first ran, in ns; 0: unknown. */
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

static void write_birth(struct process_track *p)
{
	const struct pw_process *process = p->process;
	const uint64_t ran = first_run(process);
	const bool runs = shows(p, ran);
	size_t parent;
	bool forked;

	forked = !process->seeded && process->n_parents && shows(p, process->start) &&
		 pw_trace_writer_find(p->writer, process->parents[0].pid, process->start, &parent);
	if (forked) {
		pw_track_open(p->trace, process->start, PW_INSTANT, pw_track_lifecycle(parent), 0,
			      pw_trace_writer_label(p->writer, "fork", process->pid,
						    pw_process_comm_at(process, process->start)));
		pw_annotation_number(p->trace, PW_ANNOTATION_PID, process->pid);
		if (runs)
			pw_track_flow(p->trace, pw_flow_fork(p->rank), false);
		pw_track_close(p->trace);
	}
	if (!runs)
		return;
	pw_track_open(p->trace, ran, PW_INSTANT, p->uuid, PW_NAME_FIRST_RUN, NULL);
	pw_annotation_number(p->trace, PW_ANNOTATION_AFTER_NS, ran - process->start);
	if (forked)
		pw_track_flow(p->trace, pw_flow_fork(p->rank), true);
	pw_track_close(p->trace);
}

/* ---- execs, names, parents */

static void write_execs(struct process_track *p)
{
	for (size_t i = 0; i < p->process->n_execs; i++) {
		const struct pw_exec_record *exec = &p->process->execs[i];
		const char *exe = exec->exe ? exec->exe : "";

		if (!shows(p, exec->at))
			continue;
		pw_text_clear(&p->writer->label);
		pw_text_add(&p->writer->label, "exec ");
		pw_text_escaped(&p->writer->label, exe, strlen(exe), PW_AS_UTF8);
		open_instant(p, exec->at, pw_text_get(&p->writer->label));
		pw_annotation_string(p->trace, PW_ANNOTATION_EXE, exec->exe);
		annotate_argv(p, PW_ANNOTATION_ARGV, exec);
		pw_track_close(p->trace);
	}
}

/* An exec gives a new name, which its own instant shows already. */
static bool came_with_exec(const struct pw_process *process, uint64_t at)
{
	for (size_t i = 0; i < process->n_execs; i++)
		if (process->execs[i].at == at)
			return true;
	return false;
}

static void write_names(struct process_track *p)
{
	for (size_t i = 1; i < p->process->n_names; i++) {
		const struct pw_name *name = &p->process->names[i];

		if (!shows(p, name->at) || came_with_exec(p->process, name->at))
			continue;
		pw_text_clear(&p->writer->label);
		pw_text_add(&p->writer->label, "name ");
		pw_text_escaped(&p->writer->label, name->comm, strnlen(name->comm, PW_COMM_LEN), PW_AS_UTF8);
		open_instant(p, name->at, pw_text_get(&p->writer->label));
		pw_track_close(p->trace);
	}
}

static void write_parents(struct process_track *p)
{
	static const char *const adopters[] = {
		[PW_ADOPTER_NONE] = NULL,
		[PW_ADOPTER_INIT] = "init",
		[PW_ADOPTER_SUBREAPER] = "subreaper",
		[PW_ADOPTER_THREAD] = "thread",
	};

	for (size_t i = 0; i < p->process->n_parents; i++) {
		const struct pw_parent *parent = &p->process->parents[i];

		if (parent->why != PW_BY_REPARENT || !shows(p, parent->from))
			continue;
		open_instant(p, parent->from,
			     pw_trace_writer_label(p->writer, "adopted by", parent->pid, parent->comm));
		pw_annotation_number(p->trace, PW_ANNOTATION_PID, parent->pid);
		pw_annotation_string(p->trace, PW_ANNOTATION_ADOPTER, adopters[parent->adopter]);
		pw_annotation_string(p->trace, PW_ANNOTATION_PRECISION,
				     parent->bounded ? "bounded" : "exact");
		pw_track_close(p->trace);
	}
}

/* ---- the end: a flow leads from the exit to the reap */

static const char *exit_words(struct process_track *p)
{
	const int status = (int)p->process->wait_status;
	const char *core = WCOREDUMP(status) ? ", core dumped" : "";
	const char *name = pw_signal_name(WTERMSIG(status));
	struct pw_text *label = &p->writer->label;

	pw_text_clear(label);
	if (!p->process->status_known)
		pw_text_add(label, "ended");
	else if (WIFEXITED(status))
		pw_text_format(label, "exit %d", WEXITSTATUS(status));
	else if (name)
		pw_text_format(label, "killed by %s%s", name, core);
	else
		pw_text_format(label, "killed by signal %d%s", WTERMSIG(status), core);
	return pw_text_get(label);
}

static void write_exit(struct process_track *p, bool flows)
{
	const struct pw_process *process = p->process;

	open_instant(p, process->exit_at, exit_words(p));
	annotate_status(p);
	if (process->exit_begun && process->exit_begun <= process->exit_at)
		pw_annotation_number(p->trace, PW_ANNOTATION_BEGUN_BEFORE_NS,
				     process->exit_at - process->exit_begun);
	pw_annotation_string(p->trace, PW_ANNOTATION_PRECISION,
			     pw_process_end_seen(process) ? "exact" : "bounded");
	if (flows)
		pw_track_flow(p->trace, pw_flow_exit(p->rank), false);
	pw_track_close(p->trace);
}

static void annotate_reap(struct process_track *p)
{
	static const char *const how[] = {
		[PW_REAPED_NOT] = NULL,
		[PW_REAPED_WAIT] = "wait",
		[PW_REAPED_AUTO] = "auto",
		[PW_REAPED_UNOBSERVED] = "unobserved",
	};
	const struct pw_process *process = p->process;

	if (process->reaped == PW_REAPED_NOT)
		return;
	pw_annotation_string(p->trace, PW_ANNOTATION_HOW, how[process->reaped]);
	if (process->reaper_pid)
		pw_annotation_string(
			p->trace, PW_ANNOTATION_BY,
			pw_trace_writer_label(p->writer, "", process->reaper_pid, process->reaper_comm));
	if (process->exit_at)
		pw_annotation_number(p->trace, PW_ANNOTATION_LATENCY_NS, process->reap_at - process->exit_at);
	pw_annotation_string(p->trace, PW_ANNOTATION_PRECISION, process->reap_bounded ? "bounded" : "exact");
}

/* The slice ends at the reap, or at the latest possible time of a bounded one. Without a reap it stays open. */
static void write_zombie(struct process_track *p)
{
	const struct pw_process *process = p->process;
	const uint64_t from = process->zombie_from > p->from ? process->zombie_from : p->from;
	enum pw_trace_name name = PW_NAME_ZOMBIE;

	if (!process->zombie_from || from > p->writer->filter->to ||
	    (process->zombie_to && process->zombie_to < from))
		return;
	if (!process->zombie_to)
		name = PW_NAME_ZOMBIE_UNREAPED;
	else if (process->reap_bounded)
		name = PW_NAME_ZOMBIE_AT_MOST;
	pw_track_open(p->trace, from, PW_SLICE_BEGIN, p->uuid, name, NULL);
	annotate_reap(p);
	pw_track_close(p->trace);
	if (shows(p, process->zombie_to)) {
		pw_track_open(p->trace, process->zombie_to, PW_SLICE_END, p->uuid, 0, NULL);
		pw_track_close(p->trace);
	}
}

static const char *reap_words(struct process_track *p)
{
	const struct pw_process *process = p->process;

	if (process->reaped == PW_REAPED_UNOBSERVED)
		return "reap not observed";
	if (process->reaped == PW_REAPED_AUTO)
		return "released at once, without a zombie interval";
	return pw_trace_writer_label(p->writer, "reaped by", process->reaper_pid, process->reaper_comm);
}

/* An instant on the process's own track. The flow ends on the reaper's track if the trace shows the reaper. */
static void write_reap(struct process_track *p, bool flows)
{
	const struct pw_process *process = p->process;
	size_t reaper;
	const bool watched = process->reaped == PW_REAPED_WAIT &&
			     pw_trace_writer_find(p->writer, process->reaper_pid, process->reap_at, &reaper);

	open_instant(p, process->reap_at, reap_words(p));
	annotate_reap(p);
	if (flows && !watched)
		pw_track_flow(p->trace, pw_flow_exit(p->rank), true);
	pw_track_close(p->trace);
	if (!watched)
		return;
	pw_track_open(p->trace, process->reap_at, PW_INSTANT, pw_track_lifecycle(reaper), 0,
		      pw_trace_writer_label(p->writer, "reap", process->pid, process->comm));
	pw_annotation_number(p->trace, PW_ANNOTATION_PID, process->pid);
	if (flows)
		pw_track_flow(p->trace, pw_flow_exit(p->rank), true);
	pw_track_close(p->trace);
}

/* When the slice of the process ends, in ns; 0: it outlasts the recording. */
static uint64_t end_of(const struct pw_process *process)
{
	if (process->reaped != PW_REAPED_NOT)
		return process->reap_at;
	return process->exited && !process->zombie_from ? process->exit_at : 0;
}

void pw_write_process_track(struct pw_trace_writer *w, size_t rank)
{
	const struct pw_process *process = pw_trace_writer_process(w, rank);
	struct process_track p = {
		.writer = w,
		.trace = w->trace,
		.process = process,
		.rank = rank,
		.uuid = pw_track_lifecycle(rank),
		.from = pw_trace_writer_start_of(w, process),
	};
	const bool exits = process->exited && shows(&p, process->exit_at);
	const bool reaped = process->reaped != PW_REAPED_NOT && shows(&p, process->reap_at);
	const bool flows = exits && reaped && process->exit_at <= process->reap_at;

	begin_slice(&p);
	write_birth(&p);
	write_execs(&p);
	write_names(&p);
	write_parents(&p);
	if (exits)
		write_exit(&p, flows);
	write_zombie(&p);
	if (reaped)
		write_reap(&p, flows);
	if (shows(&p, end_of(process))) {
		pw_track_open(p.trace, end_of(process), PW_SLICE_END, p.uuid, 0, NULL);
		pw_track_close(p.trace);
	}
}
