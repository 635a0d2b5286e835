/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/caps.h"
#include "cmd/command_line.h"
#include "cmd/commands.h"
#include "util/error.h"
#include "util/exit_status.h"
#include "util/wordlist.h"

static const struct command {
	const char *name;
	/* another name; NULL: none */
	const char *alias;
	const char *arguments, *help;
	int (*run)(int argc, char **argv);
} commands[] = {
#define ROW(name, alias, arguments, help) {#name, alias, arguments, help, pw_cmd_##name},
	PW_COMMANDS(ROW)
#undef ROW
};
#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const char head[] = "Usage: procwatch COMMAND [OPTION...] [ARG...]\n"
			   "A flight recorder for processes: what each one did at every nanosecond, who its\n"
			   "parent was, and how long it was dead before anyone reaped it.\n"
			   "\n"
			   "Commands:\n";

static const char tail[] = "\n"
			   "General:\n"
			   "  -h, --help                 show this help; 'procwatch COMMAND --help' shows\n"
			   "                             the options of a command\n"
			   "  -V, --version              show the version\n"
			   "\n"
			   "Examples:\n"
			   "  sudo procwatch run demo_zombie\n"
			   "  sudo procwatch run -- make -j4\n"
			   "  sudo procwatch attach -p 1234 -d 10s\n"
			   "  sudo procwatch run -r json=report.json -- python3 pool.py\n"
			   "  sudo procwatch run -o make.pwt -- make -j4\n"
			   "  procwatch report make.pwt\n";

#define HELP_COLUMN 29
#define HELP_WIDTH  50

/* The bytes of text that fit into a line of the help, without breaking a word. */
static size_t line_length(const char *text)
{
	size_t length = strlen(text);

	if (length <= HELP_WIDTH)
		return length;
	for (length = HELP_WIDTH; length && text[length] != ' '; length--)
		;
	return length ? length : HELP_WIDTH;
}

static void print_command(const struct command *c)
{
	char text[256];
	const char *rest = text;
	int column = printf("  %s%s%s", c->name, *c->arguments ? " " : "", c->arguments);

	if (c->alias)
		snprintf(text, sizeof(text), "%s (alias: %s)", c->help, c->alias);
	else
		snprintf(text, sizeof(text), "%s", c->help);
	do {
		const size_t length = line_length(rest);

		printf("%*s%.*s\n", HELP_COLUMN - column, "", (int)length, rest);
		rest += length;
		rest += strspn(rest, " ");
		column = 0;
	} while (*rest);
}

static int print_help(void)
{
	fputs(head, stdout);
	for (size_t i = 0; i < N_COMMANDS; i++)
		print_command(&commands[i]);
	fputs(tail, stdout);
	return pw_flush_stdout();
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (!strcmp(name, commands[i].name) ||
		    (commands[i].alias && !strcmp(name, commands[i].alias)))
			return &commands[i];
	return NULL;
}

/* The word may be a command or an option of procwatch itself. */
static int refuse(const char *word)
{
	static const char *const options[] = {"--help", "--version", NULL};
	const char *names[N_COMMANDS + 1] = {NULL};
	const bool is_option = word[0] == '-';
	const char *nearest;

	for (size_t i = 0; i < N_COMMANDS; i++)
		names[i] = commands[i].name;
	nearest = pw_wordlist_nearest(word, is_option ? options : names);
	if (nearest)
		pw_log_error("unknown %s '%s'; did you mean '%s'?", is_option ? "option" : "command", word,
			     nearest);
	else
		pw_log_error("unknown %s '%s' (see 'procwatch --help')", is_option ? "option" : "command",
			     word);
	return PW_EXIT_USAGE;
}

/*
 * If procwatch starts with a closed standard stream, no file it opens may get that number, or
 * reports and errors would be written into that file. The replacement fails like a closed stream,
 * and is closed again in the command that is launched.
 */
static void hold_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
}

/*
 * Set-user-ID would make every caller root, and the command, too. File capabilities (setcap) are
 * enough, and are in force only while the hooks are loaded.
 */
static bool is_set_user_id(void)
{
	pw_caps_lower();
	return getuid() != geteuid() || getgid() != getegid();
}

int main(int argc, char **argv)
{
	const struct command *command;

	hold_standard_streams();
	setlocale(LC_CTYPE, "");
	if (is_set_user_id()) {
		pw_log_error(
			"refusing to run set-user-ID or set-group-ID; on the file of procwatch, run chmod "
			"u-s,g-s and sudo setcap " PW_SETCAP " instead");
		return PW_EXIT_FAILED;
	}
	if (argc < 2) {
		pw_log_error("no command given (see 'procwatch --help')");
		return PW_EXIT_USAGE;
	}
	command = find_command(argv[1]);
	if (command)
		return command->run(argc - 1, argv + 1);
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
		return print_help();
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version")) {
		puts("procwatch " PW_VERSION);
		return pw_flush_stdout();
	}
	return refuse(argv[1]);
}
