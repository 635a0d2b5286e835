/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words for how a life ended, in as many of them as there is room for.
 */
#ifndef PW_TEXT_ENDING_H
#define PW_TEXT_ENDING_H

#include "report/text/tree.h"
#include "report/text/view.h"

enum wording {
	WORDS_FULL, /* ↪ adopted by 1 init; exit 7, reaped by 1 after 500 ms */
	WORDS_SHORT, /* exit 7, reaped after 500 ms */
	WORDS_VERDICT, /* killed by SIGTERM */
	WORDS_LEAST, /* SIGTERM */
	WORDS_COUNT,
};

/* "exit 7", "killed by SIGSEGV, core dumped", "still alive", "still stopped". */
void tv_verdict(const struct tv *v, struct pw_text *t, const struct pw_life *life, enum wording words);
/* "4711", or "900 procwatch" when it has no row of its own. */
void tv_reaper(const struct tv *v, struct pw_text *t, const struct pw_life *life);
/* The whole ending of a row; adopter says whether the bar does not already name it. */
void tv_ending(const struct tv *v, struct pw_text *t, const struct tv_row *row, enum wording words,
	       bool adopter);

/* What a summary row says of the lives it stands for. */
struct summary {
	size_t lives, roots;
	uint64_t shortest, longest; /* lives of the roots */
	uint64_t least_after, most_after; /* zombie intervals of the reaped ones */
	size_t after; /* how many of those there are */
	size_t unreaped;
	uint64_t most_unreaped;
	bool same_name, same_verdict, same_reaper; /* of the roots */
};
void tv_summarise(const struct tv *v, struct summary *s, const struct tv_row *row);

#endif
