/* SPDX-License-Identifier: GPL-2.0-only */
/* `procwatch run`: launches a command and records it. */
#include "run/run.h"

#include <string.h>

#include "cmd/commands.h"
#include "cmd/demo_files.h"
#include "cmd/options.h"
#include "course/course.h"
#include "run/launch.h"
#include "util/error.h"
#include "util/exit_status.h"

enum { KEY_WAIT = PW_KEY_OWN, KEY_USER, KEY_NO_CHILDREN };

// clang-format off
static const struct argp_option selection_options[] = {
	PW_OPTION("duration",    'd',             "TIME",
		  "record at most this long (500ms, 10s, 2m); anything still running is left running"),
	PW_OPTION("wait",        KEY_WAIT,        "leader|tree",
		  "stop when the command has ended, or its last descendant (default: tree)"),
	PW_OPTION("no-children", KEY_NO_CHILDREN, NULL,
		  "record the command alone, without its children"),
	PW_OPTION("user",        KEY_USER,        "NAME",
		  "run the command as this user (default under sudo: the user who called sudo)"),
	{0},
};
// clang-format on

static const struct pw_option_group selection = {"Selection:", selection_options};

static const char doc[] =
	"Launch a demo of the course or any command, and record it and all its descendants until the "
	"last one has ended."
	"\vExamples:\n"
	"  procwatch run demo_zombie --hold 1s\n"
	"  procwatch run -- make -j4\n"
	"  procwatch run -d 10s --wait leader -r json=run.json -r text -- ./server\n"
	"\n"
	"Exit status: that of the command (128+N if signal N killed it), or\n"
	"  2    the command line is wrong\n"
	"  125  procwatch failed\n"
	"  126  the command cannot be executed\n"
	"  127  the command was not found";

static int take(void *context, int key, char *arg, struct argp_state *state, struct pw_error *error)
{
	static const char *const waits[] = {[PW_WAIT_TREE] = "tree", [PW_WAIT_LEADER] = "leader", NULL};
	struct pw_run_settings *s = context;
	int choice;

	switch (key) {
	case KEY_WAIT:
		choice = pw_option_choice("--wait", arg, waits, error);
		if (choice < 0)
			return choice;
		s->wait = (enum pw_wait)choice;
		return 0;
	case KEY_USER:
		s->user = arg;
		return 0;
	case KEY_NO_CHILDREN:
		s->no_children = true;
		return 0;
	case ARGP_KEY_ARG: /* the command; everything after it is its own */
		s->command = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	default:
		return pw_options_take(&s->common, key, arg, error);
	}
}

static int parse(struct pw_run_settings *s, int argc, char **argv)
{
	static const struct pw_command_line line = {
		.command = "run",
		.args_doc = "DEMO|COMMAND [ARG...]",
		.doc = doc,
		.groups = {&selection, &pw_group_output, &pw_group_view, &pw_group_capture,
			   &pw_group_general},
		.take = take,
	};
	int status = pw_command_line_parse(&line, s, argc, argv);

	if (status >= 0)
		return status;
	if (!s->command) {
		pw_log_usage("run", "nothing to run: give a demo (see 'procwatch demos') or a command");
		return PW_EXIT_USAGE;
	}
	return pw_options_finish("run", &s->common);
}

static int use_demo(struct pw_run_settings *s, const char *name)
{
	if (pw_demo_path(name, s->demo_path, sizeof(s->demo_path))) {
		pw_log_error("the program of %s is missing; build it with make", name);
		return PW_EXIT_NOT_FOUND;
	}
	s->demo = name;
	return 0;
}

/* The name of a demo stands for its program. A misspelt one is an error, unless it is a command. */
static int resolve_demo(struct pw_run_settings *s)
{
	const char *name = s->command[0];
	const struct pw_demo *near;

	if (pw_demo_find(name))
		return use_demo(s, name);
	near = pw_demo_nearest(name);
	if (pw_command_exists(name) || (!near && strncmp(name, "demo_", 5) != 0))
		return 0;
	pw_log_unknown_demo("run", name);
	return PW_EXIT_NOT_FOUND;
}

static int run(struct pw_run_settings *s)
{
	struct pw_error error = {""};
	struct pw_user user;

	if (pw_user_find(&user, s->user, &error)) {
		pw_log_error("%s", error.text);
		return PW_EXIT_FAILED;
	}
	return pw_launcher_run(s, &user);
}

int pw_cmd_run(int argc, char **argv)
{
	struct pw_run_settings settings = {0};
	int status = parse(&settings, argc, argv);

	if (status >= 0)
		return status;
	status = resolve_demo(&settings);
	if (!status)
		status = pw_options_open_outputs("run", &settings.common);
	if (!status)
		status = run(&settings);
	pw_outputs_close(&settings.common.outputs);
	return status;
}
