/* SPDX-License-Identifier: GPL-2.0-only */
/* How much memory the control group of this process may use. */
#ifndef PW_GROUP_H
#define PW_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The least memory.max of our group (cgroup v2) and of those above it: whose it is
 * into group, as /proc/self/cgroup names them. false: none limits it, or none can be read.
 */
bool pw_group_memory(char *group, size_t size, uint64_t *bytes);

#endif
