/* SPDX-License-Identifier: GPL-2.0-only */
/* The control group of a process, and how much memory ours may use. */
#ifndef PW_GROUP_H
#define PW_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The group of cgroup v2 that a /proc/PID/cgroup names, as it stands there ("/user.slice")
 * into path. false: none, or it cannot be read or does not fit.
 */
bool pw_group_path(const char *file, char *path, size_t size);

/*
 * The least memory.max of our group (cgroup v2) and of those above it: whose it is
 * into group, as /proc/self/cgroup names them. false: none limits it, or none can be read.
 */
bool pw_group_memory(char *group, size_t size, uint64_t *bytes);

#endif
