/* SPDX-License-Identifier: GPL-2.0-only */
#include "cmd/command_line.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "report/formats.h"
#include "util/error.h"
#include "util/exit_status.h"
#include "util/text.h"
#include "util/wordlist.h"

// clang-format off
static const struct argp_option general_options[] = {
	PW_OPTION("verbose", 'v', NULL, "print the hooks that are used; -vv adds libbpf's messages"),
	PW_OPTION("quiet",   'q', NULL, "print only errors, no remarks and no progress"),
	PW_OPTION("help",    'h', NULL, "show this help"),
	PW_OPTION("version", 'V', NULL, "show the version"),
	{0},
};
// clang-format on

/* The shorter tables are the ends of the longer ones. */
const struct pw_option_group pw_group_general = {"General:", general_options};
const struct pw_option_group pw_group_general_quiet = {"General:", general_options + 1};
const struct pw_option_group pw_group_general_help = {"General:", general_options + 2};

#define MAX_OPTIONS 64

/* Fills names with the long options of the subcommand. */
static void list_options(const struct pw_command_line *line, const char *names[static MAX_OPTIONS])
{
	size_t n = 0;

	for (size_t i = 0; i < PW_MAX_GROUPS && line->groups[i]; i++)
		for (const struct argp_option *o = line->groups[i]->options; o->name && n < MAX_OPTIONS - 1;
		     o++)
			names[n++] = o->name;
	names[n] = NULL;
}

static const struct argp_option *find_long(const struct pw_command_line *line, const char *name,
					   size_t length)
{
	for (size_t i = 0; i < PW_MAX_GROUPS && line->groups[i]; i++)
		for (const struct argp_option *o = line->groups[i]->options; o->name; o++)
			if (!strncmp(o->name, name, length) && !o->name[length])
				return o;
	return NULL;
}

static const struct argp_option *find_short(const struct pw_command_line *line, char letter)
{
	for (size_t i = 0; i < PW_MAX_GROUPS && line->groups[i]; i++)
		for (const struct argp_option *o = line->groups[i]->options; o->name; o++)
			if (o->key == letter)
				return o;
	return NULL;
}

/* ---- errors: argp does not say which word is wrong, so the words are walked as argp walked them */

enum verdict { RIGHT, TAKES_NEXT_WORD, WRONG };

static void refuse_unknown(const struct pw_command_line *line, const char *word, size_t length)
{
	const char *names[MAX_OPTIONS], *nearest;
	char name[PW_DISTANCE_MAX + 1] = "";

	list_options(line, names);
	if (length < sizeof(name))
		memcpy(name, word, length);
	nearest = pw_wordlist_nearest(name, names);
	if (nearest)
		pw_log_usage(line->command, "unknown option '--%.*s'; did you mean '--%s'?", (int)length,
			     word, nearest);
	else
		pw_log_usage(line->command, "unknown option '--%.*s' (see 'procwatch %s --help')",
			     (int)length, word, line->command);
}

static void refuse_ambiguous(const struct pw_command_line *line, const char *word, size_t length,
			     const char *const *matches)
{
	struct pw_text list = {0};

	for (size_t i = 0; matches[i]; i++)
		pw_text_format(&list, " '--%s'", matches[i]);
	pw_log_usage(line->command, "option '--%.*s' is ambiguous; possibilities:%s", (int)length, word,
		     pw_text_get(&list));
	pw_text_free(&list);
}

/* Finds the option that word is or abbreviates; prints an error and returns NULL if it is not one. */
static const struct argp_option *resolve_long(const struct pw_command_line *line, const char *word,
					      size_t length)
{
	const struct argp_option *exact = find_long(line, word, length);
	const char *names[MAX_OPTIONS];
	size_t n = 0;

	if (exact)
		return exact;
	list_options(line, names);
	for (size_t i = 0; names[i]; i++)
		if (!strncmp(names[i], word, length))
			names[n++] = names[i];
	names[n] = NULL;
	if (n == 1)
		return find_long(line, names[0], strlen(names[0]));
	if (n && length)
		refuse_ambiguous(line, word, length, names);
	else
		refuse_unknown(line, word, length);
	return NULL;
}

static enum verdict check_long(const struct pw_command_line *line, const char *word, bool last)
{
	const size_t length = strcspn(word, "=");
	const struct argp_option *o = resolve_long(line, word, length);

	if (!o)
		return WRONG;
	if (!o->arg && word[length]) {
		pw_log_usage(line->command, "option '--%s' takes no value", o->name);
		return WRONG;
	}
	if (!o->arg || word[length])
		return RIGHT;
	if (!last)
		return TAKES_NEXT_WORD;
	pw_log_usage(line->command, "option '--%s' needs a value: --%s %s", o->name, o->name, o->arg);
	return WRONG;
}

static enum verdict check_short(const struct pw_command_line *line, const char *letters, bool last)
{
	for (; *letters; letters++) {
		const struct argp_option *o = find_short(line, *letters);

		if (!o) {
			pw_log_usage(line->command, "unknown option '-%c' (see 'procwatch %s --help')",
				     *letters, line->command);
			return WRONG;
		}
		if (!o->arg)
			continue;
		if (letters[1])
			return RIGHT;
		if (!last)
			return TAKES_NEXT_WORD;
		pw_log_usage(line->command, "option '-%c' needs a value: -%c %s", *letters, *letters, o->arg);
		return WRONG;
	}
	return RIGHT;
}

/* Prints what is wrong with the first wrong word. False: no word is wrong. */
static bool explain(const struct pw_command_line *line, char **argv)
{
	for (int i = 1; argv[i] && strcmp(argv[i], "--") != 0; i++) {
		const char *word = argv[i];
		const bool last = !argv[i + 1];
		enum verdict verdict;

		if (word[0] != '-' || !word[1])
			continue;
		if (word[1] == '-')
			verdict = check_long(line, word + 2, last);
		else
			verdict = check_short(line, word + 1, last);
		if (verdict == WRONG)
			return true;
		if (verdict == TAKES_NEXT_WORD)
			i++;
	}
	return false;
}

/* ---- parsing */

struct parse {
	const struct pw_command_line *line;
	void *context;
	struct pw_error error;
	/* --help or --version was given */
	bool answered;
};

/* "FORMAT is text (the default), json (one document), ... or none" from the table of formats. */
static char *describe_formats(const char *before)
{
	struct pw_text text = {0};

	pw_text_add(&text, before);
	for (const struct pw_report_format *f = pw_report_formats; f->write; f++)
		pw_text_format(&text, " %s (%s),", f->name, f->help);
	pw_text_add(&text, " or none");
	return text.at;
}

static char *filter_help(int key, const char *text, void *input)
{
	(void)input;
	/* Everybody knows that a short option takes the value of its long form. */
	if (key == ARGP_KEY_HELP_DUP_ARGS_NOTE)
		return NULL;
	if (key == 'r' && text)
		return describe_formats(text);
	return (char *)(uintptr_t)text;
}

/* Not argp_help(): it ignores the filter. argp_state_help() prints only without ARGP_NO_ERRS. */
static void print_help(struct argp_state *state, const char *command)
{
	struct argp_state printing = *state;
	char name[32];

	snprintf(name, sizeof(name), "procwatch %s", command);
	printing.name = name;
	printing.flags = 0;
	argp_state_help(&printing, stdout, ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct parse *p = state->input;
	int err;

	switch (key) {
	case ARGP_KEY_INIT:
		/* The groups are children of an argp without options, and share its input. */
		for (size_t i = 0; i < PW_MAX_GROUPS && state->root_argp->children[i].argp; i++)
			if (state->child_inputs)
				state->child_inputs[i] = p;
		return 0;
	case 'h':
		print_help(state, p->line->command);
		break;
	case 'V':
		puts("procwatch " PW_VERSION);
		break;
	default:
		err = p->line->take(p->context, key, arg, state, &p->error);
		return err < 0 ? -err : err;
	}
	p->answered = true;
	state->next = state->argc;
	return 0;
}

int pw_flush_stdout(void)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	pw_log_error("cannot write to standard output: %s", strerror(errno ? errno : EIO));
	return PW_EXIT_FAILED;
}

int pw_command_line_parse(const struct pw_command_line *line, void *context, int argc, char **argv)
{
	struct argp groups[PW_MAX_GROUPS] = {{0}};
	struct argp_child children[PW_MAX_GROUPS + 1] = {{0}};
	const struct argp argp = {
		.parser = parse_option,
		.args_doc = line->args_doc,
		.doc = line->doc,
		.children = children,
		.help_filter = filter_help,
	};
	struct parse p = {.line = line, .context = context};
	int err;

	for (int i = 0; i < PW_MAX_GROUPS && line->groups[i]; i++) {
		groups[i] = (struct argp){
			.options = line->groups[i]->options,
			.parser = parse_option,
			.help_filter = filter_help,
		};
		children[i] = (struct argp_child){&groups[i], 0, line->groups[i]->title, i + 1};
	}
	err = argp_parse(&argp, argc, argv, ARGP_IN_ORDER | ARGP_NO_HELP | ARGP_NO_ERRS, NULL, &p);
	if (err) {
		if (p.error.text[0])
			pw_log_usage(line->command, "%s", p.error.text);
		else if (!explain(line, argv))
			pw_log_usage(line->command, "%s", strerror(err));
		return PW_EXIT_USAGE;
	}
	if (p.answered)
		return pw_flush_stdout();
	return -1;
}
