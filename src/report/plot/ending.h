/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words for how a process ended, in as many of them as there is room for.
 */
#ifndef PW_PLOT_ENDING_H
#define PW_PLOT_ENDING_H

#include "report/plot/plot.h"

enum pw_wording {
	PW_WORDS_FULL, /* ↪ adopted by 1 init; exit 7, reaped by 1 after 500 ms */
	PW_WORDS_SHORT, /* exit 7, reaped after 500 ms */
	PW_WORDS_VERDICT, /* killed by SIGTERM */
	PW_WORDS_LEAST, /* SIGTERM */
	PW_WORDS_COUNT,
};

/* "exit 7", "killed by SIGSEGV, core dumped", "still alive", "still stopped". */
void pw_verdict(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process,
		enum pw_wording words);
/* "4711", or "900 procwatch" when it has no row of its own. */
void pw_reaper(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process);
/* The whole ending of a row; adopter says whether the bar does not already name it. */
void pw_ending(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row, enum pw_wording words,
	       bool adopter);

/* What a summary row says of the processes it stands for. */
struct pw_summary {
	size_t processes, roots;
	uint64_t shortest, longest; /* processes of the roots */
	uint64_t least_after, most_after; /* zombie intervals of the reaped ones */
	size_t after; /* how many of those there are */
	size_t unreaped;
	uint64_t most_unreaped;
	bool same_name, same_verdict, same_reaper; /* of the roots */
};
void pw_summarise(const struct pw_plot *p, struct pw_summary *s, const struct pw_row *row);

#endif
