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
#include "util/error.h"
#include "util/exit_status.h"
#include "util/text.h"
#include "util/utf8.h"

static void list_demos(enum pw_language language)
{
	const char *chapter = NULL;

	for (const struct pw_demo *d = pw_demos; d->name; d++) {
		if (!chapter || strcmp(chapter, d->chapter) != 0)
			printf("%s%s\n", chapter ? "\n" : "", tr(language, d->chapter));
		chapter = d->chapter;
		printf("  %-15s %s\n", d->name, tr(language, d->title));
	}
	printf("\n%s\n",
	       tr(language, "procwatch demos NAME shows one of them; sudo procwatch run NAME runs it."));
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
static int print_claims(enum pw_language language, const struct pw_demo *demo, const char *option)
{
	const char *const argv[] = {demo->name, option, NULL};
	struct pw_lesson lesson = {.demo = demo->name};
	struct pw_model *empty = pw_model_new();
	int err = empty ? pw_model_finish(empty, 0) : -ENOMEM;

	if (!err)
		err = demo->judge(&lesson, empty, argv);
	for (size_t i = 0; !err && i < lesson.count; i++)
		print_claim(tr(language, lesson.claims[i].text));
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

static int print_demo(enum pw_language language, const struct pw_demo *demo)
{
	char path[PATH_MAX];
	int err;

	printf(tr(language, "%s: %s\n\n%s\nCourse claims:\n"), demo->name, tr(language, demo->title),
	       tr(language, demo->page));
	err = print_claims(language, demo, NULL);
	for (size_t i = 0; !err && demo->variants[i]; i++) {
		printf(tr(language, "With %s:\n"), demo->variants[i]);
		err = print_claims(language, demo, demo->variants[i]);
	}
	if (err)
		return err;

	printf(tr(language, "\nRun it:    sudo procwatch run %s [OPTION...]\n"), demo->name);
	if (pw_demo_path(demo->name, path, sizeof(path)) == 0)
		print_path(tr(language, "Alone:     "), path);
	if (pw_demo_source(demo->name, path, sizeof(path)) == 0)
		print_path(tr(language, "Source:    "), path);
	return 0;
}

// clang-format off
static const struct argp_option language_options[] = {
	PW_OPTION("lang", PW_KEY_LANG, "en|zh", "language of the list and the pages (default: from the locale)"),
	{0},
};
// clang-format on

static const struct pw_option_group language_group = {"View:", language_options};

static const char doc[] = "List the demos: small programs, each of which shows one topic of the course. With "
			  "a NAME, show what that demo "
			  "does, what to look for, and what the course claims about it."
			  "\vExamples:\n"
			  "  procwatch demos demo_zombie\n"
			  "  procwatch run demo_zombie --hold 2s\n";

/* What the command line asks for. */
struct request {
	const char *name;
	enum pw_language language;
};

static int take(void *context, int key, char *arg, struct argp_state *state, struct pw_error *error)
{
	struct request *request = context;
	int chosen;

	(void)state;
	switch (key) {
	case PW_KEY_LANG:
		chosen = pw_option_language(arg, error);
		if (chosen < 0)
			return chosen;
		request->language = (enum pw_language)chosen;
		return 0;
	case ARGP_KEY_ARG:
		if (request->name)
			return pw_fail(error, EINVAL, "unexpected argument '%s'; give one demo at most", arg);
		request->name = arg;
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
		.groups = {&language_group, &pw_group_general_help},
		.take = take,
	};
	const struct pw_demo *demo;
	struct request request = {.language = pw_lang_of_locale()};
	int err = 0, status;

	status = pw_command_line_parse(&line, &request, argc, argv);
	if (status >= 0)
		return status;
	demo = request.name ? pw_demo_find(request.name) : NULL;
	if (request.name && !demo) {
		pw_log_unknown_demo("demos", request.name);
		return PW_EXIT_USAGE;
	}
	if (demo)
		err = print_demo(request.language, demo);
	else
		list_demos(request.language);
	if (err) {
		pw_log_error("cannot show the demo: %s", strerror(-err));
		return PW_EXIT_FAILED;
	}
	return pw_flush_stdout();
}
