/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps that several programs share, defined in maps.bpf.c. A map that belongs to one
 * subject is declared with it.
 */
#ifndef PW_BPF_MAPS_H
#define PW_BPF_MAPS_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "shared/cpu_ring.h"
#include "shared/event.h"

/* Every record but switches. */
struct ring_map {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20); /* set before loading */
};
extern struct ring_map ring SEC(".maps");

/*
 * Switches are the bulk of all records. Each CPU writes its own, so that no lock is
 * contended inside the scheduler.
 */
struct cpus_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* the number of possible CPUs, set before loading */
	__type(key, __u32);
	__type(value, struct pw_cpu);
};
extern struct cpus_map cpus SEC(".maps");

struct switches_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* possible CPUs << switch_ring_shift, set before loading */
	__type(key, __u32);
	__type(value, struct pw_switch);
};
extern struct switches_map switches SEC(".maps");

/* Lost records by CPU. */
struct losses_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE); /* user space reads it without a system call */
	__uint(max_entries, 1); /* the number of possible CPUs, set before loading */
	__type(key, __u32);
	__type(value, struct pw_cpu_loss);
};
extern struct losses_map losses SEC(".maps");

/*
 * One byte per tid says whether the task is watched. All of them are one value, so that
 * one lookup serves both tasks of a switch, the machine's most frequent event; a load
 * costs a fifth of a hash lookup. An exit clears nothing: a birth writes the byte of its
 * tid anew, and between an exit and the next birth no task has that tid.
 */
struct watch_bytes_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 1); /* tid_limit, set before loading */
};
extern struct watch_bytes_map watch_bytes SEC(".maps");

/*
 * The last wake-up of a task, kept until the task's next switch-in carries it to user
 * space: one record for both instead of two. The index is the low bits of the tid. While
 * another tid's wake-up occupies the slot, a wake-up is sent as a record of its own.
 */
struct wake_slot {
	__u32 tid; /* 0: empty */
	__u32 waker_tid;
	__u32 in_irq;
	/* 1: the task became ready when the waker called, for the kernel will record nothing better. */
	__u32 by_call;
	/* With by_call that moment, else the task's sched_info.run_delay. */
	__u64 before;
};
struct wake_slots_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* wake_slot_mask + 1, set before loading */
	__type(key, __u32);
	__type(value, struct wake_slot);
};
extern struct wake_slots_map wake_slots SEC(".maps");

/* The processes to attach to, by their PIDs in procwatch's PID namespace. Only seeding looks at it. */
struct targets_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* set before loading */
	__type(key, __u32);
	__type(value, struct pw_target_slot);
};
extern struct targets_map targets SEC(".maps");

/* A process that has ended and perhaps is not reaped yet. */
struct zombie {
	/* The address of the leader's task_struct, valid until its sched_process_free. */
	__u64 task;
	__u64 start;
	__u32 pid;
	__u32 pad;
};

/*
 * Zombies by the PID that a wait returns, in the waiter's PID namespace. The oldest
 * entries make room: a reap that no wait returned from leaves its entry behind.
 */
struct zombie_key {
	__u64 pid_ns; /* the address of the namespace */
	__u32 pid;
	__u32 pad;
};
struct zombies_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct zombie_key);
	__type(value, struct zombie);
};
extern struct zombies_map zombies SEC(".maps");

/* Zombies by the address of their sighand_struct, which release_task frees. */
struct zombie_sighands_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct zombie);
};
extern struct zombie_sighands_map zombie_sighands SEC(".maps");

/* The first and the last child of a dying task, to see later who became their parent. */
struct orphans {
	__u64 child[2]; /* addresses */
	__u64 start[2];
	__u32 pid[2];
};
struct dying_parents_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32); /* the tid of the dying task */
	__type(value, struct orphans);
};
extern struct dying_parents_map dying_parents SEC(".maps");

#endif
