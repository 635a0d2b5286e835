/* SPDX-License-Identifier: GPL-2.0-only */
/* What launcher and recorder tell each other, over a pair of sockets that keep messages whole. */
#ifndef PW_MESSAGE_H
#define PW_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum pw_message_kind {
	/* the recorder says */
	PW_MSG_READY = 1, /* every hook is attached */
	PW_MSG_PASS_ON, /* the command was not sent the signal value */
	PW_MSG_OVER, /* the capture has ended; the report follows */
	/* the launcher says */
	PW_MSG_CANCEL, /* nothing was launched, and nothing will be */
	PW_MSG_LAUNCHED, /* the command's pid is value */
	PW_MSG_ENDED, /* the command was reaped */
	PW_MSG_SIGNALLED, /* procwatch got the signal value from sender, not before since: did the command? */
	PW_MSG_INTERRUPTED, /* end the capture */
	PW_MSG_STOPPED, /* the command was stopped, and so is the launcher, in a moment */
	PW_MSG_RESUMED, /* the launcher goes on */
};

struct pw_message {
	enum pw_message_kind kind;
	int value;
	pid_t sender;
	uint64_t since;
};

/* Never waits: whoever does not listen any more has nothing to be told. 0 or a negative errno. */
int pw_message_send(int fd, const struct pw_message *message);
/* 1, or 0 when there is none now, or -EPIPE when the other side is gone and nothing is left to read. */
int pw_message_receive(int fd, struct pw_message *message);

#endif
