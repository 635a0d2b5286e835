/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Settings that user space makes before loading (src/capture/load.c), and flags that both
 * sides change while the programs run. The definitions, with their defaults, are in
 * maps.bpf.c.
 */
#ifndef PW_BPF_CONFIG_H
#define PW_BPF_CONFIG_H

#include "vmlinux.h"

#include "shared/glob.h"

/* ---- set before loading: the verifier then drops the branches not taken */

/* The index of prev_state among the arguments of sched_switch; -1: it is not passed. */
extern const volatile __s32 switch_state_arg;
/* Bytes in the ring above which its reader is woken. */
extern const volatile __u32 ring_wake_bytes;
/* The binary logarithm of the number of switches each CPU has room for. */
extern const volatile __u32 switch_ring_shift;
/* The number of entries of wake_slots, a power of two, less one. */
extern const volatile __u32 wake_slot_mask;
/* Larger than any tid; the number of watch bytes. */
extern const volatile __u32 tid_limit;

/* THREAD_SIZE: four pages, or one larger page, without KASAN. */
extern const volatile __u32 kernel_stack_bytes;
/* Bytes from a CPU's run queue to its preempt_count; 0: unknown. */
extern const volatile __s32 preempt_count_from_rq;
/* The bits of preempt_count that are set in an interrupt. */
extern const volatile __u32 interrupt_bits;

/* procwatch itself is never watched: its PID in its own PID namespace, and the inode number of that namespace. */
extern const volatile __u32 own_tgid;
extern const volatile __u32 own_pid_ns;

/* What to watch: everything, the targets (a map) and what was forked by what is watched ... */
extern const volatile bool watch_all;
extern const volatile bool follow_children;
/* When the targets' PIDs were looked up. */
extern const volatile __u64 targets_asked_at;
/* ... and what matches -n, -u and --cgroup. */
extern const volatile bool only_names;
/* A struct pw_glob, as words: the skeleton does not know the type. */
extern const volatile __u64 only_name[sizeof(struct pw_glob) / 8];
extern const volatile bool only_uids;
extern const volatile __u32 only_uid;
extern const volatile __u64 only_cgroup;

/* How a reap is noticed: at the return of wait4 and waitid, or when the kernel frees a signal handler table. */
extern const volatile bool track_waits;
extern const volatile bool track_sighands;
/* No hook reports new parents: look at the children of a dying task. */
extern const volatile bool walk_children;

/* ---- changes while the programs run */

/*
 * Set by user space once every program is attached. A task that was forked before may
 * exit unseen, so no filter selects it; if it is still alive, the iterator finds it.
 */
extern __u32 attached;

/* Set by user space: processes forked by this process of procwatch's namespace are watched; 0: none. */
extern __u32 launcher_tgid;

/* Set by user space while it makes its passes over the running tasks. */
extern __u32 seeding;
/* Tasks seeded so far. */
extern __u32 seeds_sent;
/* A process with several threads was seeded by itself: another pass must find the threads. */
extern __u32 rescan_wanted;

#endif
