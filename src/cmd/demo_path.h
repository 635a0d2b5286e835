/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the demos are: in the build tree beside the running binary, or where
 * they were installed.
 */
#ifndef PW_DEMO_PATH_H
#define PW_DEMO_PATH_H

#include <stddef.h>

/* The demo's executable. Returns 0, -ENOENT when there is none, or -ENAMETOOLONG. */
int pw_demo_path(const char *name, char *path, size_t size);
/* The demo's source, likewise. */
int pw_demo_source(const char *name, char *path, size_t size);

#endif
