/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The events: records that the BPF programs send to user space.
 *
 * Both sides include this file; bpf/ includes vmlinux.h first. All times are
 * CLOCK_MONOTONIC nanoseconds, the clock of bpf_ktime_get_ns() and of
 * task_struct.start_time. The pair (tid, start time) identifies a task, because
 * a reused tid comes with another start time. All pids and tids are those of the
 * initial PID namespace.
 */
#ifndef PW_EVENT_H
#define PW_EVENT_H

#ifndef __VMLINUX_H__
#include <stddef.h>
#include <stdint.h>
typedef uint64_t __pw_u64;
typedef uint32_t __pw_u32;
typedef int32_t __pw_s32;
typedef uint16_t __pw_u16;
typedef int16_t __pw_s16;
typedef uint8_t __pw_u8;
#else
typedef __u64 __pw_u64;
typedef __u32 __pw_u32;
typedef __s32 __pw_s32;
typedef __u16 __pw_u16;
typedef __s16 __pw_s16;
typedef __u8 __pw_u8;
#endif

#define PW_COMM_LEN 16 /* TASK_COMM_LEN; includes the NUL */
#define PW_PATH_LEN 256
#define PW_ARGV_LEN 4096
#define PW_MARK_LEN 32 /* a mark's name; includes the NUL */

/*
 * The table of event kinds. One row defines enum PW_EV_KIND, the record struct
 * pw_NAME, its place in union pw_any_event, its size and its name; the model
 * dispatches to pw_feed_NAME, and src/recording/fields.c lists NAME_fields.
 *
 * Recordings store the number: never change or reuse one. The size is checked
 * below, so that the BPF compiler and the native one agree on each layout.
 */
/* clang-format off */
#define PW_EVENT_KINDS(X) \
	/* number  KIND       name       bytes */ \
	X( 1,      BIRTH,     birth,       136) /* a task was forked, or the snapshot found it */ \
	X( 2,      SWITCH,    switch,       72) /* a CPU switched from one task to another */ \
	X( 3,      WAKE,      wake,         40) /* a wake-up that no later switch-in can carry */ \
	X( 4,      EXEC,      exec,       4400) /* a process executed a program */ \
	X( 5,      RENAME,    rename,       40) /* a task changed its name */ \
	X( 6,      EXIT,      exit,         80) /* a task entered do_exit */ \
	X( 7,      SIGNAL,    signal,       64) /* a watched task sent or was sent a signal */ \
	X( 8,      REPARENT,  reparent,     72) /* children of a dying task got another parent */ \
	X( 9,      REAP,      reap,         56) /* a process was released, seen in its reaper's context */ \
	X(10,      FREE,      free,         24) /* a task was freed: an upper bound of its reap */ \
	X(11,      LOST,      lost,         48) /* records were dropped, because the ring was full */ \
	X(12,      CGROUP,    cgroup,      544) /* user space only: the path of a cgroup id */ \
	X(13,      MARK,      mark,         40) /* a program passed a PROCWATCH_MARK */ \
	X(14,      MARK_NAME, mark_name,    64) /* user space only: the name of a mark's number */

enum pw_event_kind {
#define PW_KIND_ENUM(number, KIND, name, bytes) PW_EV_##KIND = (number),
	PW_EVENT_KINDS(PW_KIND_ENUM)
#undef PW_KIND_ENUM
	PW_EV_KIND_COUNT,
};
/* clang-format on */

/* pw_event.flags */
enum pw_event_flags {
	/* SWITCH: the fields about prev are filled. */
	PW_PREV_WATCHED = 1 << 0,
	/* SWITCH: the fields about next are filled. */
	PW_NEXT_WATCHED = 1 << 1,
	/* SWITCH: prev was preempted and is still runnable. */
	PW_PREEMPTED = 1 << 2,
	/* BIRTH: the snapshot found the task, its fork was not observed. EXEC: what it ran at that moment. */
	PW_SEEDED = 1 << 3,
	/* EXIT: the last live thread of its thread group. */
	PW_GROUP_DEAD = 1 << 4,
	/* EXEC: argv was longer than PW_ARGV_LEN. */
	PW_TRUNCATED = 1 << 5,
	/* SWITCH, WAKE: an interrupt was the waker, not the task that it interrupted. */
	PW_WAKER_IRQ = 1 << 6,
};

/* The head of every record. tid and start identify the subject. */
struct pw_event {
	__pw_u64 ts;
	__pw_u64 start;
	__pw_u32 tid;
	__pw_u16 cpu;
	__pw_u8 kind;
	__pw_u8 flags;
};

/* Subject: the new task. */
struct pw_birth {
	struct pw_event h;
	__pw_u64 cgroup_id;
	/* Start time of the parent's group leader. */
	__pw_u64 parent_start;
	__pw_u32 tgid;
	/* real_parent: the thread that forked it. */
	__pw_u32 parent_tid;
	__pw_u32 parent_tgid;
	__pw_u32 uid;
	/* Its tgid in its own PID namespace. */
	__pw_u32 ns_pid;
	/* The signal sent to the parent when it ends; -1 for a thread. */
	__pw_s32 exit_signal;
	char comm[PW_COMM_LEN];
	char parent_comm[PW_COMM_LEN];
	/* Only with PW_SEEDED, what the task_struct says when the snapshot reads it: __state, raw. */
	__pw_u32 state;
	/* 0, EXIT_ZOMBIE or EXIT_DEAD. */
	__pw_u32 exit_state;
	__pw_u32 exit_code;
	__pw_u32 on_cpu;
	/* se.sum_exec_runtime, ns. */
	__pw_u64 runtime;
	__pw_u64 nvcsw, nivcsw;
};

/* Subject: prev. */
struct pw_switch {
	struct pw_event h;
	__pw_u64 next_start;
	__pw_u32 next_tid;
	/* __state, raw: 0 is runnable, TASK_DEAD the last switch of a task. */
	__pw_u32 prev_state;
	/*
	 * prev's own counters. They reveal switches for which the kernel raised no
	 * event, and allow to repair the timeline. se.sum_exec_runtime, ns.
	 */
	__pw_u64 prev_runtime;
	/* Low 32 bits. */
	__pw_u32 prev_nvcsw, prev_nivcsw;
	/* The system call in which prev sleeps; -1 for none. */
	__pw_s16 prev_syscall;
	/* 0, EXIT_ZOMBIE or EXIT_DEAD. */
	__pw_u8 prev_exit_state;
	__pw_u8 pad;
	/* The task that woke next. 0 without PW_WAKER_IRQ: not observed, or next was preempted. */
	__pw_u32 waker_tid;
	/* When next was last put on a run queue; 0: unknown. */
	__pw_u64 woken;
};

/* Subject: the task that was woken. ts is the time of the record, woken that of the wake-up. */
struct pw_wake {
	struct pw_event h;
	__pw_u64 woken;
	__pw_u32 waker_tid;
	__pw_u32 pad;
};

/* Subject: the task after exec; its tid is now its tgid. The record ends where argv does. */
struct pw_exec {
	struct pw_event h;
	/* Differs from h.tid when a thread other than the leader called exec. */
	__pw_u32 old_tid;
	/* Bytes in argv, including the NULs. */
	__pw_u32 argv_len;
	char comm[PW_COMM_LEN];
	/* The path given to exec: for a script its own path, not the interpreter's. */
	char exe[PW_PATH_LEN];
	/* NUL-separated. */
	char argv[PW_ARGV_LEN];
};

/* Subject: the task that has a new name. */
struct pw_rename {
	struct pw_event h;
	char comm[PW_COMM_LEN];
};

/* Subject: the dying task. */
struct pw_exit {
	struct pw_event h;
	__pw_u32 tgid;
	/* The parent at this moment. */
	__pw_u32 parent_tgid;
	/* What wait() will report if this is the last thread. */
	__pw_u32 wait_status;
	/* That of the group leader. */
	__pw_s32 exit_signal;
	/* 1: the parent ignores SIGCHLD; 2: the parent set SA_NOCLDWAIT. */
	__pw_u8 autoreap;
	__pw_u8 pad[3];
	__pw_u32 pad2;
	__pw_u64 runtime;
	__pw_u32 nvcsw, nivcsw;
	char comm[PW_COMM_LEN];
};

/* Subject: the sender, that is the task in whose context the signal was raised. */
struct pw_signal {
	struct pw_event h;
	/* Start time of the leader of the addressed thread group. */
	__pw_u64 to_start;
	__pw_u32 from_tgid;
	__pw_u32 to_tid, to_tgid;
	__pw_s32 sig;
	/* si_code */
	__pw_s32 code;
	/* si_pid, in the addressee's PID namespace. */
	__pw_u32 info_pid;
	/* enum trace_signal_result: 0 delivered, 1 ignored, 2 already pending, ... */
	__pw_s32 result;
	/* 1: the exit_signal of the sender's own dying thread group, sent to its parent: it is waitable now. */
	__pw_u8 exit_notice;
	/* 1: wait_status is filled. */
	__pw_u8 status_told;
	/* With exit_notice: what wait() will report. */
	__pw_u16 wait_status;
};

/* Subject: the dying task whose children moved. */
struct pw_reparent {
	struct pw_event h;
	/* Start time of the new parent's group leader. */
	__pw_u64 new_start;
	__pw_u32 tgid;
	__pw_u32 new_tid, new_tgid;
	/* 0: all children of h.tid moved; else only this process. */
	__pw_u32 child;
	/* The new parent is the init of its PID namespace. */
	__pw_u8 ns_init;
	/* The new parent set PR_SET_CHILD_SUBREAPER. */
	__pw_u8 subreaper;
	__pw_u8 pad[6];
	/* The new parent's name. */
	char comm[PW_COMM_LEN];
};

enum pw_reap_hook {
	/* Inside release_task: exact. */
	PW_REAP_RELEASE = 1,
	/* At the return of wait4 or waitid: microseconds late. */
	PW_REAP_WAIT = 2,
};

/* Subject: the process that was reaped (tid is its tgid). */
struct pw_reap {
	struct pw_event h;
	__pw_u32 by_tid, by_tgid;
	/* enum pw_reap_hook */
	__pw_u32 hook;
	__pw_u32 pad;
	char by_comm[PW_COMM_LEN];
};

/* Subject: the task that was freed. */
struct pw_free {
	struct pw_event h;
};

/* No subject; h.cpu is the CPU whose records were dropped. */
struct pw_lost {
	struct pw_event h;
	__pw_u64 count;
	__pw_u64 first, last;
};

/* User space only. */
struct pw_cgroup {
	struct pw_event h;
	__pw_u64 cgroup_id;
	char path[PW_PATH_LEN * 2];
};

/* Subject: the task that passed the mark. */
struct pw_mark {
	struct pw_event h;
	/* A signed 64-bit number; 0 without one. */
	__pw_u64 value;
	/* The mark's number; a MARK_NAME came before. */
	__pw_u32 name;
	/* 1: it has a value. */
	__pw_u8 valued;
	__pw_u8 pad[3];
};

/* User space only; comes before the first MARK with this number. */
struct pw_mark_name {
	struct pw_event h;
	/* From 1 on. */
	__pw_u32 number;
	__pw_u32 pad;
	char name[PW_MARK_LEN];
};

#define PW_KIND_LAYOUT(number, KIND, name, bytes)                                                            \
	_Static_assert(sizeof(struct pw_##name) == (bytes) && (bytes) % 8 == 0 && (number) < 256 &&          \
			       __builtin_offsetof(struct pw_##name, h) == 0,                                 \
		       "layout of struct pw_" #name);
PW_EVENT_KINDS(PW_KIND_LAYOUT)
#undef PW_KIND_LAYOUT

/* Room for any record: event->as_birth, event->as_switch, ... */
union pw_any_event {
	struct pw_event h;
#define PW_KIND_MEMBER(number, KIND, name, bytes) struct pw_##name as_##name;
	PW_EVENT_KINDS(PW_KIND_MEMBER)
#undef PW_KIND_MEMBER
};

#ifndef __VMLINUX_H__

/* Bytes of a record of this kind; 0: there is no such kind. */
static inline size_t pw_event_size(unsigned int kind)
{
	switch (kind) {
#define PW_KIND_SIZE(number, KIND, name, bytes)                                                              \
	case PW_EV_##KIND:                                                                                   \
		return sizeof(struct pw_##name);
		PW_EVENT_KINDS(PW_KIND_SIZE)
#undef PW_KIND_SIZE
	default:
		return 0;
	}
}

/* "birth", "switch", ...; NULL: there is no such kind. */
static inline const char *pw_event_name(unsigned int kind)
{
	switch (kind) {
#define PW_KIND_NAME(number, KIND, name, bytes)                                                              \
	case PW_EV_##KIND:                                                                                   \
		return #name;
		PW_EVENT_KINDS(PW_KIND_NAME)
#undef PW_KIND_NAME
	default:
		return NULL;
	}
}

/*
 * Receives events in order of ts; an event is only valid during the call. Returns 0
 * to go on, a negative errno to end the stream.
 */
typedef int (*pw_event_fn)(void *context, const struct pw_event *event);

#endif /* __VMLINUX_H__ */

#endif
