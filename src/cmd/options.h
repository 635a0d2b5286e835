/* SPDX-License-Identifier: GPL-2.0-only */
/* The options that several subcommands share. */
#ifndef PW_OPTIONS_H
#define PW_OPTIONS_H

#include <argp.h>

#include "cmd/command_line.h"
#include "output/view.h"
#include "run/settings.h"
#include "util/error.h"

/* The keys of options without a letter. A subcommand's own begin with PW_KEY_OWN. */
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

/* pw_group_output also saves the recording (-o); pw_group_output_reports does not. */
extern const struct pw_option_group pw_group_output, pw_group_output_reports, pw_group_view, pw_group_capture;

/*
 * Takes a shared option into settings. Returns 0, -EINVAL with error filled, or
 * ARGP_ERR_UNKNOWN if it is none.
 */
int pw_options_take(struct pw_settings *settings, int key, const char *arg, struct pw_error *error);

/*
 * After the command line: checks what options say together, and sets what they left open.
 * command is for the error message. Returns -1 to go on, else an exit status.
 */
int pw_options_finish(const char *command, struct pw_settings *settings);

/*
 * Opens all outputs, for the user who called sudo if there is one. Prints its own errors;
 * returns 0 or an exit status.
 */
int pw_options_open_outputs(const char *command, struct pw_settings *settings);

/*
 * The index of arg in words, which ends with NULL; -EINVAL with error filled if it is not there.
 * option is "--wait".
 */
int pw_option_choice(const char *option, const char *arg, const char *const *words, struct pw_error *error);

/* Fills error: "invalid value 'x' for '--keep': expected ...". Returns -EINVAL. */
int pw_option_invalid(const char *option, const char *arg, const char *expected, struct pw_error *error);

/* The language that --lang names; -EINVAL with error filled. */
int pw_option_language(const char *arg, struct pw_error *error);

#endif
