/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words behind a row's bar: how the process exited and who reaped it, in four lengths.
 */
#ifndef PW_PLOT_ENDING_H
#define PW_PLOT_ENDING_H

#include "report/plot/plot.h"

/* Each is shorter than the one before. */
enum pw_ending_length {
	/* "↪ adopted by 1 init; exit 7, reaped by 1 after 500 ms" */
	PW_ENDING_FULL,
	/* "exit 7, reaped after 500 ms" */
	PW_ENDING_SHORT,
	/* "killed by SIGTERM" */
	PW_ENDING_EXIT,
	/* "SIGTERM" */
	PW_ENDING_BRIEF,
	PW_ENDING_LENGTHS,
};

/* Appends "exit 7", "killed by SIGSEGV, core dumped", "still alive"; brief: "SIGSEGV, core", "alive". */
void pw_exit_words(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process, bool brief);

/* Appends "4711", or "900 procwatch" for a reaper that has no row of its own. */
void pw_reaper_name(const struct pw_plot *p, struct pw_text *t, const struct pw_process *process);

/* Appends the ending of a row. With adopter, the full length names the process that adopted it. */
void pw_ending(const struct pw_plot *p, struct pw_text *t, const struct pw_row *row,
	       enum pw_ending_length length, bool adopter);

/* What the processes of one row have in common. Times are in ns. */
struct pw_summary {
	/* all processes, and those whose parents are outside the row */
	size_t processes, roots;
	/* lifetimes of the roots */
	uint64_t shortest, longest;
	/* zombie intervals of the roots that were reaped, and how many there are */
	uint64_t least_after, most_after;
	size_t after;
	/* the roots that were not reaped, and the longest time that one of them has been a zombie */
	size_t unreaped;
	uint64_t most_unreaped;
	/* true: the roots do not differ */
	bool same_name, same_exit, same_reaper;
};
void pw_summarise(const struct pw_plot *p, struct pw_summary *s, const struct pw_row *row);

#endif
