/* SPDX-License-Identifier: GPL-2.0-only */
#include "cmd/options.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "capture/hooks.h"
#include "run/user.h"
#include "util/clock.h"
#include "util/error.h"
#include "util/exit_status.h"
#include "util/parse.h"
#include "util/wordlist.h"

/* ---- the tables */

// clang-format off
/* The help of -r goes on with the list of formats. */
static const struct argp_option output_options[] = {
	PW_OPTION("output",  'o',            "FILE",
		  "also save the recording, for procwatch report; until it is complete, it is called FILE.partial"),
	PW_OPTION("report",  'r',            "FORMAT[=FILE]",
		  "write a report, to standard output or to FILE; may be repeated. FORMAT is"),
	PW_OPTION("keep",    PW_KEY_KEEP,    "TIME|SIZE|all",
		  "keep only the last TIME, or SIZE of memory, of intervals; totals, exits and reaps are always kept "
		  "(default while recording: 1G, or a quarter of the memory if that is less)"),
	{0},
};

static const struct argp_option view_options[] = {
	PW_OPTION("since",   PW_KEY_SINCE,   "TIME",
		  "show only processes and intervals after this time of the recording (1.5s)"),
	PW_OPTION("until",   PW_KEY_UNTIL,   "TIME",
		  "show only processes and intervals up to this time"),
	PW_OPTION("state",   PW_KEY_STATE,   "LIST",
		  "show only intervals in these states: running,ready,..."),
	PW_OPTION("sort",    PW_KEY_SORT,    "KEY",
		  "sort processes by start (the default), pid, name, cpu or zombie"),
	PW_OPTION("top",     PW_KEY_TOP,     "N",
		  "show only the first N processes"),
	PW_OPTION("threads", PW_KEY_THREADS, NULL,
		  "show a row for each thread, too (text, html, svg)"),
	PW_OPTION("width",   PW_KEY_WIDTH,   "N",
		  "width of the text report in columns (default: that of the terminal), or of the svg in units of 8 "
		  "pixels"),
	PW_OPTION("ascii",   PW_KEY_ASCII,   NULL,
		  "use only ASCII characters in the text report"),
	PW_OPTION("color",   PW_KEY_COLOR,   "auto|always|never",
		  "colour the text report (default: auto, which obeys NO_COLOR)"),
	PW_OPTION("lang",    PW_KEY_LANG,    "en|zh",
		  "language of the reports (default: from the locale)"),
	{0},
};

static const struct argp_option capture_options[] = {
	PW_OPTION("ringbuf", PW_KEY_RINGBUF, "SIZE",
		  "size of the kernel's ring buffer (default: 8M)"),
	PW_OPTION("hooks",   PW_KEY_HOOKS,   "fentry|kprobe|slab|waits|free",
		  "how to observe reaps and new parents (default: the first of these that works here)"),
	{0},
};
// clang-format on

const struct pw_option_group pw_group_output = {"Output:", output_options};
const struct pw_option_group pw_group_output_reports = {"Output:", output_options + 1};
const struct pw_option_group pw_group_view = {"View:", view_options};
const struct pw_option_group pw_group_capture = {"Capture:", capture_options};

/* ---- values */

#define VALUES_MAX 256

int pw_option_invalid(const char *option, const char *arg, const char *expected, struct pw_error *error)
{
	return pw_fail(error, EINVAL, "invalid value '%s' for '%s': expected %s", arg, option, expected);
}

int pw_option_choice(const char *option, const char *arg, const char *const *words, struct pw_error *error)
{
	const int index = pw_wordlist_find(arg, words);
	char list[VALUES_MAX];

	if (index >= 0)
		return index;
	return pw_option_invalid(option, arg, pw_wordlist_text(list, sizeof(list), words), error);
}

static int set_ringbuf(struct pw_settings *settings, const char *arg, struct pw_error *error)
{
	size_t bytes = 0, power = 4096;

	if (pw_parse_size(arg, &bytes) || bytes < 4096 || bytes > (1u << 30))
		return pw_option_invalid("--ringbuf", arg, "a size from 4K to 1G, such as 64K or 8M", error);
	/* The kernel accepts only powers of two. */
	while (power < bytes)
		power *= 2;
	settings->ring_bytes = power;
	return 0;
}

static int set_hooks(struct pw_settings *settings, const char *arg, struct pw_error *error)
{
	const int index = pw_option_choice("--hooks", arg, pw_hook_fallbacks, error);

	if (index < 0)
		return index;
	settings->hooks = pw_hook_fallbacks[index];
	return 0;
}

static int set_keep(struct pw_settings *settings, const char *arg, struct pw_error *error)
{
	const uint64_t least_ns = 100 * PW_NS_PER_MS;
	const size_t least_bytes = 4u << 20;
	uint64_t ns = 0;
	size_t bytes = 0;

	if (!strcmp(arg, "all")) {
		settings->keep_all = true;
		return 0;
	}
	if (!pw_parse_time(arg, &ns) && ns >= least_ns) {
		settings->keep.ns = ns;
		return 0;
	}
	if (!ns && !pw_parse_size(arg, &bytes) && bytes >= least_bytes) {
		settings->keep.bytes = bytes;
		return 0;
	}
	return pw_option_invalid("--keep", arg,
				 "a time from 100ms (10s, 5m), a size from 4M (64M, 1G) or all", error);
}

static int set_duration(struct pw_settings *settings, const char *arg, struct pw_error *error)
{
	if (!pw_parse_time(arg, &settings->duration_ns) && settings->duration_ns)
		return 0;
	return pw_option_invalid("--duration", arg, "a time with its unit, such as 500ms, 10s or 2m", error);
}

static int set_color(struct pw_view_request *request, const char *arg, struct pw_error *error)
{
	static const char *const words[] = {
		[PW_COLOR_AUTO] = "auto",
		[PW_COLOR_ALWAYS] = "always",
		[PW_COLOR_NEVER] = "never",
		NULL,
	};
	const int index = pw_option_choice("--color", arg, words, error);

	if (index < 0)
		return index;
	request->color = index;
	return 0;
}

int pw_option_language(const char *arg, struct pw_error *error)
{
	const char *names[PW_LANGUAGE_COUNT + 1] = {NULL};

	for (int i = 0; i < PW_LANGUAGE_COUNT; i++)
		names[i] = pw_lang_name((enum pw_language)i);
	return pw_option_choice("--lang", arg, names, error);
}

static int set_language(struct pw_view_request *request, const char *arg, struct pw_error *error)
{
	const int language = pw_option_language(arg, error);

	if (language < 0)
		return language;
	request->language = (enum pw_language)language;
	request->language_asked = true;
	return 0;
}

static int set_width(struct pw_view_request *request, const char *arg, struct pw_error *error)
{
	long columns = 0;

	if (pw_parse_number(arg, 40, 10000, &columns))
		return pw_option_invalid("--width", arg, "a number of columns from 40 to 10000", error);
	request->width = (unsigned int)columns;
	return 0;
}

static int set_moment(const char *option, const char *arg, uint64_t *moment, struct pw_error *error)
{
	if (!pw_parse_time(arg, moment))
		return 0;
	return pw_option_invalid(option, arg, "a time with its unit, such as 500ms, 1.5s or 2m", error);
}

static int set_until(struct pw_view_options *processes, const char *arg, struct pw_error *error)
{
	int err = set_moment("--until", arg, &processes->until, error);

	if (!err && !processes->until)
		err = pw_option_invalid("--until", arg, "a time after the begin of the recording", error);
	return err;
}

static int set_sort(struct pw_view_options *processes, const char *arg, struct pw_error *error)
{
	static const char *const words[] = {
		[PW_SORT_TREE] = "tree",
		[PW_SORT_START] = "start",
		[PW_SORT_PID] = "pid",
		[PW_SORT_NAME] = "name",
		[PW_SORT_CPU] = "cpu",
		[PW_SORT_ZOMBIE] = "zombie",
		NULL,
	};
	const int index = pw_wordlist_find(arg, words);
	char list[VALUES_MAX];

	/* "tree" works but is not offered: it is the default of the views that show a tree. */
	if (index < 0)
		return pw_option_invalid("--sort", arg,
					 pw_wordlist_text(list, sizeof(list), words + PW_SORT_START), error);
	processes->sort = (enum pw_sort)index;
	return 0;
}

static int set_top(struct pw_view_options *processes, const char *arg, struct pw_error *error)
{
	long top = 0;

	if (pw_parse_number(arg, 1, INT32_MAX, &top))
		return pw_option_invalid("--top", arg, "a number of processes, 1 or more", error);
	processes->top = (size_t)top;
	return 0;
}

/* The state whose name has this length; PW_STATE_COUNT if there is none. */
static int find_state(const char *name, size_t length)
{
	for (int i = 0; i < PW_STATE_COUNT; i++) {
		const char *candidate = pw_state_name((enum pw_state)i);

		if (strlen(candidate) == length && !strncmp(candidate, name, length))
			return i;
	}
	return PW_STATE_COUNT;
}

static int set_states(struct pw_view_options *processes, const char *arg, struct pw_error *error)
{
	const char *words[PW_STATE_COUNT + 1] = {NULL};
	char list[VALUES_MAX], expected[VALUES_MAX + 32];

	for (const char *word = arg;; word++) {
		const size_t length = strcspn(word, ",");
		const int state = find_state(word, length);

		if (state == PW_STATE_COUNT)
			break;
		processes->states |= 1u << state;
		word += length;
		if (!*word)
			return 0;
	}
	for (int i = 0; i < PW_STATE_COUNT; i++)
		words[i] = pw_state_name((enum pw_state)i);
	snprintf(expected, sizeof(expected), "a list of %s", pw_wordlist_text(list, sizeof(list), words));
	return pw_option_invalid("--state", arg, expected, error);
}

/* ---- all of them */

static int take_view(struct pw_view_request *request, int key, const char *arg, struct pw_error *error)
{
	struct pw_view_options *processes = &request->processes;

	switch (key) {
	case PW_KEY_SINCE:
		return set_moment("--since", arg, &processes->since, error);
	case PW_KEY_UNTIL:
		return set_until(processes, arg, error);
	case PW_KEY_STATE:
		return set_states(processes, arg, error);
	case PW_KEY_SORT:
		return set_sort(processes, arg, error);
	case PW_KEY_TOP:
		return set_top(processes, arg, error);
	case PW_KEY_THREADS:
		processes->threads = true;
		return 0;
	case PW_KEY_WIDTH:
		return set_width(request, arg, error);
	case PW_KEY_ASCII:
		request->ascii = true;
		return 0;
	case PW_KEY_COLOR:
		return set_color(request, arg, error);
	case PW_KEY_LANG:
		return set_language(request, arg, error);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int pw_options_take(struct pw_settings *settings, int key, const char *arg, struct pw_error *error)
{
	switch (key) {
	case 'd':
		return set_duration(settings, arg, error);
	case 'o':
		return pw_record_file_set(&settings->outputs.record_file, arg, error);
	case 'r':
		return pw_outputs_add(&settings->outputs, arg, error);
	case PW_KEY_KEEP:
		return set_keep(settings, arg, error);
	case PW_KEY_RINGBUF:
		return set_ringbuf(settings, arg, error);
	case PW_KEY_HOOKS:
		return set_hooks(settings, arg, error);
	case 'v':
		settings->verbose++;
		return 0;
	case 'q':
		settings->quiet = settings->outputs.quiet = true;
		return 0;
	default:
		return take_view(&settings->outputs.request, key, arg, error);
	}
}

int pw_options_finish(const char *command, struct pw_settings *settings)
{
	struct pw_outputs *outputs = &settings->outputs;
	struct pw_view_request *request = &outputs->request;
	struct pw_error error;

	if (request->processes.until && request->processes.since >= request->processes.until) {
		pw_log_usage(command, "'--since' must be before '--until'");
		return PW_EXIT_USAGE;
	}
	if (!request->language_asked)
		request->language = pw_lang_of_locale();
	if (!outputs->count)
		pw_outputs_add(outputs, pw_outputs_take_stdout(outputs) ? "none" : "text", &error);
	return -1;
}

int pw_options_open_outputs(const char *command, struct pw_settings *settings)
{
	struct pw_error error = {""};
	struct pw_user caller;
	int err = pw_user_find(&caller, NULL, &error);

	if (!err) {
		settings->outputs.owner = (struct pw_owner){caller.change, caller.uid, caller.gid};
		err = pw_outputs_open(&settings->outputs, &error);
	}
	if (err == -EINVAL) {
		pw_log_usage(command, "%s", error.text);
		return PW_EXIT_USAGE;
	}
	if (err) {
		pw_log_error("%s", error.text);
		return PW_EXIT_FAILED;
	}
	return 0;
}
