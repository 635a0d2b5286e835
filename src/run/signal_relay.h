/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which signals reached the command. One sent to procwatch's process group
 * reaches both, one sent to procwatch must be passed on; who gets it cannot see
 * the difference, but the recording can.
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
	struct pw_signal_seen {
		uint64_t at;
		pid_t to, sender;
		int sig;
	} seen[PW_MAX_SIGNALS_SEEN]; /* the last ones, round and round */
	unsigned int n_seen;
	struct pw_question {
		struct pw_message asked;
		uint64_t at;
	} open[PW_MAX_QUESTIONS];
	unsigned int n_open;
};

/* Takes note of a recorded signal. */
void pw_signal_relay_note(struct pw_signal_relay *r, const struct pw_signal *event);
/* The launcher asks (PW_MSG_SIGNALLED). False: too many questions are open. */
bool pw_signal_relay_ask(struct pw_signal_relay *r, const struct pw_message *question, uint64_t now);
/*
 * The next signal that the command was not sent and that is to be passed on;
 * 0: none. Call it when every event before now has been noted.
 */
int pw_signal_relay_answer(struct pw_signal_relay *r, pid_t command, uint64_t now);

#endif
