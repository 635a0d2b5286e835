/* SPDX-License-Identifier: GPL-2.0-only */
/* The names behind the kernel's numbers, as on this architecture. */
#ifndef PW_KERNEL_NAMES_H
#define PW_KERNEL_NAMES_H

/* "SIGTERM" for 15, "SIGRTMIN+1" for 35; NULL if the number has no name. */
const char *pw_signal_name(int sig);

/* "read" for __NR_read; NULL if the number has no name, such as -1. */
const char *pw_syscall_name(int nr);

#endif
