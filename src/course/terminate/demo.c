/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_terminate: a child is asked to terminate, and checked twice.
 *
 * terminate sends SIGTERM, and returns. A signal is a note pinned to a process:
 * the child finds it when it is next on a CPU, and only then does it exit. Checked
 * right after, it is usually still alive; a moment later it is dead, and a zombie
 * until its parent has asked how it ended.
 */
#include "demo.h"

static const char help[] = "usage: demo_terminate [--look TIME] [--spoil KIND]\n"
			   "A child works forever, and is terminated.\n"
			   "  --look TIME   how long after that main checks again (200ms)\n"
			   "  --spoil KIND  break it on purpose: too-late, deaf or reap-at-once\n";

static const char *const kinds[] = {"too-late", "deaf", "reap-at-once", NULL};
enum { TOO_LATE = 1, DEAF, REAP_AT_ONCE };

static int work(void *arg)
{
	const int spoil = *(int *)arg;
	const pid_t parent = getppid();

	if (spoil == TOO_LATE) /* it does not wait to be asked */
		return 0;
	if (spoil == DEAF)
		signal(SIGTERM, SIG_IGN);
	while (getppid() == parent)
		pause_ms(20);
	return 1;
}

/* Looks without reaping: WNOWAIT leaves a zombie what it is. */
static void look(pid_t child, const char *when)
{
	siginfo_t end = {0};

	if (waitid(P_PID, (id_t)child, &end, WEXITED | WNOHANG | WNOWAIT) != 0)
		die("waitid");
	printf("main %d: looked at child %d %s: %s\n", getpid(), child, when,
	       end.si_pid ? "dead" : "still alive");
}

int main(int argc, char **argv)
{
	long look_ms = 200;
	int spoil = 0, status;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--look", &look_ms) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}

	pid_t child = start_child("child", work, &spoil);

	pause_ms(100);
	if (kill(child, SIGTERM) != 0)
		die("kill");
	if (spoil == REAP_AT_ONCE)
		wait_for(child);
	else
		look(child, "at once");
	pause_ms(look_ms);
	if (spoil == REAP_AT_ONCE)
		return 0;
	look(child, "a moment later");
	if (spoil == DEAF)
		kill(child, SIGKILL); /* this one no process can ignore */
	status = wait_for(child);
	if (WIFSIGNALED(status))
		printf("main %d: child %d was ended by signal %d (%s)\n", getpid(), child, WTERMSIG(status),
		       strsignal(WTERMSIG(status)));
	return 0;
}
