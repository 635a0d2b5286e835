/* SPDX-License-Identifier: GPL-2.0-only */
/* What /proc and the cgroup file system report where no event does: processes, cgroups, PID namespaces. */
#ifndef PW_PROCFS_H
#define PW_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- a process */

struct pw_proc {
	/* The letter that ps shows. */
	char state;
	/* The start time, in clock ticks since boot. */
	uint64_t start_ticks;
};

/* Reads /proc/PID/stat. Returns false if there is no such process. */
bool pw_proc_read(uint32_t pid, struct pw_proc *proc);
/* Whether this is the process that started then (ns of CLOCK_MONOTONIC), and not one that reuses its PID. */
bool pw_proc_began(const struct pw_proc *proc, uint64_t start);

/* ---- cgroups */

/*
 * The path of the cgroup (version 2) that a /proc/PID/cgroup file names, as it stands
 * there ("/user.slice"). Returns false if there is none, or if it cannot be read or does
 * not fit.
 */
bool pw_proc_cgroup_path(const char *file, char *path, size_t size);

/*
 * The lowest memory.max of procwatch's cgroup (version 2) and of those above it. Writes the
 * limit to bytes, and the path of the cgroup that sets it to group, as /proc/self/cgroup
 * names it. Returns false if there is no limit, or if none can be read.
 */
bool pw_cgroup_memory_limit(char *group, size_t size, uint64_t *bytes);

/* ---- PID namespaces */

#define PW_INIT_PID_NAMESPACE 0xEFFFFFFCu /* PROC_PID_INIT_INO (include/linux/proc_ns.h) */

/* The inode number of procwatch's PID namespace, as the kernel knows it; 0 without /proc. */
uint32_t pw_own_pid_namespace(void);
/* Whether the PIDs that procwatch sees are those of the events. */
bool pw_in_initial_pid_namespace(void);
/* Whether procwatch is in a PID namespace, and its /proc shows the PIDs of that namespace, not those of the events. */
bool pw_proc_is_inner(void);

/* ---- BPF programs */

/*
 * The number of runs of a BPF program that the kernel skipped. Returns false if the kernel
 * does not count them.
 */
bool pw_fdinfo_recursion_misses(int program_fd, uint64_t *misses);

#endif
