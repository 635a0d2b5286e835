/* SPDX-License-Identifier: GPL-2.0-only */
/* The names of the system calls of this architecture. */
#ifndef PW_SYSCALLS_H
#define PW_SYSCALLS_H

/* "read" for __NR_read; NULL if the number has no name, such as -1. */
const char *pw_syscall_name(int nr);

#endif
