/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks: which files have some, the BPF program attached to each of their places,
 * and the names behind the numbers that the records carry. A file without marks
 * is read once and costs nothing more.
 */
#ifndef PW_CAPTURE_USDT_H
#define PW_CAPTURE_USDT_H

#include "capture/capture.h"
#include "shared/mark_site.h"

/* What was looked at. */
enum pw_known_kind {
	PW_KNOWN_FILE, /* as stat tells it */
	PW_KNOWN_MAPPING, /* as a line of /proc/PID/maps tells it */
	PW_KNOWN_PROGRAM, /* an executable, with all the shared objects it had when it was running */
};
struct pw_known_file {
	uint64_t device, inode;
	enum pw_known_kind kind;
};

/* A program that began lately: its shared objects come a moment later. */
struct pw_recent_exec {
	uint32_t pid;
	uint64_t due;
	struct pw_known_file program;
};

struct pw_usdt {
	int program_fd; /* negative: this kernel cannot do it */
	bool at_once; /* all places of a file */
	int sites_fd; /* the map mark_sites */
	uint32_t n_sites;
	int *links;
	size_t n_links, max_links;
	struct pw_mark_name *names; /* names[i] has the number i + 1 */
	size_t n_names, max_names;
	size_t told; /* names that were handed on */
	struct pw_known_file *files;
	size_t n_files, max_files;
	struct pw_recent_exec recent[64];
	size_t n_recent;
	size_t failed; /* places that could not be attached to */
	char why[160]; /* ... the first of them */
};

/* Nothing is attached to yet. program (negative: none) and map must live until pw_usdt_close. */
void pw_usdt_open(struct pw_usdt *m, int program_fd, bool at_once, int sites_fd);
void pw_usdt_close(struct pw_usdt *m);

/* Listens to the marks of a file, for whoever runs it from now on or does already. A failure is kept in why. */
void pw_usdt_of_file(struct pw_usdt *m, const char *path);
/* The same of all files that a process executes from. */
void pw_usdt_of_process(struct pw_usdt *m, uint32_t pid);
/* A process executed another program, by this path. pid 0: its number in /proc is not known. */
void pw_usdt_of_recent_exec(struct pw_usdt *m, uint32_t pid, const char *program);
/* Looks once more at those that executed a program a moment ago. Call it now and then. */
void pw_usdt_look_again(struct pw_usdt *m);

/* Hands on the names that have not been told yet, as events of the time ts. Returns 0 or fn's negative number. */
int pw_usdt_tell(struct pw_usdt *m, uint64_t ts, pw_event_fn fn, void *context);

#endif
