/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the text report and the SVG share: the stretch of time, the rows and their order, the
 * signs of a bar, and the words beside it.
 */
#ifndef PW_PLOT_H
#define PW_PLOT_H

#include "report/plot/tree.h"
#include "util/format.h"
#include "util/lang.h"
#include "util/text.h"

/* Beyond so many rows, processes that are alike are folded into one. */
#define PW_MAX_ROWS 200

/* What a stretch of a bar can show, in the order of the legend. */
enum pw_sign {
	/* before the birth, after the end */
	PW_SIGN_NONE,
	/* running for most of the cell; for an eighth of it or more; for less, in a blocked cell */
	PW_SIGN_RUN,
	PW_SIGN_PART,
	PW_SIGN_SLIVER,
	PW_SIGN_READY,
	PW_SIGN_BLOCKED,
	/* blocked and uninterruptible */
	PW_SIGN_DISK,
	PW_SIGN_STOPPED,
	PW_SIGN_ZOMBIE,
	/* a zombie, or already gone: only the latest moment of the reap is known */
	PW_SIGN_ZOMBIE_BOUND,
	PW_SIGN_UNKNOWN,
	PW_SIGN_REAPED,
	PW_SIGN_ADOPTED,
	PW_SIGN_EXEC,
	PW_SIGN_MARK,
	PW_SIGN_COUNT,
};

struct pw_plot {
	const struct pw_report *report;
	/* of the report */
	enum pw_language language;
	/* how names and arguments are escaped, and how sentences are */
	enum pw_escaping names, prose;
	/* signs in front of an adoption, of bounds, and of a row for many processes */
	struct {
		const char *adopted, *at_most, *at_least, *more;
	} signs;
	struct pw_view_filter filter;
	struct pw_tree tree;
	/* the stretch that is shown, ns; to is after from */
	uint64_t from, to;
	/* the recording, ns; end is after begin */
	uint64_t begin, end;
	/* of a bar: set by the view */
	size_t cells;
	/* the signs that the legend has to explain */
	bool used[PW_SIGN_COUNT];
	/* memory ran out */
	bool failed;
};

/* ascii: no word has any other character. Returns 0 or -ENOMEM; free with pw_plot_free either way. */
int pw_plot_make(struct pw_plot *p, const struct pw_report *r, bool ascii);
void pw_plot_free(struct pw_plot *p);

/* In words, for the legend. */
const char *pw_sign_meaning(enum pw_language language, enum pw_sign sign);

/* ---- words; each function appends to t */

/* A duration of ns, with "us" for "µs" in ASCII. */
void pw_plot_duration(const struct pw_plot *p, struct pw_text *t, uint64_t ns);
/* "1.20–48.0 ms", or one duration if both read alike. */
void pw_plot_range(const struct pw_plot *p, struct pw_text *t, uint64_t least, uint64_t most);
/* The escaped name; an empty one as two quotes. */
void pw_plot_name(const struct pw_plot *p, struct pw_text *t, const char *comm);
/* A sentence that may hold names, escaped. */
void pw_plot_prose(const struct pw_plot *p, struct pw_text *t, const char *text);
/* "1 process", "2 processes", of English formats that take the number as text: "%s process". */
void pw_plot_count(enum pw_language language, struct pw_text *t, uint64_t n, const char *one,
		   const char *many);
/* "Shown: 60 ms to 90 ms; running", or nothing if the view options leave everything. */
void pw_plot_shown(const struct pw_plot *p, struct pw_text *t);
/* "… 9 more processes": those that --top left out. */
void pw_plot_beyond_top(const struct pw_plot *p, struct pw_text *t);

/* What was recorded: "demo_zombie", "make -j4", "the whole system", "attached to 17, 18". */
void pw_plot_target(const struct pw_plot *p, struct pw_text *t);
/* True if records were lost, or the kernel skipped a program run or did not report a switch. */
bool pw_plot_has_losses(const struct pw_plot *p);
/*
 * "2 processes in 506 ms, 41 events, none lost; reap hook: return of wait4 and waitid". The two texts
 * go around the losses, to colour them.
 */
void pw_plot_head(const struct pw_plot *p, struct pw_text *t, const char *before_losses,
		  const char *after_losses);
/* The same for a screen reader: without the hook, and with what the picture shows. */
void pw_plot_description(const struct pw_plot *p, struct pw_text *t);

#endif
