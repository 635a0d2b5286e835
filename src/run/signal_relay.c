/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/signal_relay.h"

#include <string.h>

#include "util/clock.h"

/* How much later than procwatch the command may get its signal. */
#define LAG_NS (20 * PW_NS_PER_MS)

void pw_signal_relay_note(struct pw_signal_relay *r, const struct pw_signal *event)
{
	r->seen[r->n_seen++ % PW_MAX_SIGNALS_SEEN] = (struct pw_signal_seen){
		.at = event->h.ts,
		.to = (pid_t)event->to_tgid,
		.sender = (pid_t)event->info_pid,
		.sig = event->sig,
	};
}

bool pw_signal_relay_ask(struct pw_signal_relay *r, const struct pw_message *question, uint64_t now)
{
	if (r->n_open == PW_MAX_QUESTIONS)
		return false;
	r->open[r->n_open++] = (struct pw_question){.asked = *question, .at = now};
	return true;
}

static bool was_sent(const struct pw_signal_relay *r, const struct pw_message *asked, pid_t command)
{
	unsigned int n = r->n_seen < PW_MAX_SIGNALS_SEEN ? r->n_seen : PW_MAX_SIGNALS_SEEN;

	for (unsigned int i = 0; i < n; i++) {
		const struct pw_signal_seen *s = &r->seen[i];

		if (s->to == command && s->sig == asked->value && s->sender == asked->sender &&
		    s->at >= asked->since)
			return true;
	}
	return false;
}

int pw_signal_relay_answer(struct pw_signal_relay *r, pid_t command, uint64_t now)
{
	while (r->n_open) {
		struct pw_question *q = &r->open[0];
		int sig = q->asked.value;
		bool sent = was_sent(r, &q->asked, command);

		if (!sent && now - q->at < LAG_NS)
			return 0;
		r->n_open--;
		memmove(q, q + 1, r->n_open * sizeof(*q));
		if (!sent)
			return sig;
	}
	return 0;
}
