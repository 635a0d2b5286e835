/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A storm of forks: COUNT children, never more than WIDTH at once, each with an
 * exit code of its own (its number modulo 128); every tenth is killed instead.
 *
 *	storm COUNT WIDTH
 */
#include <signal.h>

#include "tell.h"

_Noreturn static void child(long number)
{
	if (number % 10 == 9)
		raise(SIGKILL);
	_exit((int)(number % 128));
}

static void reap_any(unsigned int *codes, unsigned int *killed)
{
	int status;

	if (wait(&status) < 0)
		die("wait");
	if (WIFSIGNALED(status))
		killed[WTERMSIG(status)]++;
	else
		codes[WEXITSTATUS(status)]++;
}

int main(int argc, char **argv)
{
	long count = argc == 3 ? atol(argv[1]) : 0, width = argc == 3 ? atol(argv[2]) : 1, alive = 0;
	static unsigned int codes[256], killed[128];

	for (long i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid)
			child(i);
		if (++alive == width) {
			reap_any(codes, killed);
			alive--;
		}
	}
	for (; alive; alive--)
		reap_any(codes, killed);
	for (int i = 0; i < 256; i++)
		if (codes[i])
			tell("code value=%d count=%u", i, codes[i]);
	for (int i = 0; i < 128; i++)
		if (killed[i])
			tell("signal value=%d count=%u", i, killed[i]);
	return 0;
}
