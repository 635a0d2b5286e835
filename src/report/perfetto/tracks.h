/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procwatch's own tracks: one beside the threads of each process, one for each thread
 * with an interval that no scheduling event can show, one for each thread with marks,
 * and those of the recording itself.
 */
#ifndef PW_PERFETTO_TRACKS_H
#define PW_PERFETTO_TRACKS_H

#include "model/model.h"
#include "report/perfetto/packet.h"

enum pw_event_type { PW_SLICE_BEGIN = 1, PW_SLICE_END = 2, PW_INSTANT = 3 };

/* The UUIDs of tracks. A rank is a process's place in the filter; n counts tracks of one sort. */
enum { PW_TRACK_ROOT = 0, PW_TRACK_RECORDING = 1 };
uint64_t pw_track_process(size_t rank);
uint64_t pw_track_lifecycle(size_t rank);
uint64_t pw_track_unseen(uint64_t n);
uint64_t pw_track_lost(uint64_t n);
uint64_t pw_track_marks(uint64_t n);
/* The ids of flows: from the fork to the first run, from the exit to the reap. */
uint64_t pw_flow_fork(size_t rank);
uint64_t pw_flow_exit(size_t rank);
/* Makes the open event the begin or the end of a flow. */
void pw_track_flow(struct pw_trace *t, uint64_t flow, bool ends);

/* Describes a track; parent 0: it stands alone. name is valid UTF-8. */
void pw_track_describe(struct pw_trace *t, uint64_t ts, uint64_t uuid, uint64_t parent, const char *name);

/* Describes a track of the thread that has this tid at this time. */
void pw_track_describe_thread(struct pw_trace *t, uint64_t ts, uint64_t uuid, uint32_t pid, uint32_t tid);

/*
 * Opens an event, to which flows and annotations can be added until pw_track_close.
 * With name 0, text is its name (valid UTF-8); with text NULL too it has none.
 */
void pw_track_open(struct pw_trace *t, uint64_t ts, enum pw_event_type type, uint64_t uuid,
		   enum pw_trace_name name, const char *text);
void pw_track_close(struct pw_trace *t);

/* Debug annotations of the open event. name is an enum pw_annotation_name, 0 for an element of an array. */
void pw_annotation_number(struct pw_trace *t, unsigned int name, uint64_t value);
void pw_annotation_signed(struct pw_trace *t, unsigned int name, int64_t value);
void pw_annotation_bool(struct pw_trace *t, unsigned int name, bool value);
/* Untrusted bytes, escaped on the way. A NULL string adds nothing. */
void pw_annotation_string(struct pw_trace *t, unsigned int name, const char *string);
void pw_annotation_bytes(struct pw_trace *t, unsigned int name, const char *bytes, size_t n);

/* An open dictionary (ANNOTATION_DICT) or array (ANNOTATION_ARRAY): annotations go into it until it is closed. */
struct pw_annotation {
	size_t message;
	unsigned int outer_field;
};
struct pw_annotation pw_annotation_open(struct pw_trace *t, unsigned int name, unsigned int kind);
void pw_annotation_close(struct pw_trace *t, struct pw_annotation annotation);

/* Writes a slice without annotations, both its begin and its end. */
void pw_track_slice(struct pw_trace *t, uint64_t uuid, const struct pw_span *span, enum pw_trace_name name);

#endif
