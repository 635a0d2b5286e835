// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "report/perfetto/cursor.h"
#include "report/perfetto/lives.h"
#include "report/perfetto/tracks.h"

/* The command line as the image has it; a process nobody knows more of goes by its name. */
static void put_command(struct pw_trace *t, const struct pw_life *life)
{
	const struct pw_exec_record *image = pw_life_image(life);
	size_t at = 0;

	if (!image || !image->argv_len) {
		pw_trace_bytes(t, &t->packet, PROCESS_CMDLINE, life->comm, strnlen(life->comm, PW_COMM_LEN));
		pw_proto_number(&t->packet, PROCESS_CMDLINE_IS_COMM, true);
		return;
	}
	while (at < image->argv_len) {
		const size_t length = strnlen(image->argv + at, image->argv_len - at);

		pw_trace_bytes(t, &t->packet, PROCESS_CMDLINE, image->argv + at, length);
		at += length + 1;
	}
}

static void put_process(struct pw_trace *t, const struct pw_life *life)
{
	const size_t process = pw_proto_open(&t->packet, TREE_PROCESSES);

	pw_proto_number(&t->packet, PROCESS_PID, life->pid);
	pw_proto_number(&t->packet, PROCESS_PPID, life->n_parents ? life->parents[0].pid : 0);
	put_command(t, life);
	pw_proto_number(&t->packet, PROCESS_UID, life->uid);
	if (life->ns_pid && life->ns_pid != life->pid)
		pw_proto_number(&t->packet, PROCESS_NSPID, life->ns_pid);
	pw_proto_close(&t->packet, process);
}

static void put_thread(struct pw_trace *t, const struct pw_life *life, const struct pw_thread *thread)
{
	const size_t message = pw_proto_open(&t->packet, TREE_THREADS);

	pw_proto_number(&t->packet, THREAD_TID, pw_thread_number(life, thread));
	pw_trace_bytes(t, &t->packet, THREAD_NAME, thread->comm, strnlen(thread->comm, PW_COMM_LEN));
	pw_proto_number(&t->packet, THREAD_TGID, life->pid);
	pw_proto_close(&t->packet, message);
}

/* One packet for the process, and one for each thread when it came: its number may have been another's before. */
static void write_tree(struct pw_stage *s, const struct pw_life *life, const struct pw_thread *thread,
		       uint64_t ts)
{
	size_t tree;

	pw_packet_open(s->trace, ts);
	tree = pw_proto_open(&s->trace->packet, PACKET_PROCESS_TREE);
	if (!thread)
		put_process(s->trace, life);
	else
		put_thread(s->trace, life, thread);
	pw_proto_close(&s->trace->packet, tree);
	pw_packet_close(s->trace);
}

static void write_process_track(struct pw_stage *s, const struct pw_life *life, size_t rank, uint64_t ts)
{
	struct pw_proto *p = &s->trace->packet;
	size_t track, process;

	pw_packet_open(s->trace, ts);
	track = pw_proto_open(p, PACKET_TRACK_DESCRIPTOR);
	pw_proto_number(p, TRACK_UUID, pw_track_process(rank));
	process = pw_proto_open(p, TRACK_PROCESS);
	pw_proto_number(p, TRACK_PROCESS_PID, life->pid);
	pw_trace_bytes(s->trace, p, TRACK_PROCESS_NAME, life->comm, strnlen(life->comm, PW_COMM_LEN));
	pw_proto_close(p, process);
	pw_proto_number(p, TRACK_RANK, rank);
	pw_proto_close(p, track);
	pw_packet_close(s->trace);
}

/* Whether its number is another's by then: what was seen of its end came late. */
static bool number_is_taken(const struct pw_stage *s, const struct pw_life *life,
			    const struct pw_thread *thread, uint64_t at)
{
	const struct pw_life *other = pw_model_find_tid(s->report->model, thread->tid, at);

	for (const struct pw_thread *t = other && other != life ? other->threads : NULL; t; t = t->next)
		if (t->tid == thread->tid && t->start < at)
			return true;
	return false;
}

/*
 * The end of a thread that no switch tells: a zombie's, when it is reaped. It is
 * here and not with the switches because of the order of what happens at one
 * moment: whoever has the number next must find it free.
 */
static void write_end(struct pw_stage *s, const struct pw_life *life, const struct pw_thread *thread)
{
	bool from_cpu;
	const uint64_t at = pw_thread_gone(life, thread, &from_cpu);

	if (at && !from_cpu && at >= s->choice->from && at <= s->choice->to &&
	    !number_is_taken(s, life, thread, at))
		pw_trace_task_state(s->trace, at, pw_thread_number(life, thread), TASK_DESTROYED);
}

/* When it must be known: where records were lost a thread may be older than what is known of its process. */
static uint64_t introduction(const struct pw_stage *s, const struct pw_life *life)
{
	uint64_t at = pw_stage_from(s, life);

	for (const struct pw_thread *t = life->threads; t && !life->seeded; t = t->next)
		if (t->start < at)
			at = t->start;
	return at > s->choice->from ? at : s->choice->from;
}

void pw_life_introduce(struct pw_stage *s, size_t rank)
{
	const struct pw_life *life = pw_stage_life(s, rank);
	const uint64_t at = introduction(s, life);

	write_tree(s, life, NULL, at);
	for (const struct pw_thread *t = life->threads; t; t = t->next)
		if (t->start <= s->choice->to && t->end >= s->choice->from)
			write_tree(s, life, t, t->start > at ? t->start : at);
	write_process_track(s, life, rank, at);
	pw_track_describe(s->trace, at, pw_track_life(rank), pw_track_process(rank), "life");
	for (const struct pw_thread *t = life->threads; t; t = t->next)
		write_end(s, life, t);
}
