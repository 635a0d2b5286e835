/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Help pages and errors as the program prints them: tests/golden/messages/NAME.txt holds lines "$ command", each
 * followed by what the command prints and "status N". Every command is run again and compared. To add one, add its
 * "$" line and run with PW_UPDATE=1, which writes the files anew. Only capture.txt needs a machine where
 * `procwatch check` succeeds. Runs from the top of the tree.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER	  "tests/golden/messages/"
#define CAPTURES  FOLDER "capture.txt"
#define MAX_FILES 64

/* What a message may depend on, fixed. The sanitizers' options stay. */
static void set_environment(void)
{
	static const char *const unset[] = {"COLUMNS",	"LANG",	    "LC_MESSAGES", "LC_CTYPE",	   "LANGUAGE",
					    "NO_COLOR", "SUDO_UID", "SUDO_GID",	   "ARGP_HELP_FMT"};
	char program[PATH_MAX], path[3 * PATH_MAX], *slash;
	const char *old = getenv("PATH");
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);

	assert_true(n > 0);
	program[n] = '\0';
	/* BUILD/tests/golden/messages_test */
	for (int i = 0; i < 3; i++) {
		slash = strrchr(program, '/');
		assert_non_null(slash);
		*slash = '\0';
	}
	snprintf(path, sizeof(path), "%s:%s", program, old ? old : "/usr/bin:/bin");
	setenv("PATH", path, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TERM", "dumb", 1);
	for (size_t i = 0; i < sizeof(unset) / sizeof(unset[0]); i++)
		unsetenv(unset[i]);
}

/* The names of temporary files differ from run to run. */
static void normalize(char *text)
{
	static const char prefix[] = "/procwatch-";

	for (char *at = strstr(text, prefix); at; at = strstr(at, prefix)) {
		at += strlen(prefix);
		for (int i = 0; i < 6 && at[i] && at[i] != '\''; i++)
			at[i] = 'X';
	}
}

/* Runs the command, and writes it, what it prints, and its status. */
static void record(const char *command, FILE *out)
{
	char text[16384], *line = NULL;
	size_t n;
	FILE *pipe;
	int status;

	if (asprintf(&line, "{ %s\n} 2>&1 </dev/null", command) < 0)
		fail();
	pipe = popen(line, "r");
	free(line);
	assert_non_null(pipe);
	n = fread(text, 1, sizeof(text) - 1, pipe);
	text[n] = '\0';
	status = pclose(pipe);
	assert_true(n < sizeof(text) - 1);
	assert_true(WIFEXITED(status));
	normalize(text);
	fprintf(out, "$ %s\n%sstatus %d\n", command, text, WEXITSTATUS(status));
}

/* The file as it would be now: its commands again, with everything before the first one kept. */
static char *render(const char *path)
{
	FILE *in = fopen(path, "r"), *out;
	char *text = NULL, *line = NULL;
	size_t size = 0, room = 0;
	bool in_head = true;

	assert_non_null(in);
	out = open_memstream(&text, &size);
	assert_non_null(out);
	while (getline(&line, &room, in) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "$ ", 2)) {
			if (!in_head)
				fputc('\n', out);
			in_head = false;
			record(line + 2, out);
		} else if (in_head) {
			fprintf(out, "%s\n", line);
		}
	}
	free(line);
	fclose(in);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* With diff(1), which is also what compares. */
static bool same(const char *path, const char *text)
{
	char command[300];
	FILE *diff;

	snprintf(command, sizeof(command), "diff -u %s - >&2", path);
	diff = popen(command, "w");
	assert_non_null(diff);
	fputs(text, diff);
	return !pclose(diff);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void compare(void **state)
{
	const char *path = *state;
	char *text;
	bool equal;

	if (strstr(path, CAPTURES) && system("procwatch check >/dev/null 2>&1") != 0)
		skip();
	text = render(path);
	if (getenv("PW_UPDATE"))
		write_file(path, text);
	equal = same(path, text);
	free(text);
	assert_true(equal);
}

int main(void)
{
	struct CMUnitTest tests[MAX_FILES];
	glob_t files;
	size_t count;
	int status;

	set_environment();
	if (glob(FOLDER "*.txt", 0, NULL, &files))
		return 1;
	count = files.gl_pathc < MAX_FILES ? files.gl_pathc : MAX_FILES;
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){strrchr(files.gl_pathv[i], '/') + 1, compare, NULL, NULL,
					       files.gl_pathv[i]};
	status = _cmocka_run_group_tests("messages", tests, count, NULL, NULL);
	globfree(&files);
	return status;
}
