/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who reads must not wait for a CPU behind whom it reads: on a machine with more to do
 * than CPUs it would come too late, and lose records. It sleeps nearly all the time, and
 * what it takes for a record is a part of what it costs to make one.
 */
#ifndef PW_PRIORITY_H
#define PW_PRIORITY_H

#include <stdbool.h>

/*
 * Before all that is not real-time, if that is allowed (CAP_SYS_NICE) and nobody has
 * said otherwise (chrt). Returns whether it is to be restored.
 */
bool pw_priority_raise(void);
void pw_priority_restore(void);

#endif
