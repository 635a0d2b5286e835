/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who sleeps is woken by timers while a busy task has the only CPU, so that each
 * interrupt hits that task; in the end the busy one really wakes it.
 */
#include <sched.h>
#include <stdbool.h>

#include "tell.h"

#define SLEEPS 10

struct page {
	volatile bool asked, done;
};

static void stay_on_one_cpu(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die("sched_setaffinity");
}

_Noreturn static void stay_busy(const struct page *page, pid_t sleeper, int wake)
{
	while (!page->asked)
		;
	while (state_of(sleeper) != 'S')
		;
	if (write(wake, "", 1) != 1)
		die("write");
	while (!page->done)
		;
	_exit(17);
}

int main(void)
{
	struct page *page = shared(sizeof(*page));
	int wake[2];
	char nothing;
	pid_t busy;

	stay_on_one_cpu();
	if (pipe(wake))
		die("pipe");
	busy = fork();
	if (!busy)
		stay_busy(page, getppid(), wake[1]);
	for (int i = 0; i < SLEEPS; i++)
		pause_ms(5);
	page->asked = true;
	if (read(wake[0], &nothing, 1) != 1)
		die("read");
	page->done = true;
	tell("busy pid=%d status=%d", busy, reap(busy));
	return 0;
}
