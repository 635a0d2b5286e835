/* SPDX-License-Identifier: GPL-2.0-only */
/* The messages between launcher and recorder, over a socket pair that keeps their boundaries. */
#ifndef PW_MESSAGE_H
#define PW_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum pw_message_kind {
	/* From the recorder. */
	/* every hook is attached */
	PW_MSG_READY = 1,
	/* the command did not get the signal `value`: send it on */
	PW_MSG_PASS_ON,
	/* the capture has ended; the report follows */
	PW_MSG_OVER,

	/* From the launcher. */
	/* no command was or will be launched */
	PW_MSG_CANCEL,
	/* the command has the pid `value` */
	PW_MSG_LAUNCHED,
	/* the launcher has reaped the command */
	PW_MSG_ENDED,
	/* procwatch got the signal `value` from `sender`: has the command got it too, after `since`? */
	PW_MSG_SIGNALLED,
	/* end the capture */
	PW_MSG_INTERRUPTED,
	/* the command was stopped, and the launcher is about to stop, too */
	PW_MSG_STOPPED,
	/* the launcher continues */
	PW_MSG_RESUMED,
};

struct pw_message {
	enum pw_message_kind kind;
	int value;
	pid_t sender;
	/* CLOCK_MONOTONIC, ns */
	uint64_t since;
};

/* Never blocks, and an error may be ignored: the other side has ended. 0 or a negative errno. */
int pw_message_send(int fd, const struct pw_message *message);
/* 1: received; 0: no message now; -EPIPE: the other side has ended and everything was read. */
int pw_message_receive(int fd, struct pw_message *message);

#endif
