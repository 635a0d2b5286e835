/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The report formats: one row each. To add one, write pw_report_NAME in a file of its own and
 * add its row here; the option, its help, its errors and the files follow (docs/howto).
 */
#ifndef PW_REPORT_FORMATS_H
#define PW_REPORT_FORMATS_H

#include <stdbool.h>
#include <stdio.h>

struct pw_report;

enum {
	/* for scripts: English unless --lang asks for another language */
	PW_FORMAT_ENGLISH = 1,
	/* must be the only thing on standard output: the command's own output goes to standard error */
	PW_FORMAT_ALONE = 2,
	/* binary, and refused by a terminal */
	PW_FORMAT_BINARY = 4,
	/* text for a terminal: ASCII, and therefore English, if the terminal shows no more */
	PW_FORMAT_TERMINAL = 8,
};

// clang-format off
/* X(name, suffix of its files, flags, what --help says of it) */
#define PW_REPORT_FORMATS(X) \
	X(text,     ".txt",     PW_FORMAT_TERMINAL,                  "the default") \
	X(json,     ".json",    PW_FORMAT_ENGLISH | PW_FORMAT_ALONE, "one document") \
	X(jsonl,    ".jsonl",   PW_FORMAT_ENGLISH | PW_FORMAT_ALONE, "one line per process") \
	X(csv,      ".csv",     PW_FORMAT_ENGLISH | PW_FORMAT_ALONE, "one row per interval") \
	X(html,     ".html",    PW_FORMAT_ALONE,                     "one self-contained page") \
	X(svg,      ".svg",     PW_FORMAT_ALONE,                     "a picture") \
	X(perfetto, ".pftrace", PW_FORMAT_ENGLISH | PW_FORMAT_ALONE | PW_FORMAT_BINARY, "for ui.perfetto.dev")
// clang-format on

/* Each writes a report to out. Returns 0, or a negative errno: -ENOMEM, or why out cannot be written. */
#define PW_DECLARE_REPORT(name, suffix, flags, help)                                                         \
	int pw_report_##name(const struct pw_report *report, FILE *out);
PW_REPORT_FORMATS(PW_DECLARE_REPORT)

struct pw_report_format {
	const char *name;
	/* of the temporary file that replaces one that cannot be written */
	const char *suffix;
	unsigned int flags;
	const char *help;
	/* NULL for "none", which writes nothing */
	int (*write)(const struct pw_report *report, FILE *out);
};

/* "none" is the last row; after it, a row with a NULL name ends the table. */
extern const struct pw_report_format pw_report_formats[];

/* The format of that name, which ends after length bytes; NULL if there is none. */
const struct pw_report_format *pw_report_format_find(const char *name, size_t length);

#endif
