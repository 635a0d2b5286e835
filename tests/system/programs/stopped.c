/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A child is stopped and continued a while later, with the clock read around both.
 *
 *	stopped busy|asleep HOLD_MS
 */
#include <signal.h>
#include <stdbool.h>

#include "tell.h"

struct page {
	volatile bool ready;
	volatile uint64_t resumed;
};

static struct page *page;

static void on_continue(int sig)
{
	(void)sig;
	page->resumed = now();
}

_Noreturn static void child(bool busy)
{
	signal(SIGCONT, on_continue);
	page->ready = true;
	while (!page->resumed)
		if (!busy)
			pause_ms(5);
	_exit(4);
}

int main(int argc, char **argv)
{
	uint64_t asked, seen, continued;
	int status;
	pid_t pid;

	if (argc != 3)
		return 2;
	page = shared(sizeof(*page));
	pid = fork();
	if (!pid)
		child(!strcmp(argv[1], "busy"));
	while (!page->ready)
		pause_ms(1);
	pause_ms(20);
	asked = now();
	kill(pid, SIGSTOP);
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		die("waitpid");
	seen = now();
	pause_ms(atol(argv[2]));
	continued = now();
	kill(pid, SIGCONT);
	status = reap(pid);
	tell("stop pid=%d asked=%" PRIu64 " seen=%" PRIu64 " continued=%" PRIu64 " resumed=%" PRIu64
	     " status=%d",
	     pid, asked, seen, continued, page->resumed, status);
	return 0;
}
