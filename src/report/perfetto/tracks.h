/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Procwatch's own tracks: one for each process's lifecycle, beside its threads, one
 * for each thread with something no scheduling event can tell, those of the
 * recording itself, and the threads' own, where their marks are.
 */
#ifndef PW_PERFETTO_TRACKS_H
#define PW_PERFETTO_TRACKS_H

#include "model/model.h"
#include "report/perfetto/packet.h"

enum pw_event_type { PW_SLICE_BEGIN = 1, PW_SLICE_END = 2, PW_INSTANT = 3 };

/* A track's number. rank is a process's place in the filter. */
enum { PW_TRACK_ROOT = 0, PW_TRACK_RECORDING = 1 };
uint64_t pw_track_process(size_t rank);
uint64_t pw_track_lifecycle(size_t rank);
uint64_t pw_track_unseen(uint64_t n);
uint64_t pw_track_lost(uint64_t n);
uint64_t pw_track_marks(uint64_t n);
/* A flow's number: from the fork to the first run, from the exit to the reap. */
uint64_t pw_flow_fork(size_t rank);
uint64_t pw_flow_exit(size_t rank);
/* The open event is where a flow begins, or where it ends. */
void pw_track_flow(struct pw_trace *t, uint64_t flow, bool ends);

/* A track by itself or, with a parent, beside its parent's. name is fit for a trace. */
void pw_track_describe(struct pw_trace *t, uint64_t ts, uint64_t uuid, uint64_t parent, const char *name);

/* That of the thread which has this number then. */
void pw_track_describe_thread(struct pw_trace *t, uint64_t ts, uint64_t uuid, uint32_t pid, uint32_t tid);

/* An event; name 0: named by the text (fit for a trace), or not at all. It is open until pw_track_close. */
void pw_track_open(struct pw_trace *t, uint64_t ts, enum pw_event_type type, uint64_t uuid,
		   enum pw_trace_name name, const char *text);
void pw_track_close(struct pw_trace *t);

/* Annotations of the open event; note 0 in a list. */
void pw_note_number(struct pw_trace *t, unsigned int note, uint64_t value);
void pw_note_signed(struct pw_trace *t, unsigned int note, int64_t value);
void pw_note_bool(struct pw_trace *t, unsigned int note, bool value);
/* Bytes from outside; NULL: there is no such annotation. */
void pw_note_string(struct pw_trace *t, unsigned int note, const char *string);
void pw_note_bytes(struct pw_trace *t, unsigned int note, const char *bytes, size_t n);

/* What is annotated until it is closed belongs to it: a dictionary (NOTE_DICT) or a list (NOTE_ARRAY). */
struct pw_note_mark {
	size_t message;
	unsigned int outer;
};
struct pw_note_mark pw_note_open(struct pw_trace *t, unsigned int note, unsigned int kind);
void pw_note_close(struct pw_trace *t, struct pw_note_mark mark);

/* A slice with its begin and its end. */
void pw_track_slice(struct pw_trace *t, uint64_t uuid, const struct pw_span *span, enum pw_trace_name name);

#endif
