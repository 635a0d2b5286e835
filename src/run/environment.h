/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PW_ENVIRONMENT_H
#define PW_ENVIRONMENT_H

/*
 * The environment procwatch was started with, for the command it launches. If procwatch's file
 * has capabilities (AT_SECURE), the C library removes LD_PRELOAD, TMPDIR and the like from its
 * own environment; the command has no capabilities and must get them. If the original cannot be
 * read, returns what is left of it. Free it with pw_environment_free.
 */
char **pw_environment(void);
void pw_environment_free(char **environment);

#endif
