/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the files of the demos: beside the running binary in a build tree, else where they are installed. */
#ifndef PW_DEMO_FILES_H
#define PW_DEMO_FILES_H

#include <stddef.h>

/* Writes the path of the demo's program. Returns 0, -ENOENT or -ENAMETOOLONG. */
int pw_demo_path(const char *name, char *path, size_t size);
/* The same for the demo's source. */
int pw_demo_source(const char *name, char *path, size_t size);

/* Prints that there is no such demo, and which one was meant. */
void pw_log_unknown_demo(const char *command, const char *name);

#endif
