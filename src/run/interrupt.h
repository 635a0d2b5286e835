/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ctrl-C, SIGTERM and SIGHUP: the first one ends a capture, which then reports; a later one
 * aborts. A signal that procwatch was started to ignore (by nohup, or in a script's background)
 * stays ignored.
 */
#ifndef PW_INTERRUPT_H
#define PW_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

/* One request may arrive as two signals: timeout(1) signals its child and then the whole group. */
#define PW_SAME_REQUEST_NS UINT64_C(200000000)

/* Whether procwatch was started with the signal ignored. */
bool pw_is_ignored(int sig);
/* A descriptor that becomes readable at the first request; negative errno. */
int pw_interrupt_open(void);
/* Whether the first request has come; from then on a later one kills procwatch. */
bool pw_interrupt_heard(int fd);
/* Ignores SIGPIPE and SIGXFSZ, so that a failed write is reported instead of killing procwatch. */
void pw_survive_writes(void);

#endif
