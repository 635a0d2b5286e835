/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `procwatch run` is two processes. The launcher keeps procwatch's pid and its
 * place in the process group, starts the command, waits for it and is a parent
 * as thin as a shell. The recorder, a child in a process group of its own,
 * captures and reports: no signal meant for the group, not even SIGKILL, takes
 * the report away, and its work never delays the launcher's wait.
 */
#ifndef PW_RUN_H
#define PW_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cmd/outputs.h"

enum pw_wait { PW_WAIT_TREE, PW_WAIT_LEADER };

struct pw_run_options {
	struct pw_outputs outputs;
	enum pw_wait wait;
	uint64_t duration_ns; /* 0: until the wait ends */
	size_t ring_bytes; /* 0: the default */
	const char *user;
	unsigned int width; /* 0: the terminal's */
	bool ascii;
	enum { PW_COLOR_AUTO, PW_COLOR_ALWAYS, PW_COLOR_NEVER } color;
	int verbose;
	bool quiet;
	char **command; /* NULL-terminated */
	const char *demo; /* its name when the command is a demo */
	char demo_path[4096]; /* of the demo's program */
};

/* Fills options from the command line; prints --help itself. Returns -1 to go on, else an exit status. */
int pw_run_options_parse(struct pw_run_options *options, int argc, char **argv);

/* What launcher and recorder tell each other over a socket pair. */
struct pw_message {
	enum {
		PW_MSG_READY = 1, /* recorder: every hook is attached */
		PW_MSG_LAUNCHED, /* launcher: value is the command's pid */
		PW_MSG_ENDED, /* launcher: the command was reaped, value is its wait status */
		PW_MSG_INTERRUPTED, /* launcher: end the capture; value is the signal */
	} kind;
	int value;
};
int pw_message_send(int fd, int kind, int value);
/* 1, or 0 when the other side is gone, or a negative errno. */
int pw_message_receive(int fd, struct pw_message *message);

/* The recorder's life, from loading the hooks to the last report. Returns the exit status. */
int pw_recorder_run(struct pw_run_options *options, int socket, pid_t launcher);

#endif
