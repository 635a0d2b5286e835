/* SPDX-License-Identifier: GPL-2.0-only */
#include "cmd/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/hooks.h"
#include "cmd/cmd.h"
#include "util/parse.h"

static int one_of(const char *arg, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(arg, words[i]))
			return i;
	return -1;
}

int pw_option_choice(const char *option, const char *arg, const char *const *words, struct pw_error *error)
{
	int i = one_of(arg, words);

	if (i >= 0)
		return i;
	if (words[2])
		return pw_fail(error, EINVAL, "--%s is %s, %s or %s, not '%s'", option, words[0], words[1],
			       words[2], arg);
	return pw_fail(error, EINVAL, "--%s is %s or %s, not '%s'", option, words[0], words[1], arg);
}

static int set_ringbuf(struct pw_common_options *common, const char *arg, struct pw_error *error)
{
	size_t bytes = 0, power = 4096;

	if (pw_parse_size(arg, &bytes) || bytes < 4096 || bytes > (1u << 30))
		return pw_fail(error, EINVAL, "--ringbuf takes a size from 4K to 1G (64K, 8M), not '%s'",
			       arg);
	/* The kernel wants a power of two. */
	while (power < bytes)
		power *= 2;
	common->ring_bytes = power;
	return 0;
}

static int set_hooks(struct pw_common_options *common, const char *arg, struct pw_error *error)
{
	if (one_of(arg, pw_hook_rungs) < 0)
		return pw_fail(error, EINVAL, "--hooks is fentry, kprobe, slab, waits or free, not '%s'",
			       arg);
	common->hooks = arg;
	return 0;
}

static int set_keep(struct pw_common_options *common, const char *arg, struct pw_error *error)
{
	const uint64_t least_ns = 100000000;
	const size_t least_bytes = 4u << 20;
	uint64_t ns = 0;
	size_t bytes = 0;

	if (!strcmp(arg, "all")) {
		common->keep_all = true;
		return 0;
	}
	if (!pw_parse_time(arg, &ns) && ns >= least_ns) {
		common->keep.ns = ns;
		return 0;
	}
	if (!ns && !pw_parse_size(arg, &bytes) && bytes >= least_bytes) {
		common->keep.bytes = bytes;
		return 0;
	}
	return pw_fail(error, EINVAL,
		       "--keep takes a time from 100ms (10s, 5m), a size from 4M (64M, 1G), or all, not '%s'",
		       arg);
}

static size_t a_quarter_of_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (size_t)pages / 4 * (size_t)size : SIZE_MAX;
}

struct pw_keep pw_capture_keep(const struct pw_common_options *common)
{
	const size_t most = 1u << 30, quarter = a_quarter_of_memory();
	struct pw_keep keep = common->keep;

	if (common->keep_all)
		return (struct pw_keep){0};
	if (!keep.bytes)
		keep.bytes = quarter < most ? quarter : most;
	return keep;
}

static int set_width(struct pw_common_options *common, const char *arg, struct pw_error *error)
{
	long columns = 0;

	if (pw_parse_number(arg, 40, 10000, &columns))
		return pw_fail(error, EINVAL, "--width takes a number of columns from 40 to 10000, not '%s'",
			       arg);
	common->outputs.request.width = (unsigned int)columns;
	return 0;
}

static int set_duration(struct pw_common_options *common, const char *arg, struct pw_error *error)
{
	if (pw_parse_time(arg, &common->duration_ns) || !common->duration_ns)
		return pw_fail(error, EINVAL,
			       "--duration takes a time with its unit (500ms, 10s, 2m), not '%s'", arg);
	return 0;
}

static int set_color(struct pw_common_options *common, const char *arg, struct pw_error *error)
{
	static const char *const words[] = {"auto", "always", "never", NULL};
	int choice = pw_option_choice("color", arg, words, error);

	if (choice < 0)
		return choice;
	common->outputs.request.color = choice == 1   ? PW_COLOR_ALWAYS
					: choice == 2 ? PW_COLOR_NEVER
						      : PW_COLOR_AUTO;
	return 0;
}

int pw_option_language(const char *arg, struct pw_error *error)
{
	const int language = pw_lang_find(arg);

	return language < 0 ? pw_fail(error, EINVAL, "--lang is en or zh, not '%s'", arg) : language;
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

static int set_moment(const char *option, const char *arg, uint64_t *moment, struct pw_error *error)
{
	if (!pw_parse_time(arg, moment))
		return 0;
	return pw_fail(error, EINVAL, "--%s takes a time with its unit (500ms, 1.5s, 2m), not '%s'", option,
		       arg);
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
	int i = one_of(arg, words);

	if (i < 0)
		return pw_fail(error, EINVAL, "--sort is start, pid, name, cpu or zombie, not '%s'", arg);
	processes->sort = (enum pw_sort)i;
	return 0;
}

static int set_top(struct pw_view_options *processes, const char *arg, struct pw_error *error)
{
	long top = 0;

	if (pw_parse_number(arg, 1, INT32_MAX, &top))
		return pw_fail(error, EINVAL, "--top takes a number of processes from 1 on, not '%s'", arg);
	processes->top = (size_t)top;
	return 0;
}

static int set_states(struct pw_view_options *processes, const char *arg, struct pw_error *error)
{
	for (const char *word = arg;; word++) {
		const size_t length = strcspn(word, ",");
		int state = 0;

		while (state < PW_STATE_COUNT && (strlen(pw_state_name((enum pw_state)state)) != length ||
						  strncmp(pw_state_name((enum pw_state)state), word, length)))
			state++;
		if (state == PW_STATE_COUNT)
			return pw_fail(error, EINVAL,
				       "--state lists running, ready, blocked, stopped, zombie or unknown, "
				       "not '%s'",
				       arg);
		processes->states |= 1u << state;
		word += length;
		if (!*word)
			return 0;
	}
}

static int take_view(struct pw_view_options *processes, int key, const char *arg, struct pw_error *error)
{
	int err;

	switch (key) {
	case PW_KEY_SINCE:
		return set_moment("since", arg, &processes->since, error);
	case PW_KEY_UNTIL:
		err = set_moment("until", arg, &processes->until, error);
		if (!err && !processes->until)
			err = pw_fail(error, EINVAL, "--until 0 leaves nothing to show");
		return err;
	case PW_KEY_SORT:
		return set_sort(processes, arg, error);
	case PW_KEY_TOP:
		return set_top(processes, arg, error);
	case PW_KEY_THREADS:
		processes->threads = true;
		return 0;
	case PW_KEY_STATE:
		return set_states(processes, arg, error);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int take_common(struct pw_common_options *common, int key, const char *arg, struct pw_error *error)
{
	switch (key) {
	case 'd':
		return set_duration(common, arg, error);
	case 'o':
		return pw_record_file_set(&common->outputs.record_file, arg, error);
	case 'r':
		return pw_outputs_add(&common->outputs, arg, error);
	case PW_KEY_COLOR:
		return set_color(common, arg, error);
	case PW_KEY_RINGBUF:
		return set_ringbuf(common, arg, error);
	case PW_KEY_HOOKS:
		return set_hooks(common, arg, error);
	case PW_KEY_KEEP:
		return set_keep(common, arg, error);
	case PW_KEY_WIDTH:
		return set_width(common, arg, error);
	case PW_KEY_ASCII:
		common->outputs.request.ascii = true;
		return 0;
	case PW_KEY_LANG:
		return set_language(&common->outputs.request, arg, error);
	case 'v':
		common->verbose++;
		return 0;
	case 'q':
		common->quiet = common->outputs.quiet = true;
		return 0;
	default:
		return take_view(&common->outputs.request.processes, key, arg, error);
	}
}

/* ---- one clear line for what argp refuses, which it is told to keep quiet about */

/* The option a long one is, or is the beginning of; NULL: none, or more than one. */
static const struct argp_option *find_long(const struct argp_option *table, const char *name, size_t length)
{
	const struct argp_option *found = NULL;

	for (const struct argp_option *o = table; o->name || o->doc; o++) {
		if (!o->name || strncmp(o->name, name, length) != 0)
			continue;
		if (!o->name[length])
			return o;
		if (found)
			return NULL;
		found = o;
	}
	return found;
}

static const struct argp_option *find_short(const struct argp_option *table, char letter)
{
	for (const struct argp_option *o = table; o->name || o->doc; o++)
		if (o->name && o->key == letter)
			return o;
	return NULL;
}

static bool complain_long(const struct pw_option_spec *spec, const char *word, bool last, bool *takes_next)
{
	size_t length = strcspn(word, "=");
	const struct argp_option *o = find_long(spec->table, word, length);

	if (!o)
		pw_log_error("%s has no option '--%s' (procwatch %s --help lists them)", spec->name, word,
			     spec->name);
	else if (!o->arg && word[length])
		pw_log_error("--%s takes no value: '--%s'", o->name, word);
	else if (o->arg && !word[length] && last)
		pw_log_error("--%s needs a value: --%s %s", o->name, o->name, o->arg);
	else
		return *takes_next = o->arg && !word[length], false;
	return true;
}

static bool complain_short(const struct pw_option_spec *spec, const char *letters, bool last,
			   bool *takes_next)
{
	for (; *letters; letters++) {
		const struct argp_option *o = find_short(spec->table, *letters);

		if (!o)
			pw_log_error("%s has no option '-%c' (procwatch %s --help lists them)", spec->name,
				     *letters, spec->name);
		else if (o->arg && !letters[1] && last)
			pw_log_error("-%c needs a value: -%c %s", *letters, *letters, o->arg);
		else if (o->arg)
			return *takes_next = !letters[1], false;
		else
			continue;
		return true;
	}
	return false;
}

/* argp does not say which word it stumbled over: walks them as it did. */
static void complain_of_words(const struct pw_option_spec *spec, char **argv)
{
	for (int i = 1; argv[i]; i++) {
		bool takes_next = false, last = !argv[i + 1];

		if (!strcmp(argv[i], "--"))
			return;
		if (argv[i][0] != '-' || !argv[i][1])
			continue;
		if (argv[i][1] == '-' ? complain_long(spec, argv[i] + 2, last, &takes_next)
				      : complain_short(spec, argv[i] + 1, last, &takes_next))
			return;
		i += takes_next;
	}
}

/* ---- parsing */

struct parse {
	const struct pw_option_spec *spec;
	struct pw_common_options *common;
	void *context;
	struct pw_error error;
	bool answered; /* --help or --version was asked for */
};

/* That a short option takes what the long one does goes without saying. */
static char *filter_help(int key, const char *text, void *input)
{
	(void)input;
	return key == ARGP_KEY_HELP_DUP_ARGS_NOTE ? NULL : (char *)(uintptr_t)text;
}

/* argp_help() would not filter: that takes a state, which prints nothing while errors are to be kept quiet about. */
static void print_help(struct argp_state *state, const struct pw_option_spec *spec)
{
	struct argp_state speaking = *state;
	char name[32];

	snprintf(name, sizeof(name), "procwatch %s", spec->name);
	speaking.name = name;
	speaking.flags = 0;
	argp_state_help(&speaking, stdout, ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct parse *p = state->input;
	int err;

	if (key == 'h' || key == 'V') {
		if (key == 'h')
			print_help(state, p->spec);
		else
			puts("procwatch " PW_VERSION);
		p->answered = true;
		state->next = state->argc;
		return 0;
	}
	err = p->spec->take(p->context, key, arg, state, &p->error);
	if (err == ARGP_ERR_UNKNOWN)
		err = take_common(p->common, key, arg, &p->error);
	return err < 0 ? -err : err;
}

static int end_answer(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	pw_log_error("cannot write to standard output: %s", strerror(errno));
	return PW_EXIT_FAILED;
}

int pw_options_parse(const struct pw_option_spec *spec, struct pw_common_options *common, void *context,
		     int argc, char **argv)
{
	const struct argp argp = {
		.options = spec->table,
		.parser = parse_option,
		.args_doc = spec->args_doc,
		.doc = spec->doc,
		.help_filter = filter_help,
	};
	struct parse p = {.spec = spec, .common = common, .context = context};

	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER | ARGP_NO_HELP | ARGP_NO_ERRS, NULL, &p)) {
		if (p.error.text[0])
			pw_log_error("%s", p.error.text);
		else
			complain_of_words(spec, argv);
		return PW_EXIT_USAGE;
	}
	if (p.answered)
		return end_answer();
	if (common->outputs.request.processes.until &&
	    common->outputs.request.processes.since >= common->outputs.request.processes.until) {
		pw_log_error("--since is not before --until: there is nothing between them");
		return PW_EXIT_USAGE;
	}
	if (!common->outputs.request.language_asked)
		common->outputs.request.language = pw_lang_of_locale();
	if (!common->outputs.count)
		pw_outputs_add(&common->outputs, pw_outputs_take_stdout(&common->outputs) ? "none" : "text",
			       &p.error);
	return -1;
}
