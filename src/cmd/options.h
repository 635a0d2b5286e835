/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options: what the subcommands share, and one way to parse and to complain.
 */
#ifndef PW_OPTIONS_H
#define PW_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "output/outputs.h"
#include "util/error.h"

/* What every capturing subcommand takes. */
struct pw_common_options {
	struct pw_outputs outputs;
	uint64_t duration_ns; /* 0: no bound */
	size_t ring_bytes; /* 0: the default */
	const char *hooks; /* NULL: the best that work */
	struct pw_keep keep; /* as asked for; 0: not asked */
	bool keep_all;
	int verbose;
	bool quiet;
};

enum {
	PW_KEY_WIDTH = 0x100,
	PW_KEY_ASCII,
	PW_KEY_COLOR,
	PW_KEY_RINGBUF,
	PW_KEY_HOOKS,
	PW_KEY_SINCE,
	PW_KEY_UNTIL,
	PW_KEY_SORT,
	PW_KEY_TOP,
	PW_KEY_STATE,
	PW_KEY_LANG,
	PW_KEY_THREADS,
	PW_KEY_KEEP,
	PW_KEY_OWN = 0x200
};

/* The parts of a --help, in their order. */
enum { PW_GROUP_TARGET = 1, PW_GROUP_END, PW_GROUP_OUTPUT, PW_GROUP_CAPTURE, PW_GROUP_GENERAL };

/* The entries for a subcommand's argp table. */
#define PW_OUTPUT_OPTIONS                                                                                    \
	{NULL, 0, NULL, 0, "What comes out:", PW_GROUP_OUTPUT},                                              \
		{"output",                                                                                   \
		 'o',                                                                                        \
		 "FILE",                                                                                     \
		 0,                                                                                          \
		 "save the recording too, for procwatch report; FILE.partial until it is whole",             \
		 PW_GROUP_OUTPUT},                                                                           \
		PW_REPORT_OPTIONS
#define PW_REPORT_OPTIONS                                                                                      \
	{"report",	 'r', "FORMAT[=FILE]", 0, PW_FORMATS "; repeatable; =- is standard output",            \
	 PW_GROUP_OUTPUT},                                                                                     \
		{"keep",                                                                                       \
		 PW_KEY_KEEP,                                                                                  \
		 "TIME|SIZE|all",                                                                              \
		 0,                                                                                            \
		 "intervals of this last stretch, or what fits this much memory; totals, exits and reaps "     \
		 "of everything stay (default while capturing: 1G, or a quarter of the machine's memory)",     \
		 PW_GROUP_OUTPUT},                                                                             \
		{"since",                                                                                      \
		 PW_KEY_SINCE,                                                                                 \
		 "TIME",                                                                                       \
		 0,                                                                                            \
		 "only what exists after this moment of the recording (1.5s)",                                 \
		 PW_GROUP_OUTPUT},                                                                             \
		{"until", PW_KEY_UNTIL, "TIME", 0, "only what has begun by this moment", PW_GROUP_OUTPUT},     \
		{"sort",                                                                                       \
		 PW_KEY_SORT,                                                                                  \
		 "KEY",                                                                                        \
		 0,                                                                                            \
		 "processes by start (the default), pid, name, cpu or zombie",                                 \
		 PW_GROUP_OUTPUT},                                                                             \
		{"top", PW_KEY_TOP, "N", 0, "only the first N processes in that order", PW_GROUP_OUTPUT},      \
		{"threads",	 PW_KEY_THREADS, NULL, 0, "rows for threads too (text, html, svg)",            \
		 PW_GROUP_OUTPUT},                                                                             \
		{"state",	 PW_KEY_STATE, "LIST", 0, "only intervals in these states: running,ready,...", \
		 PW_GROUP_OUTPUT},                                                                             \
		{"width",                                                                                      \
		 PW_KEY_WIDTH,                                                                                 \
		 "N",                                                                                          \
		 0,                                                                                            \
		 "columns of the text report (default: the terminal's); 8 pixels each of an svg",              \
		 PW_GROUP_OUTPUT},                                                                             \
		{"ascii", PW_KEY_ASCII, NULL, 0, "nothing but ASCII in the text report", PW_GROUP_OUTPUT},     \
		{"lang", PW_KEY_LANG, "en|zh", 0, "the language (default: the locale's)", PW_GROUP_OUTPUT},    \
	{                                                                                                      \
		"color", PW_KEY_COLOR, "auto|always|never", 0,                                                 \
			"colours in the text report (default: auto; NO_COLOR is obeyed)", PW_GROUP_OUTPUT      \
	}
#define PW_CAPTURE_OPTIONS                                                                                   \
	{NULL, 0, NULL, 0, "How it is captured:", PW_GROUP_CAPTURE}, {"ringbuf",                             \
								      PW_KEY_RINGBUF,                        \
								      "SIZE",                                \
								      0,                                     \
								      "the kernel's buffer (default 8M)",    \
								      PW_GROUP_CAPTURE},                     \
	{                                                                                                    \
		"hooks", PW_KEY_HOOKS, "fentry|kprobe|slab|waits|free", 0,                                   \
			"how reaps and new parents are seen (default: the first that works here)",           \
			PW_GROUP_CAPTURE                                                                     \
	}
#define PW_GENERAL_OPTIONS                                                                                   \
	{NULL, 0, NULL, 0, "General:", PW_GROUP_GENERAL},                                                    \
		{"verbose",	  'v', NULL, 0, "say which hooks are used; twice: all that libbpf says",     \
		 PW_GROUP_GENERAL},                                                                          \
		{"quiet", 'q', NULL, 0, "no remarks on standard error, only errors", PW_GROUP_GENERAL},      \
		{"help", 'h', NULL, 0, "this help", PW_GROUP_GENERAL},                                       \
	{                                                                                                    \
		"version", 'V', NULL, 0, "the version", PW_GROUP_GENERAL                                     \
	}

/* One subcommand's command line. */
struct pw_option_spec {
	const char *name; /* "run" */
	const struct argp_option *table;
	const char *args_doc, *doc; /* as argp's */
	/*
	 * Takes the options of its own (keys from PW_KEY_OWN, letters) and, as
	 * ARGP_KEY_ARG, the words that are none: returns 0, a negative errno with error
	 * filled, or ARGP_ERR_UNKNOWN.
	 */
	int (*take)(void *context, int key, char *arg, struct argp_state *state, struct pw_error *error);
};

/*
 * Parses argv; what is wrong is told in one line, and --help and --version are
 * answered. Returns -1 to go on, else an exit status.
 */
int pw_options_parse(const struct pw_option_spec *spec, struct pw_common_options *common, void *context,
		     int argc, char **argv);

/* What the model of a capture keeps when nothing was asked for: a day of everything does not fill the memory. */
struct pw_keep pw_capture_keep(const struct pw_common_options *common);

/* The language that --lang names; -EINVAL with error filled. */
int pw_option_language(const char *arg, struct pw_error *error);
/* The index of arg among words, which end with NULL; -EINVAL with error filled. */
int pw_option_choice(const char *option, const char *arg, const char *const *words, struct pw_error *error);

#endif
