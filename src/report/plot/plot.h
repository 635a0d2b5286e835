/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every still picture of the processes shares, whatever draws it: the stretch of
 * time, the rows and their order, the words that stand beside them.
 */
#ifndef PW_PLOT_H
#define PW_PLOT_H

#include "report/plot/signs.h"
#include "report/plot/tree.h"
#include "util/format.h"
#include "util/lang.h"
#include "util/text.h"

#define PW_MAX_ROWS 200 /* beyond them, processes that are alike are summarised */

struct pw_plot {
	const struct pw_report *report;
	enum pw_language language; /* of the report */
	enum pw_escaping names, prose; /* how names and arguments are escaped; and how sentences are */
	struct {
		const char *adopted, *at_most, *at_least,
			*more; /* an adoption; before bounds; a row of many processes */
	} signs;
	struct pw_view_filter filter;
	struct pw_tree tree;
	uint64_t from, to; /* what is shown; to is after from */
	uint64_t begin, end; /* of the recording; end is after begin */
	size_t cells; /* of a bar: set by whoever draws */
	bool used[PW_SIGN_COUNT]; /* for the legend */
	bool failed; /* memory ran out somewhere below */
};

/* ascii: no character outside ASCII in its words. Returns 0 or -ENOMEM; free with pw_plot_free either way. */
int pw_plot_make(struct pw_plot *p, const struct pw_report *r, bool ascii);
void pw_plot_free(struct pw_plot *p);

/* ---- words; each appends to t */

/* A duration, with us for µs in ASCII; and "a–b", or "a" when both read alike. */
void pw_plot_duration(const struct pw_plot *p, struct pw_text *t, uint64_t ns);
void pw_plot_range(const struct pw_plot *p, struct pw_text *t, uint64_t least, uint64_t most);
/* The escaped name; "" (with its quotes) for an empty one. */
void pw_plot_name(const struct pw_plot *p, struct pw_text *t, const char *comm);
/* A sentence that may hold names. */
void pw_plot_prose(const struct pw_plot *p, struct pw_text *t, const char *text);
/* "1 process", "2 processes": of formats that take the number as text, "%s process", and are translated here. */
void pw_plot_count(enum pw_language language, struct pw_text *t, uint64_t n, const char *one,
		   const char *many);
/* What was recorded: "demo_zombie", "make -j4", "the whole system", "attached to 17, 18". */
void pw_plot_target(const struct pw_plot *p, struct pw_text *t);
/* "2 processes in 506 ms, 41 events, ". What comes next is pw_plot_losses. */
void pw_plot_size(const struct pw_plot *p, struct pw_text *t);
bool pw_plot_has_losses(const struct pw_plot *p);
/* "none lost", or in which of three ways how many were. */
void pw_plot_losses(const struct pw_plot *p, struct pw_text *t);
/* "; reap hook: return of wait4 and waitid", or nothing. */
void pw_plot_hook(const struct pw_plot *p, struct pw_text *t);
/* "; intervals are kept from 10.0 s on (--keep), totals and ends of the whole", or nothing. */
void pw_plot_kept(const struct pw_plot *p, struct pw_text *t);
/* What the view options left, as pw_view_filter_describe has it; nothing when that is all. */
void pw_plot_shown(const struct pw_plot *p, struct pw_text *t);
/* "… 9 more processes", those --top left out. */
void pw_plot_beyond_top(const struct pw_plot *p, struct pw_text *t);

#endif
