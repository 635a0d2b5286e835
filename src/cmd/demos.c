/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/demo_path.h"
#include "lesson/lesson.h"
#include "util/text.h"

static void list_demos(void)
{
	const char *chapter = NULL;

	for (const struct pw_demo *d = pw_demos; d->name; d++) {
		if (!chapter || strcmp(chapter, d->chapter) != 0)
			printf("%s%s\n", chapter ? "\n" : "", d->chapter);
		chapter = d->chapter;
		printf("  %-15s %s\n", d->name, d->title);
	}
	printf("\nprocwatch demos NAME tells about one of them, procwatch run NAME runs it.\n");
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

	printf("%s: %s\n\n%s\nThe course says:\n", demo->name, demo->title, demo->page);
	err = print_claims(demo, NULL);
	for (size_t i = 0; !err && demo->variants[i]; i++) {
		printf("With %s:\n", demo->variants[i]);
		err = print_claims(demo, demo->variants[i]);
	}
	if (err)
		return err;

	printf("\nRun it:    sudo procwatch run %s [OPTION...]\n", demo->name);
	if (pw_demo_path(demo->name, path, sizeof(path)) == 0)
		print_path("Alone:     ", path);
	if (pw_demo_source(demo->name, path, sizeof(path)) == 0)
		print_path("Source:    ", path);
	return 0;
}

static int unknown_demo(const char *name)
{
	const struct pw_demo *nearest = pw_demo_nearest(name);
	struct pw_text text = {0};

	pw_text_escaped(&text, name, strlen(name), PW_AS_UTF8);
	if (nearest)
		pw_complain("no demo is called '%s'; did you mean '%s'? (procwatch demos lists them)",
			    pw_text_get(&text), nearest->name);
	else
		pw_complain("no demo is called '%s' (procwatch demos lists them)", pw_text_get(&text));
	pw_text_free(&text);
	return PW_EXIT_USAGE;
}

static int unknown_option(const char *option)
{
	struct pw_text text = {0};

	pw_text_escaped(&text, option, strlen(option), PW_AS_UTF8);
	pw_complain("demos has no option '%s' (procwatch demos --help tells more)", pw_text_get(&text));
	pw_text_free(&text);
	return PW_EXIT_USAGE;
}

static const char help[] = "usage: procwatch demos [NAME]\n"
			   "\n"
			   "Lists the demos: small programs, each of which shows one topic of the course.\n"
			   "With a NAME, tells what that demo does, what to look for, and what the course\n"
			   "claims about it.\n"
			   "\n"
			   "  procwatch demos demo_zombie\n"
			   "  procwatch run demo_zombie --hold 2s\n";

int pw_cmd_demos(int argc, char **argv)
{
	const struct pw_demo *demo;
	int err = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
			fputs(help, stdout);
			argc = 0;
		}
	}
	if (argc > 2) {
		pw_complain("demos takes one name at most (procwatch demos --help tells more)");
		return PW_EXIT_USAGE;
	}
	if (argc == 1) {
		list_demos();
	} else if (argc == 2) {
		if (argv[1][0] == '-')
			return unknown_option(argv[1]);
		demo = pw_demo_find(argv[1]);
		if (!demo)
			return unknown_demo(argv[1]);
		err = print_demo(demo);
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		err = err ? err : -EIO;
	if (err) {
		pw_complain("the demos could not be shown: %s", strerror(-err));
		return PW_EXIT_FAILED;
	}
	return 0;
}
