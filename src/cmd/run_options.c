/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/options.h"
#include "run/run.h"

enum { KEY_WAIT = PW_KEY_OWN, KEY_USER, KEY_NO_CHILDREN };

static const struct argp_option option_table[] = {
	{NULL, 0, NULL, 0, "When it ends:", PW_GROUP_END},
	{"duration", 'd', "TIME", 0,
	 "record at most this long (500ms, 10s, 2m); what still runs is left alone", PW_GROUP_END},
	{"wait", KEY_WAIT, "leader|tree", 0,
	 "end with the command, or with its last descendant (default: tree)", PW_GROUP_END},
	PW_OUTPUT_OPTIONS,
	PW_CAPTURE_OPTIONS,
	{"no-children", KEY_NO_CHILDREN, NULL, 0, "watch the command alone, not what it forks",
	 PW_GROUP_CAPTURE},
	{"user", KEY_USER, "NAME", 0, "run the command as this user (default under sudo: who called sudo)",
	 PW_GROUP_CAPTURE},
	PW_GENERAL_OPTIONS,
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

static int take(void *context, int key, char *arg, struct argp_state *state, struct pw_error *error)
{
	static const char *const waits[] = {"tree", "leader", NULL};
	struct pw_run_options *o = context;
	int choice;

	switch (key) {
	case KEY_WAIT:
		choice = pw_option_choice("wait", arg, waits, error);
		o->wait = choice == 1 ? PW_WAIT_LEADER : PW_WAIT_TREE;
		return choice < 0 ? choice : 0;
	case KEY_USER:
		o->user = arg;
		return 0;
	case KEY_NO_CHILDREN:
		o->no_children = true;
		return 0;
	case ARGP_KEY_ARG: /* the command; whatever follows is its own */
		o->command = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int pw_run_options_parse(struct pw_run_options *options, int argc, char **argv)
{
	static const struct pw_option_spec spec = {"run", option_table, "DEMO|COMMAND [ARG...]", doc, take};
	int status = pw_options_parse(&spec, &options->common, options, argc, argv);

	if (status < 0 && !options->command) {
		pw_log_error("run what? name a demo (procwatch demos lists them) or a command");
		return PW_EXIT_USAGE;
	}
	return status;
}
