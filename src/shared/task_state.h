/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bits of task_struct.__state and exit_state, as pw_switch and pw_birth carry
 * them: the same on every kernel since 4.14 (include/linux/sched.h).
 */
#ifndef PW_TASK_STATE_H
#define PW_TASK_STATE_H

/* clang-format off */
#define TASK_INTERRUPTIBLE   0x0001u
#define TASK_UNINTERRUPTIBLE 0x0002u
#define TASK_STOPPED         0x0004u
#define TASK_TRACED          0x0008u
#define EXIT_DEAD            0x0010u
#define EXIT_ZOMBIE          0x0020u
#define TASK_PARKED          0x0040u
#define TASK_DEAD            0x0080u
#define TASK_WAKING          0x0200u
#define TASK_NOLOAD          0x0400u
#define TASK_NEW             0x0800u
/* clang-format on */

#endif
