/* SPDX-License-Identifier: GPL-2.0-only */
/* `procwatch demos`: lists the demos, or shows the page of one. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/demo_files.h"
#include "cmd/options.h"
#include "course/course.h"
#include "util/exit_status.h"
#include "util/log_error.h"
#include "util/text.h"
#include "util/utf8.h"

static void list_demos(void)
{
	const char *chapter = NULL;

	for (const struct pw_demo *d = pw_demos; d->name; d++) {
		if (!chapter || strcmp(chapter, d->chapter) != 0)
			printf("%s%s\n", chapter ? "\n" : "", _(d->chapter));
		chapter = d->chapter;
		printf("  %-15s %s\n", d->name, _(d->title));
	}
	printf("\n%s\n", _("procwatch demos NAME shows one of them; sudo procwatch run NAME runs it."));
}

/* A long claim goes on in a second line. */
static void print_claim(const char *text)
{
	const size_t room = 78;

	if (pw_utf8_columns(text) > room) {
		const char *blank = memrchr(text, ' ', room + 1);

		if (blank) {
			printf("  %.*s\n    %s\n", (int)(blank - text), text, blank + 1);
			return;
		}
	}
	printf("  %s\n", text);
}

/* A judge names its claims for any model, so it gets an empty one. */
static int print_claims(const struct pw_demo *demo, const char *option)
{
	const char *const argv[] = {demo->name, option, NULL};
	struct pw_lesson lesson = {.demo = demo->name};
	struct pw_model *empty = pw_model_new();
	int err = empty ? pw_model_finish(empty, 0) : -ENOMEM;

	if (!err)
		err = demo->judge(&lesson, empty, argv);
	for (size_t i = 0; !err && i < lesson.count; i++)
		print_claim(_(lesson.claims[i].text));
	pw_lesson_free(&lesson);
	pw_model_free(empty);
	return err;
}

static void print_path(const char *label, const char *path)
{
	struct pw_text text = {0};

	pw_text_escaped(&text, path, strlen(path), PW_AS_UTF8);
	printf("%s%s\n", label, pw_text_get(&text));
	pw_text_free(&text);
}

static int print_demo(const struct pw_demo *demo)
{
	char path[PATH_MAX];
	int err;

	printf(_("%s: %s\n\n%s\nCourse claims:\n"), demo->name, _(demo->title), _(demo->page));
	err = print_claims(demo, NULL);
	for (size_t i = 0; !err && demo->variants[i]; i++) {
		printf(_("With %s:\n"), demo->variants[i]);
		err = print_claims(demo, demo->variants[i]);
	}
	if (err)
		return err;

	printf(_("\nRun it:    sudo procwatch run %s [OPTION...]\n"), demo->name);
	if (pw_demo_path(demo->name, path, sizeof(path)) == 0)
		print_path(_("Alone:     "), path);
	if (pw_demo_source(demo->name, path, sizeof(path)) == 0)
		print_path(_("Source:    "), path);
	return 0;
}

// clang-format off
static const struct argp_option language_options[] = {
	PW_OPTION("lang", PW_KEY_LANG, "en|zh", "language of the list and the pages (default: from the locale)"),
	{0},
};
// clang-format on

static const struct pw_option_group language = {"View:", language_options};

static const char doc[] = "List the demos: small programs, each of which shows one topic of the course. With "
			  "a NAME, show what that demo "
			  "does, what to look for, and what the course claims about it."
			  "\vExamples:\n"
			  "  procwatch demos demo_zombie\n"
			  "  procwatch run demo_zombie --hold 2s\n";

static int take(void *context, int key, char *arg, struct argp_state *state, struct pw_error *error)
{
	const char **name = context;
	int chosen;

	(void)state;
	switch (key) {
	case PW_KEY_LANG:
		chosen = pw_option_language(arg, error);
		if (chosen < 0)
			return chosen;
		pw_lang_speak((enum pw_language)chosen);
		return 0;
	case ARGP_KEY_ARG:
		if (*name)
			return pw_fail(error, EINVAL, "unexpected argument '%s'; give one demo at most", arg);
		*name = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int pw_cmd_demos(int argc, char **argv)
{
	static const struct pw_command_line line = {
		.command = "demos",
		.args_doc = "[NAME]",
		.doc = doc,
		.groups = {&language, &pw_group_general_help},
		.take = take,
	};
	const struct pw_demo *demo;
	const char *name = NULL;
	int err = 0, status;

	pw_lang_speak(pw_lang_of_locale());
	status = pw_command_line_parse(&line, &name, argc, argv);
	if (status >= 0)
		return status;
	demo = name ? pw_demo_find(name) : NULL;
	if (name && !demo) {
		pw_log_unknown_demo("demos", name);
		return PW_EXIT_USAGE;
	}
	if (demo)
		err = print_demo(demo);
	else
		list_demos();
	if (err) {
		pw_log_error("cannot show the demo: %s", strerror(-err));
		return PW_EXIT_FAILED;
	}
	return pw_flush_stdout();
}
