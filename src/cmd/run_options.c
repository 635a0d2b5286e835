/* SPDX-License-Identifier: GPL-2.0-only */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/hooks.h"
#include "cmd/cmd.h"
#include "cmd/run.h"
#include "util/parse.h"

enum { KEY_WAIT = 0x100, KEY_RINGBUF, KEY_HOOKS, KEY_USER, KEY_WIDTH, KEY_ASCII, KEY_COLOR };

static const struct argp_option option_table[] = {
	{NULL, 0, NULL, 0, "When it ends:", 1},
	{"duration", 'd', "TIME", 0,
	 "record at most this long (500ms, 10s, 2m); what still runs is left alone", 1},
	{"wait", KEY_WAIT, "leader|tree", 0,
	 "end with the command, or with its last descendant (default: tree)", 1},
	{NULL, 0, NULL, 0, "What comes out:", 2},
	{"report", 'r', "FORMAT[=FILE]", 0,
	 "text (the default), json or none; repeatable; =- is standard output", 2},
	{"width", KEY_WIDTH, "N", 0, "columns of the text report (default: the terminal's)", 2},
	{"ascii", KEY_ASCII, NULL, 0, "nothing but ASCII in the text report", 2},
	{"color", KEY_COLOR, "auto|always|never", 0,
	 "colours in the text report (default: auto; NO_COLOR is obeyed)", 2},
	{NULL, 0, NULL, 0, "How it is captured:", 3},
	{"ringbuf", KEY_RINGBUF, "SIZE", 0, "the kernel's buffer (default 8M)", 3},
	{"hooks", KEY_HOOKS, "fentry|kprobe|waits|free", 0,
	 "how reaps and new parents are seen (default: the first that works here)", 3},
	{"user", KEY_USER, "NAME", 0, "run the command as this user (default under sudo: who called sudo)",
	 3},
	{NULL, 0, NULL, 0, "General:", 4},
	{"verbose", 'v', NULL, 0, "say which hooks are used; twice: all that libbpf says", 4},
	{"quiet", 'q', NULL, 0, "no remarks on standard error, only errors", 4},
	{"help", 'h', NULL, 0, "this help", 4},
	{"version", 'V', NULL, 0, "the version", 4},
	{0},
};

static const char doc[] = "Launch a demo of the course or any command, and watch it and all it creates until "
			  "the last has ended."
			  "\vExamples:\n"
			  "  procwatch run demo_zombie --hold 1s\n"
			  "  procwatch run -- make -j4\n"
			  "  procwatch run -d 10s --wait leader -r json=run.json -r text -- ./server\n"
			  "\n"
			  "The exit status is the command's own (128+N if signal N killed it); 125: "
			  "procwatch failed; 126, 127: the "
			  "command cannot be executed, was not found; 2: usage.";

struct parse {
	struct pw_run_options *options;
	struct pw_error error;
	int asked; /* for the help or the version: 'h' or 'V' */
};

static int one_of(const char *arg, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(arg, words[i]))
			return i;
	return -1;
}

static int set_choice(struct parse *p, const char *option, const char *arg, const char *const *words,
		      int *value)
{
	*value = one_of(arg, words);
	if (*value >= 0)
		return 0;
	if (words[2])
		return pw_fail(&p->error, EINVAL, "--%s is %s, %s or %s, not '%s'", option, words[0],
			       words[1], words[2], arg);
	return pw_fail(&p->error, EINVAL, "--%s is %s or %s, not '%s'", option, words[0], words[1], arg);
}

static int set_ringbuf(struct parse *p, const char *arg)
{
	size_t bytes = 0, power = 4096;

	if (pw_parse_size(arg, &bytes) || bytes < 4096 || bytes > (1u << 30))
		return pw_fail(&p->error, EINVAL, "--ringbuf takes a size from 4K to 1G (64K, 8M), not '%s'",
			       arg);
	/* The kernel wants a power of two. */
	while (power < bytes)
		power *= 2;
	p->options->ring_bytes = power;
	return 0;
}

static int set_hooks(struct parse *p, const char *arg)
{
	if (one_of(arg, pw_hook_rungs) < 0)
		return pw_fail(&p->error, EINVAL, "--hooks is fentry, kprobe, waits or free, not '%s'", arg);
	p->options->hooks = arg;
	return 0;
}

static int set_width(struct parse *p, const char *arg)
{
	long columns = 0;

	if (pw_parse_number(arg, 40, 10000, &columns))
		return pw_fail(&p->error, EINVAL,
			       "--width takes a number of columns from 40 to 10000, not '%s'", arg);
	p->options->outputs.wish.width = (unsigned int)columns;
	return 0;
}

static int set_duration(struct parse *p, const char *arg)
{
	if (pw_parse_time(arg, &p->options->duration_ns) || !p->options->duration_ns)
		return pw_fail(&p->error, EINVAL,
			       "--duration takes a time with its unit (500ms, 10s, 2m), not '%s'", arg);
	return 0;
}

/* ---- one clear line for what argp refuses, which it is told to keep quiet about */

/* The option a long one is, or is the beginning of; NULL: none, or more than one. */
static const struct argp_option *find_long(const char *name, size_t length)
{
	const struct argp_option *found = NULL;

	for (const struct argp_option *o = option_table; o->name || o->doc; o++) {
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

static const struct argp_option *find_short(char letter)
{
	for (const struct argp_option *o = option_table; o->name || o->doc; o++)
		if (o->name && o->key == letter)
			return o;
	return NULL;
}

static bool complain_long(const char *word, bool last, bool *takes_next)
{
	size_t length = strcspn(word, "=");
	const struct argp_option *o = find_long(word, length);

	if (!o)
		pw_complain("run has no option '--%s' (procwatch run --help lists them)", word);
	else if (!o->arg && word[length])
		pw_complain("--%s takes no value: '--%s'", o->name, word);
	else if (o->arg && !word[length] && last)
		pw_complain("--%s needs a value: --%s %s", o->name, o->name, o->arg);
	else
		return *takes_next = o->arg && !word[length], false;
	return true;
}

static bool complain_short(const char *letters, bool last, bool *takes_next)
{
	for (; *letters; letters++) {
		const struct argp_option *o = find_short(*letters);

		if (!o)
			pw_complain("run has no option '-%c' (procwatch run --help lists them)", *letters);
		else if (o->arg && !letters[1] && last)
			pw_complain("-%c needs a value: -%c %s", *letters, *letters, o->arg);
		else if (o->arg)
			return *takes_next = !letters[1], false;
		else
			continue;
		return true;
	}
	return false;
}

/* argp does not say which word it stumbled over: walks them as it did. */
static void complain_of_words(char **argv)
{
	for (int i = 1; argv[i]; i++) {
		bool takes_next = false, last = !argv[i + 1];

		if (argv[i][0] != '-' || !argv[i][1] || !strcmp(argv[i], "--"))
			return;
		if (argv[i][1] == '-' ? complain_long(argv[i] + 2, last, &takes_next)
				      : complain_short(argv[i] + 1, last, &takes_next))
			return;
		i += takes_next;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	static const char *const waits[] = {"tree", "leader", NULL};
	static const char *const colors[] = {"auto", "always", "never", NULL};
	struct parse *p = state->input;
	struct pw_run_options *o = p->options;
	int choice = 0, err = 0;

	switch (key) {
	case 'd':
		return -set_duration(p, arg);
	case 'r':
		return -pw_outputs_add(&o->outputs, arg, &p->error);
	case KEY_WAIT:
		err = set_choice(p, "wait", arg, waits, &choice);
		o->wait = choice == 1 ? PW_WAIT_LEADER : PW_WAIT_TREE;
		return -err;
	case KEY_COLOR:
		err = set_choice(p, "color", arg, colors, &choice);
		o->outputs.wish.color = choice == 1 ? PW_COLOR_ALWAYS : choice == 2 ? PW_COLOR_NEVER : PW_COLOR_AUTO;
		return -err;
	case KEY_RINGBUF:
		return -set_ringbuf(p, arg);
	case KEY_HOOKS:
		return -set_hooks(p, arg);
	case KEY_WIDTH:
		return -set_width(p, arg);
	case KEY_ASCII:
		o->outputs.wish.ascii = true;
		return 0;
	case KEY_USER:
		o->user = arg;
		return 0;
	case 'v':
		o->verbose++;
		return 0;
	case 'q':
		o->quiet = true;
		return 0;
	case 'h':
	case 'V':
		p->asked = key;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_ARG: /* the command; whatever follows is its own */
		o->command = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* That a short option takes what the long one does goes without saying. */
static char *filter_help(int key, const char *text, void *input)
{
	(void)input;
	return key == ARGP_KEY_HELP_DUP_ARGS_NOTE ? NULL : (char *)(uintptr_t)text;
}

static int answer(const struct argp *argp, int key, char *name)
{
	if (key == 'V')
		puts("procwatch " PW_VERSION);
	else
		argp_help(argp, stdout, ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC, name);
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	pw_complain("cannot write to standard output: %s", strerror(errno));
	return PW_EXIT_FAILED;
}

int pw_run_options_parse(struct pw_run_options *options, int argc, char **argv)
{
	static const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.args_doc = "DEMO|COMMAND [ARG...]",
		.doc = doc,
		.help_filter = filter_help,
	};
	struct parse p = {.options = options};
	static char name[] = "procwatch run";

	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER | ARGP_NO_HELP | ARGP_NO_ERRS, NULL, &p)) {
		if (p.error.text[0])
			pw_complain("%s", p.error.text);
		else
			complain_of_words(argv);
		return PW_EXIT_USAGE;
	}
	if (p.asked)
		return answer(&argp, p.asked, name);
	if (!options->command) {
		pw_complain("run what? name a demo (procwatch demos lists them) or a command");
		return PW_EXIT_USAGE;
	}
	if (!options->outputs.count)
		pw_outputs_add(&options->outputs, "text", &p.error);
	return -1;
}
