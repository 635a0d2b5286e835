/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "model/questions.h"
#include "report/perfetto/change_iter.h"
#include "report/perfetto/processes.h"
#include "report/perfetto/tracks.h"

/* The command line of the current image, or the name if the recording holds no arguments. */
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

/*
 * One packet for the process, and one for each thread at the time it began: its tid may
 * have been another thread's before.
 */
static void write_tree(struct pw_trace_writer *w, const struct pw_process *process,
		       const struct pw_thread *thread, uint64_t ts)
{
	size_t tree;

	pw_packet_open(w->trace, ts);
	tree = pw_proto_open(&w->trace->packet, PACKET_PROCESS_TREE);
	if (!thread)
		put_process(w->trace, process);
	else
		put_thread(w->trace, process, thread);
	pw_proto_close(&w->trace->packet, tree);
	pw_packet_close(w->trace);
}

static void write_track_descriptor(struct pw_trace_writer *w, const struct pw_process *process, size_t rank,
				   uint64_t ts)
{
	struct pw_proto *p = &w->trace->packet;
	size_t track, message;

	pw_packet_open(w->trace, ts);
	track = pw_proto_open(p, PACKET_TRACK_DESCRIPTOR);
	pw_proto_number(p, TRACK_UUID, pw_track_process(rank));
	message = pw_proto_open(p, TRACK_PROCESS);
	pw_proto_number(p, TRACK_PROCESS_PID, process->pid);
	pw_trace_bytes(w->trace, p, TRACK_PROCESS_NAME, process->comm, strnlen(process->comm, PW_COMM_LEN));
	pw_proto_close(p, message);
	pw_proto_number(p, TRACK_RANK, rank);
	pw_proto_close(p, track);
	pw_packet_close(w->trace);
}

/* Whether another thread has the tid by then: the end may have been noticed late. */
static bool tid_is_taken(const struct pw_trace_writer *w, const struct pw_process *process,
			 const struct pw_thread *thread, uint64_t at)
{
	const struct pw_process *other = pw_model_find_tid(w->report->model, thread->tid, at);

	for (const struct pw_thread *t = other && other != process ? other->threads : NULL; t; t = t->next)
		if (t->tid == thread->tid && t->start < at)
			return true;
	return false;
}

/*
 * Writes a thread's end that no switch shows, such as a zombie's reap. It is written
 * here and not among the switches because of the order at equal times: the thread that
 * has the tid next must find it free.
 */
static void write_end(struct pw_trace_writer *w, const struct pw_process *process,
		      const struct pw_thread *thread)
{
	bool from_cpu;
	const uint64_t at = pw_thread_gone(process, thread, &from_cpu);

	if (at && !from_cpu && at >= w->filter->from && at <= w->filter->to &&
	    !tid_is_taken(w, process, thread, at))
		pw_trace_task_state(w->trace, at, pw_thread_number(process, thread), TASK_DESTROYED);
}

/* When the process must be known, in ns. Where records were lost, a thread may be older than its process. */
static uint64_t metadata_time(const struct pw_trace_writer *w, const struct pw_process *process)
{
	uint64_t at = pw_trace_writer_start_of(w, process);

	for (const struct pw_thread *t = process->threads; t && !process->seeded; t = t->next)
		if (t->start < at)
			at = t->start;
	return at > w->filter->from ? at : w->filter->from;
}

void pw_write_process_metadata(struct pw_trace_writer *w, size_t rank)
{
	const struct pw_process *process = pw_trace_writer_process(w, rank);
	const uint64_t at = metadata_time(w, process);

	write_tree(w, process, NULL, at);
	for (const struct pw_thread *t = process->threads; t; t = t->next)
		if (t->start <= w->filter->to && t->end >= w->filter->from)
			write_tree(w, process, t, t->start > at ? t->start : at);
	write_track_descriptor(w, process, rank, at);
	pw_track_describe(w->trace, at, pw_track_lifecycle(rank), pw_track_process(rank), "lifecycle");
	for (const struct pw_thread *t = process->threads; t; t = t->next)
		write_end(w, process, t);
}
