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
/* True if records were lost, or the kernel skipped or did not report something. */
bool pw_plot_has_losses(const struct pw_plot *p);
/*
 * "2 processes in 506 ms, 41 events, none lost; reap hook: return of wait4 and waitid". The two texts
 * go around the losses, to colour them.
 */
void pw_plot_head(const struct pw_plot *p, struct pw_text *t, const char *before_losses,
		  const char *after_losses);
/* The same for a screen reader: without the hook, and with what the picture shows. */
void pw_plot_description(const struct pw_plot *p, struct pw_text *t);
/* "Shown: 60 ms to 90 ms; running", or nothing if the view options leave everything. */
void pw_plot_shown(const struct pw_plot *p, struct pw_text *t);
/* "… 9 more processes", those --top left out. */
void pw_plot_beyond_top(const struct pw_plot *p, struct pw_text *t);

#endif
