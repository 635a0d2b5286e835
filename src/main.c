/* SPDX-License-Identifier: GPL-2.0-only */
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

static const char help[] =
	"Usage: procwatch COMMAND [OPTION...] ...\n"
	"A flight recorder for process lives: what each was doing at every nanosecond,\n"
	"who its parent was, and how long it lay dead before anyone collected it.\n"
	"\n"
	"  run DEMO|COMMAND [ARG...]  launch a demo of the course, or any command, and watch it\n"
	"  demos [NAME]               list the demos, or what one shows and claims\n"
	"  check                      what this machine offers, and which hooks will be used\n"
	"\n"
	"  -h, --help                 this help; procwatch COMMAND --help tells more\n"
	"  -V, --version              the version\n"
	"\n"
	"Examples:\n"
	"  sudo procwatch run demo_zombie\n"
	"  sudo procwatch run -- make -j4\n"
	"  sudo procwatch run -r json=report.json -- python3 pool.py\n";

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{"run", pw_cmd_run},
	{"demos", pw_cmd_demos},
	{"check", pw_cmd_check},
};

void pw_complain(const char *format, ...)
{
	va_list args;

	fputs("procwatch: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	if (argc < 2) {
		pw_complain("no command given (procwatch --help lists them)");
		return PW_EXIT_USAGE;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
		return fputs(help, stdout) == EOF;
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version"))
		return puts("procwatch " PW_VERSION) == EOF;
	pw_complain("there is no command '%s' (procwatch --help lists them)", argv[1]);
	return PW_EXIT_USAGE;
}
