/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signs of a bar: what a stretch of it can show.
 */
#ifndef PW_PLOT_SIGNS_H
#define PW_PLOT_SIGNS_H

#include "util/lang.h"

enum pw_sign { /* in the order of the legend */
	       PW_SIGN_NONE, /* before the birth, after the end */
	       PW_SIGN_RUN, /* running for the larger part of the cell */
	       PW_SIGN_PART, /* running for an eighth of it or more */
	       PW_SIGN_SLIVER, /* running for less, in a cell that is blocked otherwise */
	       PW_SIGN_READY,
	       PW_SIGN_BLOCKED,
	       PW_SIGN_DISK,
	       PW_SIGN_STOPPED,
	       PW_SIGN_ZOMBIE,
	       PW_SIGN_ZOMBIE_BOUND, /* a zombie or gone already: the reap is only known to have come by its end */
	       PW_SIGN_UNKNOWN,
	       PW_SIGN_REAPED,
	       PW_SIGN_ADOPTED,
	       PW_SIGN_EXEC,
	       PW_SIGN_MARK,
	       PW_SIGN_COUNT,
};

/* In words, for the legend. */
const char *pw_sign_meaning(enum pw_language language, enum pw_sign sign);

#endif
