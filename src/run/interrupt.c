/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "util/clock.h"

static const int requests[] = {SIGINT, SIGTERM, SIGHUP};
#define N_REQUESTS (sizeof(requests) / sizeof(requests[0]))

/* When the first request came, in ns. Static, because a signal handler has no context argument. */
static uint64_t first_request_ns;

bool pw_is_ignored(int sig)
{
	struct sigaction action;

	return !sigaction(sig, NULL, &action) && action.sa_handler == SIG_IGN;
}

/* The requests that are not ignored. */
static sigset_t request_set(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < N_REQUESTS; i++)
		if (!pw_is_ignored(requests[i]))
			sigaddset(&set, requests[i]);
	return set;
}

int pw_interrupt_open(void)
{
	const sigset_t set = request_set();
	int fd;

	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

static void on_later_request(int sig)
{
	if (pw_clock_ns() - first_request_ns < PW_SAME_REQUEST_NS)
		return;
	signal(sig, SIG_DFL);
	raise(sig);
}

bool pw_interrupt_heard(int fd)
{
	const struct sigaction abort = {.sa_handler = on_later_request, .sa_flags = SA_RESTART};
	const sigset_t set = request_set();
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return false;
	first_request_ns = pw_clock_ns();
	for (size_t i = 0; i < N_REQUESTS; i++)
		if (sigismember(&set, requests[i]))
			sigaction(requests[i], &abort, NULL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return true;
}

void pw_survive_writes(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}
