/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PW_ENVIRONMENT_H
#define PW_ENVIRONMENT_H

/*
 * The environment procwatch was started with, for whatever it launches. The C
 * library takes LD_PRELOAD, TMPDIR and the like out of its own when procwatch's
 * file has capabilities (AT_SECURE); the command has none and shall find them.
 * What cannot be had is what is left of it. Freed with pw_environment_free.
 */
char **pw_environment(void);
void pw_environment_free(char **environment);

#endif
