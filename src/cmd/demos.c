/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/demo_path.h"
#include "cmd/options.h"
#include "course/course.h"
#include "util/text.h"

static void list_demos(void)
{
	const char *chapter = NULL;

	for (const struct pw_demo *d = pw_demos; d->name; d++) {
		if (!chapter || strcmp(chapter, d->chapter) != 0)
			printf("%s%s\n", chapter ? "\n" : "", _(d->chapter));
		chapter = d->chapter;
		printf("  %-15s %s\n", d->name, _(d->title));
	}
	printf("\n%s\n", _("procwatch demos NAME tells about one of them, procwatch run NAME runs it."));
}

/* A judge names its claims whatever it is shown; so it is shown nothing. */
static int print_claims(const struct pw_demo *demo, const char *option)
{
	const char *const argv[] = {demo->name, option, NULL};
	struct pw_lesson lesson = {.demo = demo->name};
	struct pw_model *empty = pw_model_new();
	int err = empty ? pw_model_finish(empty, 0) : -ENOMEM;

	if (!err)
		err = demo->judge(&lesson, empty, argv);
	for (size_t i = 0; !err && i < lesson.count; i++)
		printf("  %s\n", lesson.claims[i].text);
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

	printf(_("%s: %s\n\n%s\nThe course says:\n"), demo->name, _(demo->title), _(demo->page));
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

static int unknown_demo(const char *name)
{
	const struct pw_demo *nearest = pw_demo_nearest(name);
	struct pw_text text = {0};

	pw_text_escaped(&text, name, strlen(name), PW_AS_UTF8);
	if (nearest)
		pw_log_error("no demo is called '%s'; did you mean '%s'? (procwatch demos lists them)",
			     pw_text_get(&text), nearest->name);
	else
		pw_log_error("no demo is called '%s' (procwatch demos lists them)", pw_text_get(&text));
	pw_text_free(&text);
	return PW_EXIT_USAGE;
}

static int unknown_option(const char *option)
{
	struct pw_text text = {0};

	pw_text_escaped(&text, option, strlen(option), PW_AS_UTF8);
	pw_log_error("demos has no option '%s' (procwatch demos --help tells more)", pw_text_get(&text));
	pw_text_free(&text);
	return PW_EXIT_USAGE;
}

static const char help[] = "usage: procwatch demos [--lang en|zh] [NAME]\n"
			   "\n"
			   "Lists the demos: small programs, each of which shows one topic of the course.\n"
			   "With a NAME, tells what that demo does, what to look for, and what the course\n"
			   "claims about it, in English or Chinese (default: as the locale says).\n"
			   "\n"
			   "  procwatch demos demo_zombie\n"
			   "  procwatch run demo_zombie --hold 2s\n";

struct request {
	const char *name; /* NULL: the list */
	bool help;
};

/* "--lang zh", "--lang=zh": speaks it from now on. Returns 0, or an exit status with the complaint made. */
static int take_language(char **words, int *taken)
{
	const char *name = words[0] + strlen("--lang");
	struct pw_error error = {""};
	int language;

	*taken = *name == '=' ? 1 : 2;
	name = *name == '=' ? name + 1 : words[1];
	if (!name) {
		pw_log_error("--lang needs a value: --lang en|zh");
		return PW_EXIT_USAGE;
	}
	language = pw_option_language(name, &error);
	if (language < 0) {
		pw_log_error("%s", error.text);
		return PW_EXIT_USAGE;
	}
	pw_lang_speak((enum pw_language)language);
	return 0;
}

static int parse(struct request *request, char **argv)
{
	int taken, status;

	for (char **word = argv + 1; *word; word += taken) {
		taken = 1;
		if (!strcmp(*word, "-h") || !strcmp(*word, "--help")) {
			request->help = true;
		} else if (!strcmp(*word, "--lang") || !strncmp(*word, "--lang=", strlen("--lang="))) {
			status = take_language(word, &taken);
			if (status)
				return status;
		} else if (**word == '-') {
			return unknown_option(*word);
		} else if (request->name) {
			pw_log_error("demos takes one name at most (procwatch demos --help tells more)");
			return PW_EXIT_USAGE;
		} else {
			request->name = *word;
		}
	}
	return 0;
}

int pw_cmd_demos(int argc, char **argv)
{
	const struct pw_demo *demo;
	struct request request = {0};
	int err = 0, status;

	(void)argc;
	pw_lang_speak(pw_lang_of_locale());
	status = parse(&request, argv);
	if (status)
		return status;
	if (request.help) {
		fputs(help, stdout);
	} else if (!request.name) {
		list_demos();
	} else {
		demo = pw_demo_find(request.name);
		if (!demo)
			return unknown_demo(request.name);
		err = print_demo(demo);
	}
	errno = 0;
	if ((fflush(stdout) != 0 || ferror(stdout)) && !err)
		err = errno ? -errno : -EIO;
	if (err) {
		pw_log_error("the demos could not be shown: %s", strerror(-err));
		return PW_EXIT_FAILED;
	}
	return 0;
}
