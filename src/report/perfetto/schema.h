/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The numbers of the messages and fields of Perfetto that procwatch writes
 * (protos/perfetto/trace in Perfetto's tree). tests/reports/trace.proto is the same list
 * for protoc; a test decodes what is written with it.
 */
#ifndef PW_PERFETTO_SCHEMA_H
#define PW_PERFETTO_SCHEMA_H

enum pw_trace_field { TRACE_PACKET = 1 };

/* TracePacket */
enum pw_packet_field {
	PACKET_FTRACE_EVENTS = 1,
	PACKET_PROCESS_TREE = 2,
	PACKET_CLOCK_SNAPSHOT = 6,
	PACKET_TIMESTAMP = 8,
	PACKET_SEQUENCE_ID = 10,
	PACKET_TRACK_EVENT = 11,
	PACKET_INTERNED_DATA = 12,
	PACKET_SEQUENCE_FLAGS = 13,
	PACKET_SYSTEM_INFO = 45,
	PACKET_TRACK_DESCRIPTOR = 60,
	PACKET_TASK_STATE = 117, /* GenericKernelTaskStateEvent */
};

enum pw_sequence_flag { SEQUENCE_STATE_CLEARED = 1, SEQUENCE_NEEDS_STATE = 2 };

enum pw_snapshot_field { CLOCK_SNAPSHOT_CLOCKS = 1, CLOCK_SNAPSHOT_PRIMARY = 2 };
enum pw_clock_field { CLOCK_ID = 1, CLOCK_TIMESTAMP = 2 };
enum pw_clock { CLOCK_IS_REALTIME = 1, CLOCK_IS_MONOTONIC = 3, CLOCK_IS_BOOTTIME = 6 };

enum pw_system_field { SYSTEM_INFO_UTSNAME = 1, SYSTEM_INFO_CPUS = 8 };
enum pw_utsname_field { UTSNAME_SYSNAME = 1, UTSNAME_RELEASE = 3, UTSNAME_MACHINE = 4 };

enum pw_tree_field { TREE_PROCESSES = 1, TREE_THREADS = 2 };
/* ProcessTree.Process */
enum pw_process_field {
	PROCESS_PID = 1,
	PROCESS_PPID = 2,
	PROCESS_CMDLINE = 3,
	PROCESS_UID = 5,
	PROCESS_NSPID = 6,
	PROCESS_CMDLINE_IS_COMM = 9,
};
enum pw_thread_field { THREAD_TID = 1, THREAD_NAME = 2, THREAD_TGID = 3 };

enum pw_bundle_field { BUNDLE_CPU = 1, BUNDLE_EVENT = 2, BUNDLE_LOST_EVENTS = 3, BUNDLE_COMPACT = 4 };
/* FtraceEventBundle.CompactSched */
enum pw_compact_field {
	COMPACT_TIMESTAMP = 1,
	COMPACT_PREV_STATE = 2,
	COMPACT_NEXT_PID = 3,
	COMPACT_NEXT_PRIO = 4,
	COMPACT_NAMES = 5,
	COMPACT_NEXT_NAME = 6,
};
/* FtraceEvent */
enum pw_ftrace_field {
	FTRACE_TIMESTAMP = 1,
	FTRACE_PID = 2,
	FTRACE_BLOCKED_REASON = 18,
	FTRACE_WAKING = 20,
	FTRACE_RENAME = 236,
	FTRACE_FREE = 240,
};
enum pw_blocked_field { BLOCKED_PID = 1, BLOCKED_CALLER = 2 };
enum pw_waking_field { WAKING_COMM = 1, WAKING_PID = 2 };
enum pw_rename_field { RENAME_PID = 1, RENAME_NEW = 3 };
enum pw_free_field { FREE_COMM = 1, FREE_PID = 2 };

enum pw_task_field { TASK_TID = 3, TASK_STATE = 4 };
/* GenericKernelTaskStateEvent.TaskStateEnum */
enum pw_task_state {
	TASK_RUNNABLE = 2,
	TASK_INTERRUPTIBLE = 4,
	TASK_UNINTERRUPTIBLE = 5,
	TASK_STOPPED = 6,
	TASK_DEAD = 7,
	TASK_DESTROYED = 8,
};

/* TrackDescriptor */
enum pw_track_field {
	TRACK_UUID = 1,
	TRACK_NAME = 2,
	TRACK_PROCESS = 3,
	TRACK_THREAD = 4,
	TRACK_PARENT = 5,
	TRACK_RANK = 12,
	TRACK_PROCESS_ORDERING = 19,
};
enum pw_track_ordering { ORDERING_EXPLICIT = 1 };
enum pw_track_process_field { TRACK_PROCESS_PID = 1, TRACK_PROCESS_NAME = 6 };
enum pw_track_thread_field { TRACK_THREAD_PID = 1, TRACK_THREAD_TID = 2 };

/* TrackEvent */
enum pw_event_field {
	EVENT_ANNOTATION = 4,
	EVENT_TYPE = 9,
	EVENT_NAME_IID = 10,
	EVENT_TRACK = 11,
	EVENT_NAME = 23,
	EVENT_FLOW = 47,
	EVENT_FLOW_END = 48,
};
/* DebugAnnotation */
enum pw_annotation_field {
	ANNOTATION_NAME_IID = 1,
	ANNOTATION_BOOL = 2,
	ANNOTATION_UINT = 3,
	ANNOTATION_INT = 4,
	ANNOTATION_STRING = 6,
	ANNOTATION_DICT = 11,
	ANNOTATION_ARRAY = 12,
};

enum pw_interned_field {
	INTERNED_EVENT_NAMES = 2,
	INTERNED_ANNOTATION_NAMES = 3,
	INTERNED_KERNEL_SYMBOLS = 26
};
enum pw_interned_entry_field { INTERNED_IID = 1, INTERNED_STRING = 2 };

#endif
