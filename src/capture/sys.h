/* SPDX-License-Identifier: GPL-2.0-only */
/* Services of the system that have little to do with BPF: priority, and closing in the background. */
#ifndef PW_SYS_H
#define PW_SYS_H

#include <stdbool.h>

/*
 * Gives this process the lowest real-time priority, if CAP_SYS_NICE allows it and the user
 * has not chosen another one (chrt). Returns whether it did, and pw_priority_restore is due.
 *
 * The reader must not be starved by the tasks it records: on a machine with more work than
 * CPUs it would come too late and lose records. It sleeps nearly all the time, and reading a
 * record costs a fraction of writing it.
 */
bool pw_priority_raise(void);
void pw_priority_restore(void);

/*
 * Makes the kernel do the last close of these descriptors in the background: close them,
 * and then the descriptor that is returned. Returns -1 if that is not possible; closing
 * them then takes as long as it takes.
 */
int pw_close_deferred(const int *fds, unsigned int count);

#endif
