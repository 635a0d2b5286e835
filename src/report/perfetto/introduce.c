// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "model/questions.h"
#include "report/perfetto/cursor.h"
#include "report/perfetto/processes.h"
#include "report/perfetto/tracks.h"

/* The command line as the image has it; a process nobody knows more of goes by its name. */
static void put_command(struct pw_trace *t, const struct pw_process *process)
{
	const struct pw_exec_record *image = pw_process_image(process);
	size_t at = 0;

	if (!image || !image->argv_len) {
		pw_trace_bytes(t, &t->packet, PROCESS_CMDLINE, process->comm,
			       strnlen(process->comm, PW_COMM_LEN));
		pw_proto_number(&t->packet, PROCESS_CMDLINE_IS_COMM, true);
		return;
	}
	while (at < image->argv_len) {
		const size_t length = strnlen(image->argv + at, image->argv_len - at);

		pw_trace_bytes(t, &t->packet, PROCESS_CMDLINE, image->argv + at, length);
		at += length + 1;
	}
}

static void put_process(struct pw_trace *t, const struct pw_process *process)
{
	const size_t message = pw_proto_open(&t->packet, TREE_PROCESSES);

	pw_proto_number(&t->packet, PROCESS_PID, process->pid);
	pw_proto_number(&t->packet, PROCESS_PPID, process->n_parents ? process->parents[0].pid : 0);
	put_command(t, process);
	pw_proto_number(&t->packet, PROCESS_UID, process->uid);
	if (process->ns_pid && process->ns_pid != process->pid)
		pw_proto_number(&t->packet, PROCESS_NSPID, process->ns_pid);
	pw_proto_close(&t->packet, message);
}

static void put_thread(struct pw_trace *t, const struct pw_process *process, const struct pw_thread *thread)
{
	const size_t message = pw_proto_open(&t->packet, TREE_THREADS);

	pw_proto_number(&t->packet, THREAD_TID, pw_thread_number(process, thread));
	pw_trace_bytes(t, &t->packet, THREAD_NAME, thread->comm, strnlen(thread->comm, PW_COMM_LEN));
	pw_proto_number(&t->packet, THREAD_TGID, process->pid);
	pw_proto_close(&t->packet, message);
}

/* One packet for the process, and one for each thread when it came: its number may have been another's before. */
static void write_tree(struct pw_stage *s, const struct pw_process *process, const struct pw_thread *thread,
		       uint64_t ts)
{
	size_t tree;

	pw_packet_open(s->trace, ts);
	tree = pw_proto_open(&s->trace->packet, PACKET_PROCESS_TREE);
	if (!thread)
		put_process(s->trace, process);
	else
		put_thread(s->trace, process, thread);
	pw_proto_close(&s->trace->packet, tree);
	pw_packet_close(s->trace);
}

static void write_process_track(struct pw_stage *s, const struct pw_process *process, size_t rank,
				uint64_t ts)
{
	struct pw_proto *p = &s->trace->packet;
	size_t track, message;

	pw_packet_open(s->trace, ts);
	track = pw_proto_open(p, PACKET_TRACK_DESCRIPTOR);
	pw_proto_number(p, TRACK_UUID, pw_track_process(rank));
	message = pw_proto_open(p, TRACK_PROCESS);
	pw_proto_number(p, TRACK_PROCESS_PID, process->pid);
	pw_trace_bytes(s->trace, p, TRACK_PROCESS_NAME, process->comm, strnlen(process->comm, PW_COMM_LEN));
	pw_proto_close(p, message);
	pw_proto_number(p, TRACK_RANK, rank);
	pw_proto_close(p, track);
	pw_packet_close(s->trace);
}

/* Whether its number is another's by then: what was seen of its end came late. */
static bool number_is_taken(const struct pw_stage *s, const struct pw_process *process,
			    const struct pw_thread *thread, uint64_t at)
{
	const struct pw_process *other = pw_model_find_tid(s->report->model, thread->tid, at);

	for (const struct pw_thread *t = other && other != process ? other->threads : NULL; t; t = t->next)
		if (t->tid == thread->tid && t->start < at)
			return true;
	return false;
}

/*
 * The end of a thread that no switch tells: a zombie's, when it is reaped. It is
 * here and not with the switches because of the order of what happens at one
 * moment: whoever has the number next must find it free.
 */
static void write_end(struct pw_stage *s, const struct pw_process *process, const struct pw_thread *thread)
{
	bool from_cpu;
	const uint64_t at = pw_thread_gone(process, thread, &from_cpu);

	if (at && !from_cpu && at >= s->filter->from && at <= s->filter->to &&
	    !number_is_taken(s, process, thread, at))
		pw_trace_task_state(s->trace, at, pw_thread_number(process, thread), TASK_DESTROYED);
}

/* When it must be known: where records were lost a thread may be older than what is known of its process. */
static uint64_t introduction(const struct pw_stage *s, const struct pw_process *process)
{
	uint64_t at = pw_stage_from(s, process);

	for (const struct pw_thread *t = process->threads; t && !process->seeded; t = t->next)
		if (t->start < at)
			at = t->start;
	return at > s->filter->from ? at : s->filter->from;
}

void pw_process_introduce(struct pw_stage *s, size_t rank)
{
	const struct pw_process *process = pw_stage_process(s, rank);
	const uint64_t at = introduction(s, process);

	write_tree(s, process, NULL, at);
	for (const struct pw_thread *t = process->threads; t; t = t->next)
		if (t->start <= s->filter->to && t->end >= s->filter->from)
			write_tree(s, process, t, t->start > at ? t->start : at);
	write_process_track(s, process, rank, at);
	pw_track_describe(s->trace, at, pw_track_lifecycle(rank), pw_track_process(rank), "lifecycle");
	for (const struct pw_thread *t = process->threads; t; t = t->next)
		write_end(s, process, t);
}
