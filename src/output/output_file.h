/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One place a report goes to. A file is written without a name, or aside where
 * the filesystem knows no nameless files, and gets its name once it is whole: no
 * partial report ever stands under the final name, and nothing is left behind.
 */
#ifndef PW_OUTPUT_FILE_H
#define PW_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "output/progress.h"

/* Who the files shall belong to. */
struct pw_owner {
	bool change; /* false: to whoever runs procwatch */
	uid_t uid;
	gid_t gid;
};

struct pw_output_file {
	FILE *stream;
	int fd; /* -1: not open */
	int error; /* the first negative errno of a write; stdio forgets it */
	int folder; /* where the name will be made; -1: written in place (a device, a pipe) */
	char *name; /* in that folder */
	char *aside; /* the name until then; NULL: it has none yet */
	bool kept; /* aside is NAME.partial, and stays when it is not finished, unless it is empty */
	/* Of what is kept, when its place takes no more: */
	int full; /* the negative errno of that write */
	uint64_t split; /* the bytes it had taken */
	int head; /* the descriptor of those; -1: it takes all */
	char *rest; /* the path of a temporary file with what followed, at the place it has in the whole */
	struct pw_owner owner;
	bool terminal;
	bool truncate; /* in place, and its old content goes first */
	struct pw_progress *progress; /* told of every write; NULL: nobody watches */
	uint64_t written; /* bytes */
};

/*
 * path NULL: standard output. Links are followed, as a shell's > does. A file
 * keeps its mode, a new one has the umask's. Negative errno.
 */
int pw_output_file_open(struct pw_output_file *d, const char *path, const struct pw_owner *owner);
/*
 * The same, of what is worth keeping even if it is not finished, and cannot be
 * written again: when its place takes no more it goes on in a temporary file.
 */
int pw_output_file_open_kept(struct pw_output_file *d, const char *path, const struct pw_owner *owner);
/* Whether the two are one: what one writes would destroy or garble the other's. */
bool pw_output_file_same(const struct pw_output_file *a, const struct pw_output_file *b);
/* All is written: flushes, closes, gives the file its name. Negative errno, also of earlier writes. */
int pw_output_file_finish(struct pw_output_file *d);
/* What went on in a temporary file gets its beginning there. Negative errno: they stay apart. */
int pw_output_file_join(struct pw_output_file *d);
/* Closes and removes what was not finished. */
void pw_output_file_drop(struct pw_output_file *d);
/* A new file in the folder for temporary files, for what could not be written where it should; path is malloced. */
int pw_output_file_rescue(struct pw_output_file *d, const char *suffix, const struct pw_owner *owner,
			  char **path);

#endif
