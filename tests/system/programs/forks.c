/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * COUNT times fork, exit and wait, one after the other, timed by its own clock:
 * the worst case for a recorder of processes.
 *
 *	forks COUNT
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
	long count = argc == 2 ? atol(argv[1]) : 0;
	double begun = now();

	for (long i = 0; i < count; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid) {
			perror("forks");
			return 1;
		}
	}
	printf("%ld processes, %.3f usecs/op\n", count, count ? (now() - begun) / (double)count : 0);
	return 0;
}
