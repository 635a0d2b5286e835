/* SPDX-License-Identifier: GPL-2.0-only */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/run.h"
#include "util/parse.h"

enum { KEY_WAIT = 0x100, KEY_RINGBUF, KEY_USER, KEY_WIDTH, KEY_ASCII, KEY_COLOR };

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
	int exit_status; /* -1: go on */
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

static int set_width(struct parse *p, const char *arg)
{
	long columns = 0;

	if (pw_parse_number(arg, 40, 10000, &columns))
		return pw_fail(&p->error, EINVAL,
			       "--width takes a number of columns from 40 to 10000, not '%s'", arg);
	p->options->width = (unsigned int)columns;
	return 0;
}

static int set_duration(struct parse *p, const char *arg)
{
	if (pw_parse_time(arg, &p->options->duration_ns) || !p->options->duration_ns)
		return pw_fail(&p->error, EINVAL,
			       "--duration takes a time with its unit (500ms, 10s, 2m), not '%s'", arg);
	return 0;
}

/* ARGP_KEY_ERROR and unknown options: argp is told to keep quiet, so that there is one line. */
static void explain_refusal(struct parse *p, const struct argp_state *state)
{
	const char *word = state->next > 0 ? state->argv[state->next - 1] : "";

	if (p->error.text[0])
		pw_complain("%s", p->error.text);
	else
		pw_complain("'%s' is no option of run, or lacks its value (procwatch run --help lists them)",
			    word);
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
		o->color = choice == 1 ? PW_COLOR_ALWAYS : choice == 2 ? PW_COLOR_NEVER : PW_COLOR_AUTO;
		return -err;
	case KEY_RINGBUF:
		return -set_ringbuf(p, arg);
	case KEY_WIDTH:
		return -set_width(p, arg);
	case KEY_ASCII:
		o->ascii = true;
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
		argp_state_help(state, stdout, ARGP_HELP_LONG | ARGP_HELP_USAGE | ARGP_HELP_DOC);
		p->exit_status = 0;
		state->next = state->argc;
		return 0;
	case 'V':
		puts("procwatch " PW_VERSION);
		p->exit_status = 0;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_ARG: /* the command; whatever follows is its own */
		o->command = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	case ARGP_KEY_ERROR:
		explain_refusal(p, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int pw_run_options_parse(struct pw_run_options *options, int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, "DEMO|COMMAND [ARG...]", doc, NULL,
					 NULL,	       NULL};
	struct parse p = {.options = options, .exit_status = -1};
	static char name[] = "procwatch run";

	argv[0] = name;
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER | ARGP_NO_HELP | ARGP_NO_ERRS, NULL, &p))
		return PW_EXIT_USAGE;
	if (p.exit_status >= 0)
		return p.exit_status;
	if (!options->command) {
		pw_complain("run what? name a demo (procwatch demos lists them) or a command");
		return PW_EXIT_USAGE;
	}
	if (!options->outputs.count)
		pw_outputs_add(&options->outputs, "text", &p.error);
	return -1;
}
