/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of the system calls of the architecture this was built for.
 */
#ifndef PW_SYSCALLS_H
#define PW_SYSCALLS_H

/* "read" for __NR_read; NULL for a number without a name, as -1. */
const char *pw_syscall_name(int nr);

#endif
