/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/perfetto/tracks.h"

#include <string.h>

/* ---- UUIDs: small numbers take few bytes, and one recording always gives the same ones */

uint64_t pw_track_process(size_t rank)
{
	return 2 * (uint64_t)rank + 2;
}

uint64_t pw_track_lifecycle(size_t rank)
{
	return 2 * (uint64_t)rank + 3;
}

uint64_t pw_track_unseen(uint64_t n)
{
	return UINT64_C(1) << 32 | n;
}

uint64_t pw_track_lost(uint64_t n)
{
	return UINT64_C(1) << 33 | n;
}

uint64_t pw_track_marks(uint64_t n)
{
	return UINT64_C(1) << 34 | n;
}

uint64_t pw_flow_fork(size_t rank)
{
	return 2 * (uint64_t)rank + 1;
}

uint64_t pw_flow_exit(size_t rank)
{
	return 2 * (uint64_t)rank + 2;
}

/* ---- tracks and events */

void pw_track_describe(struct pw_trace *t, uint64_t ts, uint64_t uuid, uint64_t parent, const char *name)
{
	size_t track;

	pw_packet_open(t, ts);
	track = pw_proto_open(&t->packet, PACKET_TRACK_DESCRIPTOR);
	pw_proto_number(&t->packet, TRACK_UUID, uuid);
	if (parent)
		pw_proto_number(&t->packet, TRACK_PARENT, parent);
	pw_proto_string(&t->packet, TRACK_NAME, name);
	pw_proto_close(&t->packet, track);
	pw_packet_close(t);
}

void pw_track_describe_thread(struct pw_trace *t, uint64_t ts, uint64_t uuid, uint32_t pid, uint32_t tid)
{
	struct pw_proto *p = &t->packet;
	size_t track, thread;

	pw_packet_open(t, ts);
	track = pw_proto_open(p, PACKET_TRACK_DESCRIPTOR);
	pw_proto_number(p, TRACK_UUID, uuid);
	thread = pw_proto_open(p, TRACK_THREAD);
	pw_proto_number(p, TRACK_THREAD_PID, pid);
	pw_proto_number(p, TRACK_THREAD_TID, tid);
	pw_proto_close(p, thread);
	pw_proto_close(p, track);
	pw_packet_close(t);
}

void pw_track_open(struct pw_trace *t, uint64_t ts, enum pw_event_type type, uint64_t uuid,
		   enum pw_trace_name name, const char *text)
{
	struct pw_proto *p = &t->packet;

	pw_packet_open(t, ts);
	t->event = pw_proto_open(p, PACKET_TRACK_EVENT);
	t->annotation_field = EVENT_ANNOTATION;
	pw_proto_number(p, EVENT_TYPE, type);
	pw_proto_number(p, EVENT_TRACK, uuid);
	if (name)
		pw_proto_number(p, EVENT_NAME_IID, name);
	else if (text)
		pw_proto_string(p, EVENT_NAME, text);
}

void pw_track_flow(struct pw_trace *t, uint64_t flow, bool ends)
{
	pw_proto_fixed64(&t->packet, ends ? EVENT_FLOW_END : EVENT_FLOW, flow);
}

void pw_track_close(struct pw_trace *t)
{
	pw_proto_close(&t->packet, t->event);
	pw_packet_close(t);
}

void pw_track_slice(struct pw_trace *t, uint64_t uuid, const struct pw_span *span, enum pw_trace_name name)
{
	pw_track_open(t, span->from, PW_SLICE_BEGIN, uuid, name, NULL);
	pw_track_close(t);
	pw_track_open(t, span->to, PW_SLICE_END, uuid, 0, NULL);
	pw_track_close(t);
}

/* ---- annotations */

struct pw_annotation pw_annotation_open(struct pw_trace *t, unsigned int name, unsigned int kind)
{
	const struct pw_annotation annotation = {
		.message = pw_proto_open(&t->packet, t->annotation_field),
		.outer_field = t->annotation_field,
	};

	if (name)
		pw_proto_number(&t->packet, ANNOTATION_NAME_IID, name);
	t->annotation_field = kind;
	return annotation;
}

void pw_annotation_close(struct pw_trace *t, struct pw_annotation annotation)
{
	pw_proto_close(&t->packet, annotation.message);
	t->annotation_field = annotation.outer_field;
}

void pw_annotation_number(struct pw_trace *t, unsigned int name, uint64_t value)
{
	const struct pw_annotation annotation = pw_annotation_open(t, name, 0);

	pw_proto_number(&t->packet, ANNOTATION_UINT, value);
	pw_annotation_close(t, annotation);
}

void pw_annotation_signed(struct pw_trace *t, unsigned int name, int64_t value)
{
	const struct pw_annotation annotation = pw_annotation_open(t, name, 0);

	pw_proto_number(&t->packet, ANNOTATION_INT, (uint64_t)value);
	pw_annotation_close(t, annotation);
}

void pw_annotation_bool(struct pw_trace *t, unsigned int name, bool value)
{
	const struct pw_annotation annotation = pw_annotation_open(t, name, 0);

	pw_proto_number(&t->packet, ANNOTATION_BOOL, value);
	pw_annotation_close(t, annotation);
}

void pw_annotation_bytes(struct pw_trace *t, unsigned int name, const char *bytes, size_t n)
{
	const struct pw_annotation annotation = pw_annotation_open(t, name, 0);

	pw_trace_bytes(t, &t->packet, ANNOTATION_STRING, bytes, n);
	pw_annotation_close(t, annotation);
}

void pw_annotation_string(struct pw_trace *t, unsigned int name, const char *string)
{
	if (string)
		pw_annotation_bytes(t, name, string, strlen(string));
}
