/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/run.h"

#include <errno.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/demo_path.h"
#include "course/course.h"

/* A demo's name stands for its program; a near miss of one is answered with the name. */
static int resolve_demo(struct pw_run_options *o)
{
	const char *name = o->command[0];
	const struct pw_demo *near = pw_demo_nearest(name);

	if (pw_demo_find(name)) {
		if (pw_demo_path(name, o->demo_path, sizeof(o->demo_path))) {
			pw_log_error("the program of %s is not beside procwatch: build it with make", name);
			return PW_EXIT_NOT_FOUND;
		}
		o->demo = name;
		return 0;
	}
	if (pw_command_exists(name) || (!near && strncmp(name, "demo_", 5) != 0))
		return 0;
	pw_log_error(near ? "no demo is called '%s'; did you mean '%s'? (procwatch demos lists them)"
			  : "no demo is called '%s' (procwatch demos lists them)",
		     name, near ? near->name : NULL);
	return PW_EXIT_NOT_FOUND;
}

static int run(struct pw_run_options *o)
{
	struct pw_error error = {""};
	struct pw_user user;

	if (pw_user_find(&user, o->user, &error)) {
		pw_log_error("%s", error.text);
		return PW_EXIT_FAILED;
	}
	return pw_launcher_run(o, &user);
}

int pw_cmd_run(int argc, char **argv)
{
	struct pw_run_options options = {0};
	int status = pw_run_options_parse(&options, argc, argv);

	if (status >= 0)
		return status;
	status = resolve_demo(&options);
	if (!status)
		status = pw_outputs_open_for_caller(&options.common.outputs);
	if (!status)
		status = run(&options);
	pw_outputs_close(&options.common.outputs);
	return status;
}
