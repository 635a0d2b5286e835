/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs remember, and what user space tells them before they are loaded. */
#ifndef PW_MAPS_H
#define PW_MAPS_H

/* Set by user space before loading; the verifier drops the branches not taken. */
const volatile __s32 switch_state_arg = -1; /* where sched_switch has prev_state; -1: nowhere */
const volatile __u32 ring_wake_bytes = 2 << 20; /* a ring filled past this wakes its reader */
const volatile __u32 switch_ring_shift = 0; /* the binary logarithm of a CPU's room for switches */
const volatile __u32 wake_slot_mask = 0; /* entries of wake_slots, less one */
const volatile __u32 kernel_stack_bytes =
	16384; /* THREAD_SIZE: four pages, or one larger page, without KASAN */
const volatile __s32 preempt_count_from_rq =
	0; /* bytes from a CPU's runqueue to its preempt_count; 0: unknown */
/* procwatch itself is never watched: its number in its own PID namespace, and that namespace's. */
const volatile __u32 own_tgid = 0;
const volatile __u32 own_pid_ns = 0;
const volatile bool watch_all = false;
const volatile __u64 targets_asked_at = 0; /* when the targets' numbers were looked up */
const volatile bool follow_children = true;
/* What -n, -u and --cgroup ask for. */
const volatile bool only_names = false;
const volatile __u64 only_name[sizeof(struct pw_glob) / 8] =
	{}; /* a pw_glob: the skeleton knows no types of ours */
const volatile bool only_uids = false;
const volatile __u32 only_uid = 0;
const volatile __u64 only_cgroup = 0;
const volatile bool track_waits = false; /* the reap is looked for at the return of wait4 and waitid */
const volatile bool track_sighands = false; /* ... or where the kernel frees a signal handler table */
const volatile bool walk_children = false; /* no hook tells of reparenting: look at a dying task's children */

/*
 * Set when every program is attached. Who is born before may have ended unseen:
 * no filter takes it, and if it still processes the iterator finds it.
 */
__u32 attached = 0;

/* Processes forked by this thread group of procwatch's namespace are watched; 0: nobody is launching. */
__u32 launcher_tgid = 0;

/* Where in the kernel those are freed (__cleanup_sighand); 0 until one was seen. */
__u64 sighand_free_site = 0;

/* Seeding: what a pass of the iterator did, and whether another one is wanted. */
__u32 seeding = 0; /* passes are being made */
__u32 seeds_told = 0;
__u32 rescan_wanted = 0;

/* The thread groups to attach to, by their numbers in procwatch's PID namespace: looked at by the iterator only. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* set before loading */
	__type(key, __u32);
	__type(value, struct pw_target_slot);
} targets SEC(".maps");

/* Every record but switches. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} ring SEC(".maps");

/*
 * One byte per tid says whether it is watched: one value, so that one lookup serves
 * both tasks of a switch, the machine's most frequent event. A load costs a fifth of a
 * hash lookup. Nothing is ever cleared at death: a birth writes the byte of its tid
 * anew, and between a death and the next birth no task has the number.
 */
const volatile __u32 tid_limit = 1; /* more than any tid; the size of the value */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 1); /* tid_limit, set before loading */
} watch_bytes SEC(".maps");

/*
 * The last wake-up of a task, kept until its next switch-in carries it to user
 * space: one record for both instead of two. Indexed by the low bits of the tid;
 * a slot taken by another pending tid is left alone and the wake-up sent by itself.
 */
struct wake_slot {
	__u32 tid; /* 0: empty */
	__u32 waker_tid;
	__u32 in_irq;
	__u32 by_call; /* when it became ready is when the waker called: the kernel will note nothing better */
	__u64 before; /* by_call: that moment; else the task's sched_info.run_delay */
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* set before loading */
	__type(key, __u32);
	__type(value, struct wake_slot);
} wake_slots SEC(".maps");

/* Switches, the bulk of all records, each CPU's apart: no lock is contended inside the scheduler. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* possible CPUs, set before loading */
	__type(key, __u32);
	__type(value, struct pw_cpu);
} cpus SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* possible CPUs << switch_ring_shift, set before loading */
	__type(key, __u32);
	__type(value, struct pw_switch);
} switches SEC(".maps");

/* Records that found no room, by CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE); /* user space reads it without a system call */
	__uint(max_entries, 1); /* possible CPUs, set before loading */
	__type(key, __u32);
	__type(value, struct pw_cpu_loss);
} losses SEC(".maps");

/*
 * Ended, perhaps not yet reaped: found by the number a wait returns in its
 * caller's PID namespace. The oldest make room: a reap that no wait returned
 * from leaves its entry behind.
 */
struct zombie_key {
	__u64 pid_ns; /* address of the namespace */
	__u32 nr;
	__u32 pad;
};
struct zombie {
	__u64 task; /* address of the leader's task_struct; valid until its sched_process_free */
	__u64 start;
	__u32 pid;
	__u32 pad;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct zombie_key);
	__type(value, struct zombie);
} zombies SEC(".maps");

/* The same by the address of its sighand_struct, which release_task frees. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct zombie);
} zombie_sighands SEC(".maps");

/* A dying task's first and last child, to see later whose children they became. */
struct orphans {
	__u64 child[2]; /* addresses */
	__u64 start[2];
	__u32 pid[2];
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32); /* tid of the dying task */
	__type(value, struct orphans);
} dying_parents SEC(".maps");

/* What is to be told at each place that has a mark; the key is the attachment's cookie. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PW_MARK_SITES);
	__type(key, __u32);
	__type(value, struct pw_mark_site);
} mark_sites SEC(".maps");

/* An exec record is too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pw_exec);
} exec_scratch SEC(".maps");

#endif
