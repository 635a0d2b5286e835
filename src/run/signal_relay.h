/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decides which signals to pass on to the command. A signal to procwatch's process group also
 * reaches the command, one to procwatch alone does not. The process that gets it cannot tell the
 * two apart, but the recorded signals can.
 */
#ifndef PW_SIGNAL_RELAY_H
#define PW_SIGNAL_RELAY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "run/message.h"
#include "shared/event.h"

#define PW_MAX_SIGNALS_SEEN 64
#define PW_MAX_QUESTIONS    16

struct pw_signal_relay {
	/* the last recorded signals, in a circle */
	struct pw_signal_seen {
		uint64_t at;
		pid_t to, sender;
		int sig;
	} seen[PW_MAX_SIGNALS_SEEN];
	unsigned int n_seen;
	/* the launcher's unanswered questions, oldest first */
	struct pw_question {
		struct pw_message asked;
		uint64_t at;
	} open[PW_MAX_QUESTIONS];
	unsigned int n_open;
};

/* Remembers a recorded signal. */
void pw_signal_relay_note(struct pw_signal_relay *r, const struct pw_signal *event);
/* Takes a question of the launcher (PW_MSG_SIGNALLED) at the time now. False: too many are open. */
bool pw_signal_relay_ask(struct pw_signal_relay *r, const struct pw_message *question, uint64_t now);
/*
 * Answers the oldest questions. Returns the next signal that the command did not get and that
 * must be passed on; 0: none. Every event before now must have been noted.
 */
int pw_signal_relay_answer(struct pw_signal_relay *r, pid_t command, uint64_t now);

#endif
