/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ctrl-C, SIGTERM and a hang-up: the first one ends a capture, which then
 * reports; a later one aborts. What procwatch was started to ignore (nohup, a
 * script's background) stays ignored.
 */
#ifndef PW_INTERRUPT_H
#define PW_INTERRUPT_H

#include <stdbool.h>

/* One request to end may come as two signals: timeout sends one to its child and one to the group. */
#define PW_SAME_REQUEST_NS 200000000ull

/* Whether procwatch was started to ignore it. */
bool pw_is_ignored(int sig);
/* A descriptor to poll for the first one; negative errno. */
int pw_interrupt_open(void);
/* Whether the first one has come; from then on another kills. */
bool pw_interrupt_heard(int fd);
/* From now on a write that nobody reads or that a limit forbids fails, and does not kill. */
void pw_survive_writes(void);

#endif
