/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file that appears under its name only once it is complete. Until then it has no name
 * (O_TMPFILE) or, on filesystems without nameless files, a hidden one. No partial report
 * ever has the final name, and a failure leaves nothing behind.
 */
#ifndef PW_OUTPUT_FILE_H
#define PW_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "output/progress.h"

/* The user the files belong to. */
struct pw_owner {
	/* false: the user who runs procwatch */
	bool change;
	uid_t uid;
	gid_t gid;
};

struct pw_output_file {
	FILE *stream;
	/* -1: not open */
	int fd;
	/* the negative errno of the first failed write, which stdio does not keep */
	int error;
	/* the folder that gets the name; -1: written in place (a device or a pipe) */
	int folder;
	/* the final name in that folder */
	char *name;
	/* the name until the file is complete; NULL: none yet */
	char *temporary_name;
	/* temporary_name is NAME.partial, and an incomplete file stays unless it is empty */
	bool kept;
	/* When a kept file's disk is full, the rest goes into another file: */
	/* the negative errno of the write that failed */
	int full;
	/* bytes written before that */
	uint64_t split;
	/* the descriptor of the first part; -1: there is only one part */
	int head;
	/* the path of the second part, whose bytes have the offsets they have in the whole */
	char *rest;
	struct pw_owner owner;
	bool terminal;
	/* written in place, and truncated before the first write */
	bool truncate;
	/* shows every write; NULL: none */
	struct pw_progress *progress;
	/* bytes */
	uint64_t written;
};

/* A file that is not open. */
#define PW_OUTPUT_FILE_NONE ((struct pw_output_file){.fd = -1, .folder = -1, .head = -1})

/*
 * Opens path, or standard output if path is NULL. Symbolic links are followed, as by a
 * shell's >. An existing file keeps its mode, a new one follows the umask. Returns 0 or a
 * negative errno; free it with pw_output_file_drop in both cases.
 */
int pw_output_file_open(struct pw_output_file *d, const char *path, const struct pw_owner *owner);
/*
 * The same for data that cannot be produced again: an incomplete file stays as NAME.partial,
 * and when its disk is full the rest is written to a temporary file.
 */
int pw_output_file_open_kept(struct pw_output_file *d, const char *path, const struct pw_owner *owner);
/* Whether the two are one file or one pipe, so that each would destroy what the other writes. */
bool pw_output_file_same(const struct pw_output_file *a, const struct pw_output_file *b);
/* Flushes, closes and names the file. Returns 0 or a negative errno, also of earlier writes. */
int pw_output_file_finish(struct pw_output_file *d);
/* Copies the first part into the temporary file with the rest. On a negative errno both parts remain. */
int pw_output_file_join(struct pw_output_file *d);
/* Closes the file and removes it unless it was finished. */
void pw_output_file_drop(struct pw_output_file *d);
/*
 * Opens a new temporary file for what cannot be written to its destination. path becomes its
 * malloced path. Returns 0 or a negative errno.
 */
int pw_output_file_rescue(struct pw_output_file *d, const char *suffix, const struct pw_owner *owner,
			  char **path);

#endif
