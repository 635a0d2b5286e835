/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attaches to marks: finds the files that have some, attaches the BPF program to each place,
 * and keeps the names behind the numbers in the records. A file without marks is read once
 * and costs nothing more.
 */
#ifndef PW_CAPTURE_USDT_H
#define PW_CAPTURE_USDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shared/event.h"
#include "shared/mark_site.h"

/* A file that has been looked at, and by what it was identified. */
enum pw_known_kind {
	PW_KNOWN_FILE, /* stat() */
	PW_KNOWN_MAPPING, /* a line of /proc/PID/maps */
	PW_KNOWN_PROGRAM, /* stat() of an executable, looked at with all the shared objects it had while it ran */
};
struct pw_known_file {
	uint64_t device, inode;
	enum pw_known_kind kind;
};

/* A process that executed a program a moment ago: its shared objects are mapped a little later. */
struct pw_recent_exec {
	uint32_t pid;
	/* When to look at its shared objects (ns of CLOCK_MONOTONIC). */
	uint64_t due;
	struct pw_known_file program;
};

struct pw_usdt {
	/* The BPF program; negative: this kernel does not support marks. */
	int program_fd;
	/* The kernel attaches to all places of a file at once. */
	bool at_once;
	/* The map mark_sites, and the number of its entries in use. */
	int sites_fd;
	uint32_t n_sites;
	/* The attachments. */
	int *links;
	size_t n_links, link_room;
	/* names[i] has the number i + 1; the first n_handed_on have been handed on. */
	struct pw_mark_name *names;
	size_t n_names, name_room, n_handed_on;
	struct pw_known_file *files;
	size_t n_files, file_room;
	struct pw_recent_exec recent[64];
	size_t n_recent;
	/* The number of places that could not be attached to, and why the first of them. */
	size_t failed;
	char why[160];
};

/* Attaches to nothing yet. The program (negative: none) and the map must stay open until pw_usdt_close. */
void pw_usdt_open(struct pw_usdt *u, int program_fd, bool at_once, int sites_fd);
void pw_usdt_close(struct pw_usdt *u);

/* Attaches to the marks of a file, for every process that runs it now or later. A failure is kept in why. */
void pw_usdt_of_file(struct pw_usdt *u, const char *path);
/* The same for all files that a process executes from. */
void pw_usdt_of_process(struct pw_usdt *u, uint32_t pid);
/* To be called when a process has executed another program, by this path. pid 0: its PID in /proc is unknown. */
void pw_usdt_of_recent_exec(struct pw_usdt *u, uint32_t pid, const char *program);
/* Looks once more at the processes that executed a program a moment ago. Call it now and then. */
void pw_usdt_look_again(struct pw_usdt *u);

/*
 * Hands on the names that have not been handed on yet, as events at time ts. Returns 0 or
 * the first negative number of fn.
 */
int pw_usdt_hand_on_names(struct pw_usdt *u, uint64_t ts, pw_event_fn fn, void *context);

#endif
