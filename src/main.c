/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/caps.h"
#include "cmd/cmd.h"

static const char help[] = "Usage: procwatch COMMAND [OPTION...] ...\n"
			   "A flight recorder for processes: what each was doing at every nanosecond,\n"
			   "who its parent was, and how long it lay dead before anyone collected it.\n"
			   "\n"
			   "Commands:\n"
			   "  run DEMO|COMMAND [ARG...]  launch a demo of the course, or any command, and\n"
			   "                             watch it and all it creates\n"
			   "  attach -p PID|-n NAME|-a   watch what runs already, and all it creates\n"
			   "                             (trace is another name for it)\n"
			   "  report FILE|-              render a recording, which run and attach save with\n"
			   "                             -o FILE; needs no root\n"
			   "  demos [NAME]               list the demos, or what one shows and claims\n"
			   "  check                      what this machine offers, and which hooks will be\n"
			   "                             used; cause and cure for each lack\n"
			   "\n"
			   "General:\n"
			   "  -h, --help                 this help; procwatch COMMAND --help tells more\n"
			   "  -V, --version              the version\n"
			   "\n"
			   "Examples:\n"
			   "  sudo procwatch run demo_zombie\n"
			   "  sudo procwatch run -- make -j4\n"
			   "  sudo procwatch attach -p 1234 -d 10s\n"
			   "  sudo procwatch run -r json=report.json -- python3 pool.py\n"
			   "  sudo procwatch run -o make.pwt -- make -j4\n"
			   "  procwatch report make.pwt\n";

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{"run", pw_cmd_run},	   {"attach", pw_cmd_attach}, {"trace", pw_cmd_attach},
	{"report", pw_cmd_report}, {"demos", pw_cmd_demos},   {"check", pw_cmd_check},
};

/*
 * A standard stream that came closed must not become a file of ours, or reports
 * and complaints would be written into it. What stands in for it fails as a
 * closed one does, and is closed again for whatever is launched.
 */
static void hold_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
}

static int print(const char *text)
{
	if (fputs(text, stdout) != EOF && !fflush(stdout))
		return 0;
	pw_log_error("cannot write to standard output: %s", strerror(errno));
	return PW_EXIT_FAILED;
}

/*
 * Set-user-ID would make every caller root, the command included. Capabilities of
 * the file (setcap) are what it takes; only loading the hooks puts them in force.
 */
static bool is_privileged_too_far(void)
{
	pw_caps_lower();
	return getuid() != geteuid() || getgid() != getegid();
}

int main(int argc, char **argv)
{
	hold_standard_streams();
	setlocale(LC_CTYPE, "");
	if (is_privileged_too_far()) {
		pw_log_error("it must not be set-user-ID: chmod u-s,g-s it, and sudo setcap " PW_SETCAP
			     " it");
		return PW_EXIT_FAILED;
	}
	if (argc < 2) {
		pw_log_error("no command given (procwatch --help lists them)");
		return PW_EXIT_USAGE;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
		return print(help);
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version"))
		return print("procwatch " PW_VERSION "\n");
	pw_log_error("there is no %s '%s' (procwatch --help lists them)",
		     argv[1][0] == '-' ? "option" : "command", argv[1]);
	return PW_EXIT_USAGE;
}
