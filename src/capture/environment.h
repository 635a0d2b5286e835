/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PW_ENVIRONMENT_H
#define PW_ENVIRONMENT_H

/*
 * The environment procwatch was started with, for whatever it launches. The C
 * library takes LD_PRELOAD, TMPDIR and the like out of its own when procwatch's
 * file has capabilities (AT_SECURE); the command has none and shall find them.
 * Lives as long as procwatch; what cannot be had is what is left of it.
 */
char **pw_environment(void);

#endif
